"""The table of what was tried: its rows name tests that exist, it has the figures that were counted, and no others."""

import json
import shlex

import pytest

from benchmarks.reliability import BEGIN, END, OUT, PAGE, ROWS, Row, table
from tests.fixtures.cases import VARIABLE, Count
from tests.fixtures.paths import ROOT


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.what[:40])
def test_a_row_names_tests_that_exist(row: Row) -> None:
    paths = [word for word in shlex.split(row.tests) if word.startswith("tests/")]
    assert paths
    assert all((ROOT / path).exists() for path in paths)


def test_the_page_has_what_was_counted_and_nothing_was_lost() -> None:
    rows = json.loads(OUT.read_text())["rows"]
    assert set(rows) == {row.what for row in ROWS}
    assert all(counts["tried"] == counts["survived"] > 0 for counts in rows.values())
    shown = PAGE.read_text().split(BEGIN)[1].split(END)[0]
    assert shown.strip() == table(rows)


def test_a_case_that_raises_is_lost_and_a_test_that_counts_none_is_one_case(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = tmp_path_factory.mktemp("cases") / "cases.jsonl"
    monkeypatch.setenv(VARIABLE, str(lines))
    count = Count()
    with count(2):
        pass
    with pytest.raises(ZeroDivisionError), count():
        raise ZeroDivisionError
    count.end("one", failed=True)
    count.end("two", failed=False)
    count.end("three", failed=True)
    counts = [(one["tried"], one["lost"]) for one in map(json.loads, lines.read_text().splitlines())]
    assert counts == [(3, 1), (1, 0), (1, 1)]
