"""Atlases that were made earlier and come with the program, each with when, where and from what it was made."""

import gzip
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from resnet_explorer import PACKAGE_DIR
from resnet_explorer.errors import StudyError
from resnet_explorer.runs.atlas import Atlas, Tournament

ATLASES = PACKAGE_DIR / "assets" / "recorded" / "atlases.json.gz"


class RecordedAtlas(NamedTuple):
    """A tournament, what its probe knows of each entry, what its trainings came to, and where it was made."""

    tournament: Tournament
    probed: Mapping[int, Mapping[str, float | None]]
    trained: tuple[Mapping[str, Any], ...]
    made: Mapping[str, str]


def find_recorded(atlas: Atlas, path: Path = ATLASES) -> RecordedAtlas | None:
    """The recorded tournament of an atlas, if there is one."""
    return next((one for one in recorded_atlases(path) if one.tournament.atlas == atlas), None)


@cache
def recorded_atlases(path: Path = ATLASES) -> tuple[RecordedAtlas, ...]:
    """All recorded atlases."""
    try:
        listed = json.loads(gzip.decompress(path.read_bytes()))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, EOFError) as error:
        raise StudyError(f"the recorded atlases in {path.name} cannot be read ({type(error).__name__})") from None
    return tuple(map(_read, listed))


def pack(atlases: tuple[RecordedAtlas, ...]) -> bytes:
    """The file that `recorded_atlases` reads: entries by their sentences, so that it outlives another numbering."""
    texts = json.dumps([_written(one) for one in atlases], separators=(",", ":"))
    return gzip.compress(texts.encode(), mtime=0)


def _written(one: RecordedAtlas) -> dict[str, Any]:
    sentences = [entry.sentence for entry in one.tournament.atlas.entries]
    return {
        "tournament": one.tournament.to_json(),
        "probed": {sentences[number]: values for number, values in one.probed.items()},
        "trained": [{**values, "entry": sentences[values["entry"]]} for values in one.trained],
        "made": dict(one.made),
    }


def _read(values: Mapping[str, Any]) -> RecordedAtlas:
    tournament = Tournament.from_json(values["tournament"])
    numbers = {entry.sentence: number for number, entry in enumerate(tournament.atlas.entries)}
    probed = {numbers[sentence]: scores for sentence, scores in values["probed"].items()}
    trained = tuple({**each, "entry": numbers[each["entry"]]} for each in values["trained"])
    return RecordedAtlas(tournament, probed, trained, values["made"])
