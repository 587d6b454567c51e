"""Which runs the picture shows: those that the link names, otherwise the newest that match the lanes."""

from collections import deque
from collections.abc import Sequence
from typing import Literal

from resnet_explorer.api.run_answers import RunAnswer
from resnet_explorer.api.run_reader import MAX_LISTED
from resnet_explorer.api.run_rows import answer_from_run
from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import ExplorerError
from resnet_explorer.ui.components.curves.lines import is_same
from resnet_explorer.ui.components.lanes.lanes import Lane
from resnet_explorer.ui.components.sentences.sentences import Sentence

LISTED = 300
MOST = 72


class ShownRuns:
    """Finds the runs to show; it remembers what was just launched, which the index learns a moment later."""

    def __init__(self, runs: Runs) -> None:
        self.runs = runs
        self.launched: deque[RunAnswer] = deque(maxlen=4 * MOST)

    def rows(self, owner: str, text: str = "") -> list[RunAnswer]:
        """The runs of the home, the newest first, and those that came with the program."""
        limit = MAX_LISTED if text else LISTED
        rows = self.runs.reader.runs(text=text, owner=owner, limit=limit)["runs"]
        known = {row["run"] for row in rows}
        young = [row for row in self.launched if row["run"] not in known]
        return [*self._read(young, owner), *rows]

    def named(self, group: str, names: str, owner: str) -> list[RunAnswer]:
        """The runs that a link names: those of a group, and single ones by the first letters of their ids."""
        shorts = tuple(name for name in names.split(",") if name.strip())
        named: dict[str, RunAnswer] = {}
        for wanted in (*([group] if group else []), *shorts)[:MOST]:
            starts: Literal["group", "run"] = "group" if wanted == group else "run"
            rows = self.rows(owner)
            matching = [row for row in rows if row[starts].startswith(wanted)] or [
                row for row in self.rows(owner, wanted) if row[starts].startswith(wanted)
            ]
            named |= {row["run"]: row for row in matching}
        return list(named.values())[:MOST]

    def matching(self, lanes: Sequence[Lane], owner: str) -> list[RunAnswer]:
        """The newest runs of these lanes, all of one recipe and data, the newest for each lane and seed.

        Where strangers share the machine, only one's own and the recorded ones.
        """
        rows = [row for row in self.rows(owner) if row["mine"] or row["recorded"] or not self.runs.shared]
        ours = [row for row in rows if any(is_same(lane, row) for lane in lanes)]
        ours.sort(key=lambda row: (not row["recorded"], row["created"]), reverse=True)
        alike = [row for row in ours if _conditions(row) == _conditions(ours[0])]
        newest: dict[tuple[str, int], RunAnswer] = {}
        for row in alike:
            newest.setdefault((row["line"], row["seed"]), row)
        return list(newest.values())[:MOST]

    def empty(self, group: str, names: str, owner: str) -> Sentence:
        """Why nothing is shown."""
        if group or names:
            return Sentence("There is no run {name} here.", {"name": group or names})
        count = sum(1 for row in self.rows(owner) if not row["recorded"])
        if count == 1:
            return Sentence("1 run in the table of runs, not of these lanes.")
        if count:
            return Sentence("{n} runs in the table of runs, none of these lanes.", {"n": count})
        return Sentence(
            "Nothing is trained yet. A press launches a run for every lane; its curve is drawn while it learns."
        )

    def _read(self, rows: Sequence[RunAnswer], owner: str) -> list[RunAnswer]:
        """Where these runs stand now, from their own files; without those that are gone."""
        read = []
        for row in rows:
            try:
                read.append(answer_from_run(self.runs.reader.find(row["run"]), owner))
            except ExplorerError:
                continue
        return read


def _conditions(row: RunAnswer) -> tuple[object, ...]:
    return row["data"], row["recipe"], sorted(row["settings"].items()), row["recorded"]
