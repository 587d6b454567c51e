"""The verbs about tables of the papers: train one anew, at a scale, beside what the paper says."""

from collections.abc import Sequence
from statistics import mean
from typing import TypedDict

from resnet_explorer.api.sweep_answers import SweepAnswer, SweepRow
from resnet_explorer.api.sweeps import Sweeps
from resnet_explorer.describe.text_tables import Cell
from resnet_explorer.errors import StudyError
from resnet_explorer.studies.paper_tables import TABLES, PaperTable, find_table, scaling_in_words, table_sweep
from resnet_explorer.studies.statistics import paired_interval

MOST_SEEDS = 20


class PaperTableInfo(TypedDict):
    """A table that can be trained anew."""

    id: str
    title: str
    place: str
    data: list[str]
    networks: list[str]
    seeds: int


class PaperRow(TypedDict):
    """A row: the paper's error in per cent, or its word, and the mean of this machine with its 95 % t interval."""

    name: str
    network: str
    data: str
    published: float | str | None
    error: float | None
    low: float | None
    high: float | None
    seeds: int
    lost: int


class PaperTableAnswer(TypedDict):
    """A table as far as it is trained; its sweep has every run."""

    id: str
    title: str
    place: str
    caption: str
    rows: list[PaperRow]
    sweep: SweepAnswer


class PaperTables:
    """Trains the papers' tables anew in one home."""

    def __init__(self, sweeps: Sweeps) -> None:
        self.sweeps = sweeps

    def paper_tables(self) -> list[PaperTableInfo]:
        """List the tables of the papers that can be trained anew."""
        return [
            PaperTableInfo(
                id=table.id,
                title=table.title,
                place=table.place,
                data=list(table.data),
                networks=[row.line for row in table.rows],
                seeds=table.seeds,
            )
            for table in TABLES
        ]

    def paper_table(
        self, table: str, scale: float = 0.01, seeds: int = 0, data: str = "", owner: str = ""
    ) -> PaperTableAnswer:
        """Train a paper's table, unless it is there or at work already; answers at once with what is known.

        Args:
            table: an id that `paper_tables` gives, such as he2016-2
            scale: up to 1, of training images, steps, milestones and warm-up alike
            seeds: how many of each network; 0 for as many as the paper has
            data: another data set than the paper's, such as shapes or imagefolder:PATH
            owner: a text of your own that marks the sweep as yours
        """
        wanted = find_table(table)
        if not 0 <= seeds <= MOST_SEEDS:
            raise StudyError(f"seeds are 1 to {MOST_SEEDS}, or 0 for as many as the paper has, not {seeds}")
        sweep = table_sweep(wanted, float(scale), seeds, data)
        return table_answer(wanted, self.sweeps.launch(sweep, owner), float(scale))


def table_answer(table: PaperTable, sweep: SweepAnswer, scale: float) -> PaperTableAnswer:
    """A sweep's rows beside the paper's numbers."""
    names = {row.line: row for row in table.rows}
    rows = []
    for each in sweep["rows"]:
        row = names[each["network"]]
        source = each["data"] if each["data"] in table.data else table.data[0]
        rows.append(_row(each, row.name, table.published(row, source)))
    return PaperTableAnswer(
        id=table.id, title=table.title, place=table.place, caption=_caption(table, sweep, scale), rows=rows, sweep=sweep
    )


def listing(answer: PaperTableAnswer) -> tuple[list[str], list[list[Cell]]]:
    """Header and rows for a terminal and for files."""
    several = len({row["data"] for row in answer["rows"]}) > 1
    header = [
        "network",
        *(["data"] if several else []),
        "paper, %",
        "here, %",
        "95 % low",
        "95 % high",
        "seeds",
        "lost",
    ]
    return header, [
        [row["name"], *([row["data"]] if several else []), *map(_shown, _numbers(row)), row["seeds"], row["lost"]]
        for row in answer["rows"]
    ]


def _numbers(row: PaperRow) -> Sequence[float | str | None]:
    return row["published"], row["error"], row["low"], row["high"]


def _shown(value: float | str | None) -> str:
    return "" if value is None else value if isinstance(value, str) else f"{value:.2f}"


def _row(each: SweepRow, name: str, published: float | str | None) -> PaperRow:
    errors = [100 * (1 - run["value"]) for run in each["runs"] if run["value"] is not None]
    interval = paired_interval(errors) if len(errors) > 1 else None
    return PaperRow(
        name=name,
        network=each["network"],
        data=each["data"],
        published=published,
        error=mean(errors) if errors else None,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        seeds=len(errors),
        lost=each["lost"],
    )


def _caption(table: PaperTable, sweep: SweepAnswer, scale: float) -> str:
    here = sorted({row["data"] for row in sweep["rows"]})
    other = [data for data in here if data not in table.data]
    elsewhere = f" The paper's numbers are of {' and '.join(table.data)}, those here of {other[0]}." if other else ""
    return (
        f"{table.title} ({table.place}): test error in per cent, and the 95 % t interval of its mean over seeds. "
        f"{scaling_in_words(scale)}{elsewhere} {sweep['done']} of {sweep['of']} runs have ended."
    )
