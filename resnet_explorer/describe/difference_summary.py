"""The difference of two networks in a few sentences: equal changes said once, with the units they hold for."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from resnet_explorer.describe.compare import DiffRow
from resnet_explorer.describe.table import format_shape

WEIGHTS = ("conv", "fc", "res2", "wasp", "aspp", "decoder")
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
PLACES = {
    "between": "before the unit",
    "pre": "before the fork",
    "skip": "on the shortcut",
    "merge": "",
    "post": "behind the +",
    "stem": "",
    "head": "",
}
Place = tuple[int, int, str]
Change = tuple[str, ...]


class ChangeGroup(NamedTuple):
    """One change, and every unit that it holds for as (stage, unit); none where it is in the stem or the head."""

    sentence: str
    units: tuple[tuple[int, int], ...]

    @property
    def where(self) -> str:
        """The units in short, as the drawing of a unit takes them: '1.2-1.9, 3.1'."""
        return ", ".join(_format_run(run) for run in _runs(self.units))


def summarise(rows: Sequence[DiffRow]) -> list[ChangeGroup]:
    """The changes in a difference, the one that holds for most units first; stem and head come last."""
    places: dict[tuple[Change, str], list[tuple[int, int]]] = {}
    for (stage, unit, part), group in groupby(rows, key=_place):
        change = _describe_change(list(group))
        if change:
            places.setdefault((change, part), []).append((stage, unit))
    groups = [_make_group(change, part, units) for (change, part), units in places.items()]
    return sorted(groups, key=lambda group: -len(group.units))


def _place(row: DiffRow) -> Place:
    return row.stage, row.unit, "" if row.stage else row.part


def _make_group(change: Change, part: str, units: list[tuple[int, int]]) -> ChangeGroup:
    text = "; ".join(change)
    if part:
        return ChangeGroup(f"in the {part} {text}", ())
    if change[0].startswith("only"):
        what = f"{len(units)} units are" if len(units) > 1 else "one unit is"
        return ChangeGroup(f"{what} {text}", tuple(units))
    where = f"each of {len(units)} units" if len(units) > 1 else "unit {}.{}".format(*units[0])
    return ChangeGroup(f"in {where} {text}", tuple(units))


def _describe_change(rows: list[DiffRow]) -> Change:
    """What differs in one unit, in the stem or in the head, as phrases; nothing if nothing does."""
    signs = {row.sign for row in rows}
    if signs == {" "}:
        return ()
    if rows[0].stage and len(signs) == 1:
        return (f"only in the {'first' if signs == {'-'} else 'second'} network",)
    left = [row for row in rows if row.sign in " -"]
    right = [row for row in rows if row.sign in " +"]
    if [(row.part, row.op) for row in left] == [(row.part, row.op) for row in right]:
        return tuple(_describe_resizing(left, right))
    return tuple(_describe_edits(left, right))


def _describe_resizing(left: list[DiffRow], right: list[DiffRow]) -> Iterator[str]:
    """The same layers with other sizes: the shapes that change, each once, or else the parameters."""
    pairs = [(a, b) for a, b in zip(left, right, strict=True) if (a.shape, a.params) != (b.shape, b.params)]
    shapes = dict.fromkeys((format_shape(a.shape), format_shape(b.shape)) for a, b in pairs if a.shape != b.shape)
    yield from (f"{before} becomes {after}" for before, after in shapes)
    if not shapes:
        ops = _join(dict.fromkeys(a.op for a, _ in pairs))
        yield f"{ops}: {sum(a.params for a, _ in pairs):,} parameters become {sum(b.params for _, b in pairs):,}"


class _Edit(NamedTuple):
    """A layer that only one of the two has, its place in words, and its size."""

    op: str
    place: str
    size: tuple[tuple[int, ...], int]


def _describe_edits(left: list[DiffRow], right: list[DiffRow]) -> Iterator[str]:
    """Layers that move, that replace others in their place, that are removed and added."""
    removed, added = _edits(left, "-"), _edits(right, "+")
    yield from _describe_moves(removed, added)
    yield from _describe_replacements(removed, added)
    for edits, verb in ((removed, "removed"), (added, "added")):
        for place, group in _by_place(edits).items():
            yield f"{_join(group)} {_agree(group, 'is', 'are')} {verb} {place}".rstrip()


def _edits(rows: list[DiffRow], sign: str) -> list[_Edit]:
    return [
        _Edit(row.op, _place_in_words(rows, i), (row.shape, row.params))
        for i, row in enumerate(rows)
        if row.sign == sign
    ]


def _describe_moves(removed: list[_Edit], added: list[_Edit]) -> Iterator[str]:
    """Takes out of both lists what is in both; what moves from one place to another in one phrase."""
    moves: dict[tuple[str, str, bool], list[str]] = {}
    for edit in list(removed):
        target = next((other for other in added if other.op == edit.op), None)
        if target:
            removed.remove(edit)
            added.remove(target)
            moves.setdefault((edit.place, target.place, edit.size == target.size), []).append(edit.op)
    for (start, end, same_size), ops in moves.items():
        if start == end:
            yield f"{_join(ops)} {_agree(ops, 'changes', 'change')} {'place' if same_size else 'size'} {start}".rstrip()
        else:
            before, after = _bare(start), _bare(end)
            shared = " of the branch" if before.endswith(" of the branch") and after.endswith(" of the branch") else ""
            yield f"{_join(ops)} {_agree(ops, 'moves', 'move')} from {before.removesuffix(shared)} to {after}"


def _describe_replacements(removed: list[_Edit], added: list[_Edit]) -> Iterator[str]:
    """Takes out of both lists what stands in one place; equal replacements are one phrase with all places."""
    texts: dict[str, list[str]] = {}
    before, after = _by_place(removed), _by_place(added)
    for place in [place for place in before if place in after]:
        old, new = before[place], after[place]
        texts.setdefault(f"{_join(new)} {_agree(new, 'replaces', 'replace')} {_join(old)}", []).append(place)
        removed[:] = [edit for edit in removed if edit.place != place]
        added[:] = [edit for edit in added if edit.place != place]
    for text, places in texts.items():
        yield f"{text} {_join(places)}".rstrip()


def _place_in_words(rows: list[DiffRow], index: int) -> str:
    """Where a layer stands in its unit: behind the +, at the start of the branch ..."""
    part = rows[index].part
    branch = "the branch" if part == "branch" else part
    if not part.startswith("branch"):
        return PLACES[part]
    chain = [i for i, row in enumerate(rows) if row.part == part]
    weights = [i for i in chain if rows[i].op.startswith(WEIGHTS)]
    before = sum(i < index for i in weights)
    if index in weights or not weights:
        return f"in {branch}"
    if before == 0:
        return f"at the start of {branch}"
    if before == len(weights):
        return f"at the end of {branch}"
    if len(weights) == 2:
        return "between the convolutions"
    return f"behind the {ORDINALS[before - 1]} weight layer" if before <= len(ORDINALS) else f"in {branch}"


def _by_place(edits: Sequence[_Edit]) -> dict[str, list[str]]:
    places: dict[str, list[str]] = {}
    for edit in edits:
        places.setdefault(edit.place, []).append(edit.op)
    return places


def _runs(units: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Units in a row as stage, first and last."""
    runs: list[tuple[int, int, int]] = []
    for stage, unit in units:
        if runs and (runs[-1][0], runs[-1][2] + 1) == (stage, unit):
            runs[-1] = (stage, runs[-1][1], unit)
        else:
            runs.append((stage, unit, unit))
    return runs


def _format_run(run: tuple[int, int, int]) -> str:
    stage, first, last = run
    return f"{stage}.{first}" if first == last else f"{stage}.{first}-{stage}.{last}"


def _join(words: Iterable[str]) -> str:
    """Words as a sentence lists them."""
    counts = Counter(words)
    *most, last = (f"{count} {word}" if count > 1 else word for word, count in counts.items())
    return f"{', '.join(most)} and {last}" if most else last


def _agree(subjects: list[str], one: str, many: str) -> str:
    return one if len(subjects) == 1 else many


def _bare(place: str) -> str:
    """A place without the words that 'from' and 'to' stand for."""
    return place.removeprefix("at ").removeprefix("in ").removeprefix("on ")
