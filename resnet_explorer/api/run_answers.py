"""What the verbs about runs answer, as JSON; floats that are not finite are the texts NaN, Infinity, -Infinity."""

from typing import Any, TypedDict

Number = float | str | None


class RunAnswer(TypedDict):
    """A run in one line: its settings, and where it stands; `accuracy` is the share right that `measure` names.

    Of the kind `analyse` it has the analysis's name, its settings, and the lines of all its lanes in `line`.
    """

    run: str
    short: str
    kind: str
    analysis: str
    line: str
    ordering: str
    slot: int
    data: str
    recipe: str
    settings: dict[str, str]
    seed: int
    experiment: str
    group: str
    mine: bool
    created: int
    ended: int
    state: str
    reason: str
    code: str
    attempt: int
    step: int
    steps: int
    seconds: Number
    remaining: Number
    loss: Number
    accuracy: Number
    rate: Number
    test_loss: Number
    test_accuracy: Number
    test_images: int
    measure: str
    parameters: int
    device: str
    hardware: str
    precision: str
    engine: str
    note: str
    preparing: str
    done: int
    of: int
    position: int
    starts_in: float | None
    waiting: str
    resumable: bool
    recorded: str


class RunList(TypedDict):
    """Runs, the newest first, and the newest event's number in the index."""

    runs: list[RunAnswer]
    last: int


class FoundRuns(TypedDict):
    """One part of the runs that were found; `total` counts all of those, `states` all runs of the home."""

    runs: list[RunAnswer]
    total: int
    states: dict[str, int]
    last: int


class LaunchedRuns(TypedDict):
    """The runs that were launched together, for comparison."""

    group: str
    runs: list[RunAnswer]


class RunDetail(TypedDict):
    """Everything about one run but its curves."""

    run: RunAnswer
    network: dict[str, Any]
    recipe: dict[str, str]
    history: list[str]
    command: str


class FileAnswer(TypedDict):
    """A file: its name and its text."""

    name: str
    text: str


class Choice(TypedDict):
    """A name and what it means."""

    name: str
    meaning: str


class RecipeChoice(TypedDict):
    """A recipe with the text of every field."""

    name: str
    meaning: str
    settings: dict[str, str]


class DataChoice(TypedDict):
    """A data set, its size, and what has to be downloaded first."""

    name: str
    meaning: str
    classes: int
    size: int
    train: int
    test: int
    download: str


class FieldChoice(TypedDict):
    """A field that can be set: its kind of value, and the names it can have, if it is one of several."""

    name: str
    meaning: str
    names: list[str]


class Choices(TypedDict):
    """What a form that launches runs shows."""

    recipes: list[RecipeChoice]
    data: list[DataChoice]
    fields: list[FieldChoice]
    folders: bool
