"""Write the atlases of a home, each with its newest tournament or its probe alone, to the file with the program.

What was recorded earlier stays where the home has nothing of the same atlas. Runs stay in the home they were made in.
"""

import os
from datetime import datetime
from typing import Any

from resnet_explorer.runs.analysis_results import Results, follow
from resnet_explorer.runs.atlas import Atlas, Tournament
from resnet_explorer.runs.events import Started
from resnet_explorer.runs.run_folder import PROBE, TOURNAMENT, RunFolder, resolve_home, run_folders
from resnet_explorer.studies.recorded_atlases import ATLASES, RecordedAtlas, pack, recorded_atlases

KEPT = ("round", "entry", "seed", "state", "test_accuracy")


def main() -> None:
    """Record them, and say which there are."""
    home = resolve_home(os.environ.get("RESNET_EXPLORER_HOME", ""))
    folders = sorted(run_folders(home), key=lambda folder: folder.job().created)
    known = {one.tournament.atlas: one for one in recorded_atlases()}
    for folder in folders:
        if folder.job().kind == PROBE and finished(folder):
            atlas = Atlas.from_json(folder.job().what["request"])
            known[atlas] = recorded(Tournament(atlas), folder, None)
    for folder in folders:
        if folder.job().kind == TOURNAMENT and finished(folder):
            tournament = Tournament.from_json(folder.job().what["request"])
            probe = RunFolder(home / "runs" / tournament.atlas.id)
            known[tournament.atlas] = recorded(tournament, probe, folder)
    ATLASES.write_bytes(pack(tuple(known.values())))
    for one in known.values():
        print(f"{one.tournament.atlas}: {len(one.probed)} probed, {len(one.trained)} trained")


def finished(folder: RunFolder) -> bool:
    """Whether a run came to its end."""
    return values_of(folder).progress.state == "finished"


def values_of(folder: RunFolder) -> Results:
    """What a run knows."""
    return follow(Results(), folder.records()[0])


def recorded(tournament: Tournament, probe: RunFolder, folder: RunFolder | None) -> RecordedAtlas:
    """What a tournament and its probe came to."""
    trained = values_of(folder).values.values() if folder else ()
    kept: list[dict[str, Any]] = [{name: values[name] for name in KEPT} | {"run": ""} for values in trained]
    return RecordedAtlas(tournament, values_of(probe).values, tuple(kept), made(probe))


def made(probe: RunFolder) -> dict[str, str]:
    """When, where and from what a probe was made."""
    records, _ = probe.records()
    started = next(record.event for record in records if isinstance(record.event, Started))
    day = datetime.fromtimestamp(probe.job().created / 1000).date().isoformat()
    commit = str(probe.job().what["commit"])
    return {"date": day, "hardware": started.hardware, "torch": started.versions["torch"], "commit": commit}


if __name__ == "__main__":
    main()
