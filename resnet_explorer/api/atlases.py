"""The verbs about the atlas of all orderings: what is known of it, probe it, hold its tournament, take its table away.

A probe and a tournament are runs as any other: `runs` stops, resumes and removes them. The same atlas has the same run.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from resnet_explorer.api.atlas_answers import (
    MEASURES,
    AtlasAnswer,
    Trained,
    atlas_rows,
    effect_answers,
    leaders,
    rank_answers,
    trained_from,
)
from resnet_explorer.api.atlas_findings import findings
from resnet_explorer.api.question_launch import launch_question
from resnet_explorer.api.run_answers import FileAnswer
from resnet_explorer.api.run_rows import hash_owner
from resnet_explorer.api.runs import Runs
from resnet_explorer.describe.spreadsheet import comma_separated
from resnet_explorer.errors import RunError
from resnet_explorer.runs.analysis_results import Results, ResultsCache
from resnet_explorer.runs.atlas import Atlas, Tournament
from resnet_explorer.runs.datasets import require_known
from resnet_explorer.runs.run_folder import TOURNAMENT, RunFolder
from resnet_explorer.studies.recorded_atlases import RecordedAtlas, find_recorded
from resnet_explorer.studies.tournament_runner import probe_job, tournament_job

FORMS = ("csv", "json")
MOST_LISTED = 20
# layers of all networks that a stranger may have probed at once: two minutes of a processor
MOST_SHARED = 25_000


class Atlases:
    """Launches probes and tournaments in one home, and reads what they came to."""

    def __init__(self, runs: Runs) -> None:
        self.runs = runs
        self._results = ResultsCache()

    def atlas(
        self,
        depth: int = 20,
        data: str = "shapes",
        convs: int = 2,
        bns: int = 2,
        relus: int = 2,
        seed: int = 0,
        short: int = 0,
        long: int = 0,
        seeds: int = 0,
        owner: str = "",
    ) -> AtlasAnswer:
        """All orderings of a few words with what is known of each: its plan, its start, and how it trained.

        Args:
            depth: layers of the CIFAR network, 6n+2
            data: shapes, cifar10 ...
            convs: convolutions in a unit, 2 or 3
            bns: batch normalisations, 0 to 2
            relus: relu, 0 to 2
            seed: of initial weights, of the sample, and the first of the last round
            short: steps of the first round; 0 for the usual 150, or those of the recorded tournament
            long: steps of the later rounds; 0 for the usual 600, or as recorded
            seeds: of the last round; 0 for the usual 3, or as recorded
            owner: marks its runs as yours if they are
        """
        return self.answer(self._request(Atlas(convs, bns, relus, depth, data, seed), short, long, seeds), owner)

    def probe_atlas(
        self,
        depth: int = 20,
        data: str = "shapes",
        convs: int = 2,
        bns: int = 2,
        relus: int = 2,
        seed: int = 0,
        owner: str = "",
    ) -> AtlasAnswer:
        """Measure gradients and signal of every ordering at its initial weights; answers at once.

        Args:
            depth: layers of the CIFAR network, 6n+2
            data: shapes, cifar10 ...
            convs: convolutions in a unit, 2 or 3
            bns: batch normalisations, 0 to 2
            relus: relu, 0 to 2
            seed: of initial weights
            owner: a text of your own that marks the run as yours
        """
        request = self._request(Atlas(convs, bns, relus, depth, data, seed), 0, 0, 0)
        units = depth * len(request.atlas.entries)
        if self.runs.shared and units > MOST_SHARED:
            raise RunError(
                f"strangers share this machine: at depth {depth} {len(request.atlas.entries):,} orderings are too many "
                f"to probe; at most {MOST_SHARED // depth:,} are not"
            )
        self.runs.jobs.resolve_data(request.atlas.data)
        launch_question(self.runs, probe_job(request.atlas, hash_owner(owner)), self._results, owner)
        return self.answer(request, owner, here=True)

    def hold_tournament(
        self,
        depth: int = 20,
        data: str = "shapes",
        convs: int = 2,
        bns: int = 2,
        relus: int = 2,
        seed: int = 0,
        short: int = 0,
        long: int = 0,
        seeds: int = 0,
        owner: str = "",
    ) -> AtlasAnswer:
        """Train orderings in rounds: the third that starts best and a sample, the best ninth for longer, then seeds.

        Args:
            depth: layers of the CIFAR network, 6n+2
            data: shapes, cifar10 ...
            convs: convolutions in a unit, 2 or 3
            bns: batch normalisations, 0 to 2
            relus: relu, 0 to 2
            seed: of initial weights, of the sample, and the first of the last round
            short: steps of the first round; 0 for the usual 150, or those of the recorded tournament
            long: steps of the later rounds; 0 for the usual 600, or as recorded
            seeds: of the last round; 0 for the usual 3, or as recorded
            owner: a text of your own that marks the run as yours
        """
        request = self._request(Atlas(convs, bns, relus, depth, data, seed), short, long, seeds)
        if self.runs.shared:
            raise RunError("strangers share this machine: a tournament of hundreds of trainings is for one's own")
        self.runs.jobs.resolve_data(request.atlas.data)
        probe = self._folder(request.atlas.id)
        if probe and self._results.read(probe).progress.state == "failed":
            launch_question(self.runs, probe_job(request.atlas, hash_owner(owner)), self._results, owner)
        launch_question(self.runs, tournament_job(request, hash_owner(owner)), self._results, owner)
        return self.answer(request, owner, here=True)

    def export_atlas(
        self,
        depth: int = 20,
        data: str = "shapes",
        convs: int = 2,
        bns: int = 2,
        relus: int = 2,
        seed: int = 0,
        form: str = "csv",
    ) -> FileAnswer:
        """An atlas as a table, a row an ordering, or as JSON with all that follows from it.

        Args:
            depth: layers of the CIFAR network, 6n+2
            data: shapes, cifar10 ...
            convs: convolutions in a unit, 2 or 3
            bns: batch normalisations, 0 to 2
            relus: relu, 0 to 2
            seed: of initial weights
            form: csv or json
        """
        require_known("form", form, FORMS)
        answer = self.atlas(depth, data, convs, bns, relus, seed)
        name = f"atlas-{answer['data'].replace(':', '-')}-{depth}.{form}"
        return FileAnswer(name=name, text=atlas_table(answer) if form == "csv" else json.dumps(answer, indent=1))

    def answer(self, request: Tournament, owner: str = "", here: bool = False) -> AtlasAnswer:
        """What is known of a tournament and its probe: from this home, or as recorded; not a verb."""
        probe, tournament = self._folder(request.atlas.id), self._folder(request.id)
        recorded = find_recorded(request.atlas)
        if recorded and recorded.tournament == request and not (here or probe or tournament):
            return _recorded_answer(request)
        known = [self._results.read(folder) if folder else Results() for folder in (probe, tournament)]
        answer = complete_answer(request, known[0].values, list(known[1].values.values()))
        folder, now = (tournament, known[1]) if tournament else (probe, known[0])
        if folder:
            answer["state"], answer["reason"] = now.progress.state, now.progress.reason
            answer["done"], answer["of"] = now.progress.step, now.progress.steps
            answer["mine"] = bool(owner) and folder.job().owner == hash_owner(owner)
        answer["probe"], answer["tournament"] = (each.run if each else "" for each in (probe, tournament))
        return answer

    def _request(self, atlas: Atlas, short: int, long: int, seeds: int) -> Tournament:
        """The tournament that is meant: where nothing is given, as it was held here last, or recorded, or is usual."""
        recorded = find_recorded(atlas)
        usual = self._newest(atlas) or (recorded.tournament if recorded else Tournament(atlas))
        return Tournament(atlas, short or usual.short, long or usual.long, seeds or usual.seeds, usual.test)

    def _newest(self, atlas: Atlas) -> Tournament | None:
        """The newest tournament of an atlas in this home."""
        listed = self.runs.reader.runs(limit=MOST_LISTED, kind=TOURNAMENT, text=atlas.id)["runs"]
        folders = [folder for run in listed if (folder := self._folder(run["run"]))]
        requests = [Tournament.from_json(folder.job().what["request"]) for folder in folders]
        return next((one for one in requests if one.atlas == atlas), None)

    def _folder(self, run: str) -> RunFolder | None:
        folder = RunFolder(self.runs.home / "runs" / run)
        return folder if folder.path.is_dir() else None


def atlas_table(answer: AtlasAnswer) -> str:
    """The rows as comma separated values: sentence, name, what is measured, properties, what is the same."""
    header = ["ordering", "name", *MEASURES, "95 % low", "95 % high", "trunk clean", "properties", "same as"]
    return comma_separated(header, [_cells(row) for row in answer["rows"]])


def _cells(row: Mapping[str, Any]) -> list[str | int]:
    numbers = [row["numbers"].get(name) for name in MEASURES]
    ends = [row["interval"]["low"], row["interval"]["high"]] if row["interval"] else [None, None]
    return [
        row["sentence"],
        row["name"],
        *("" if value is None else f"{value:g}" if isinstance(value, float) else value for value in numbers),
        *("" if value is None else f"{value:.4f}" for value in ends),
        "yes" if row["clean"] else "no",
        " ".join(row["properties"]),
        "; ".join(one["sentence"] for one in row["same"]),
    ]


@cache
def _recorded_answer(request: Tournament) -> AtlasAnswer:
    """What comes with the program, worked out once for all who look at it."""
    recorded = find_recorded(request.atlas)
    assert recorded
    return complete_answer(request, recorded.probed, recorded.trained, recorded=recorded)


def complete_answer(
    request: Tournament,
    probed: Mapping[int, Mapping[str, float | None]],
    values: Sequence[Mapping[str, Any]],
    recorded: RecordedAtlas | None = None,
) -> AtlasAnswer:
    """All that follows from what is known."""
    atlas, trained = request.atlas, _ended(values)
    rows = atlas_rows(atlas, probed, trained)
    order, ranks, (effects, explained) = leaders(rows), rank_answers(atlas, rows), effect_answers(atlas, rows)
    count = len(trained) if recorded else 0
    return AtlasAnswer(
        convs=atlas.convs,
        bns=atlas.bns,
        relus=atlas.relus,
        depth=atlas.depth,
        data=atlas.data,
        rounds={"short": request.short, "long": request.long, "seeds": request.seeds},
        probe="",
        tournament="",
        state="finished" if recorded else "",
        reason="",
        done=count,
        of=count,
        mine=False,
        recorded=dict(recorded.made) if recorded else {},
        rows=rows,
        leaders=order,
        ranks=ranks,
        effects=effects,
        explained=explained,
        sentences=findings(atlas, rows, order, ranks, effects, explained),
    )


def _ended(values: Sequence[Mapping[str, Any]]) -> list[Trained]:
    return [trained_from(each) for each in values]
