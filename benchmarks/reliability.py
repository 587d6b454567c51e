"""What was tried against the program, counted: python -m benchmarks.reliability

Each row is a selection of tests, which count their cases (`tests/fixtures/cases.py`). The figures are written to
results/reliability.json and into the table of docs/reliability.md; a case that is lost, or a row without one, is a
failure. Rows can be named by a part of their sentence; the others keep what was counted before.
"""

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.measure import RESULTS, commit, machine
from tests.fixtures.cases import VARIABLE

ROOT = Path(__file__).parents[1]
OUT = RESULTS / "reliability.json"
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- made by `make reliability` -->", "<!-- end of what `make reliability` makes -->"
HEADER = ("| what | tried | survived | lost |", "|---|---|---|---|")
# seconds for one row
MOST_SECONDS = 3600


@dataclass(frozen=True)
class Row:
    """A sentence on what is tried, the tests that try it, and the variables that say how often."""

    what: str
    tests: str
    variables: Mapping[str, str]


def row(what: str, tests: str, **variables: int) -> Row:
    """A row; `tests` are arguments of pytest."""
    return Row(what, tests, {name: str(value) for name, value in variables.items()})


ROWS = (
    row(
        "workers, their owner, or both killed at random moments: no event lost or twice, no state wrong, no orphan",
        "tests/executors/test_faults.py -k kills_lose",
        KILLS=1000,
    ),
    row(
        "a run that really trains, killed twice; a worker, a fork server, workers of the page killed",
        "tests/executors/test_faults.py tests/executors/test_local.py tests/executors/test_compute.py "
        "tests/ui/test_serve.py tests/executors/test_growing_together.py "
        "-k 'kill and not kills_lose or outlives or died'",
    ),
    row(
        "journals cut, zeroed, garbled, flipped or repeated at random places, and lines no program wrote",
        "tests/runs/test_damaged_journals.py tests/runs/test_run_folder.py -k 'touched or program or beyond or torn'",
        CASES=1000,
    ),
    row(
        "indexes damaged at random places, torn logs after power was lost: never believed, set aside, made anew",
        "tests/runs/index/test_store.py tests/api/test_health.py tests/executors/test_supervisor.py "
        "-k 'damaged_index or torn_log or no_index or set_aside or damaged_while'",
        CASES=300,
    ),
    row(
        "a locked index: runs go on, the list catches up",
        "tests/runs/index/test_store.py tests/executors/test_supervisor.py tests/ui/streams/test_feed.py "
        "-k 'locked_index or cannot_be_read_for'",
    ),
    row(
        "an index that is removed, under its writer or between two pages",
        "tests/executors/test_supervisor.py tests/api/test_health.py tests/api/test_runs.py "
        "-k 'index and (lost or removed or not_there)'",
    ),
    row(
        "two pages on one home, a page and a command line",
        "tests/ui/test_serve.py tests/executors/test_supervisor.py tests/executors/test_guest.py "
        "-k 'second_page or takes_over or taken_over'",
    ),
    row(
        "a full disk: at a launch, in the middle of a line, while training; what is removed to make room",
        "tests/runs tests/api tests/executors -k 'disk and not read_only'",
    ),
    row("a disk that is read-only: what is there is read, the rest refused", "tests/executors/test_read_only.py"),
    row("a clock that jumps by up to a day at every look", "tests/runs/test_clock_jumps.py", CASES=100),
    row(
        "memory that runs out, of the machine or (simulated) of a GPU: a sentence, and the next run is fine",
        "tests/executors tests/training/test_loop.py -k 'memory and not machine_that'",
    ),
    row(
        "losses and measures that are NaN or infinite",
        "tests/training/test_loop.py tests/executors tests/runs tests/api/test_runs.py "
        "-k 'finite or nan or out_of_bounds or infinity'",
    ),
    row(
        "data sets corrupt, missing, cut off, silent or offline, archives that lie or burst",
        "tests/training/data tests/runs/test_archives.py -k 'corrupt or wrong or offline or silent or breaks or "
        "part_of or damaged or broken or bomb or refused or whole or huge or no_image'",
    ),
    row(
        "clients that go away in the middle of a stream and come back: every event once, in order",
        "tests/ui/streams/test_cut_streams.py",
        CASES=40,
    ),
    row("clients that join at any moment, read slowly or not at all", "tests/ui/streams/test_feed.py"),
    row("a port that is taken or none", "tests/ui/test_serve.py -k port"),
    row("SIGTERM in the middle of everything", "tests/ui/test_sigterm.py", CASES=10),
    row(
        "hosts and sites that pretend to be this one",
        "tests/ui/guards/test_guard.py tests/ui/streams/test_routes.py -k 'site or elsewhere or somebody_else'",
    ),
    row(
        "routes of Gradio, each open with a guard or closed", "tests/ui/guards/test_open_routes.py -k 'route or closed'"
    ),
    row(
        "bodies too long, too deep, never ending, or no JSON",
        "tests/ui/guards/test_guard.py tests/ui/test_endpoints.py tests/ui/streams/test_routes.py "
        "tests/ui/test_fuzz.py -k 'long or nested or half_way or hostile_question or nonsense_is or no_body'",
        FUZZ=2000,
    ),
    row(
        "paths that lead out of a home, in addresses and in every text",
        "tests/ui/test_traversal.py",
        CASES=500,
    ),
    row("scripts in names, settings, reasons and links, in a browser", "tests/ui/stories/test_hostile_runs.py"),
    row(
        "formulas in what CSV is made of, in Python and in the browser",
        "tests/ui/test_csv_files.py tests/ui/stories/test_csv.py -k 'formula or browser'",
    ),
    row("somebody else's runs: stop, remove, resume, one or all", "tests/ui/test_owners.py -k 'obeys or passes'"),
    row(
        "launches with an owner invented for each, from one address",
        "tests/api/test_quotas.py -k floods",
    ),
    row("networks of absurd size: none allocates 10 MB", "tests/networks/test_hostile_sizes.py", CASES=10_000),
    row("nonsense in every argument of every verb over HTTP", "tests/ui/test_fuzz.py -k no_arguments", FUZZ=5000),
)


def main(words: Sequence[str]) -> int:
    """Try the rows that are named, or all; 1 where a case was lost."""
    rows = json.loads(OUT.read_text())["rows"] if OUT.exists() and words else {}
    for one in ROWS:
        if not words or any(word in one.what for word in words):
            rows[one.what] = attempt(one)
            print(_cells(one.what, rows[one.what]), flush=True)
            write({row.what: rows[row.what] for row in ROWS if row.what in rows})
    failed = [what for what, counts in rows.items() if counts["lost"] or not counts["tried"]]
    print("\n".join(f"not survived: {what}" for what in failed))
    return int(bool(failed))


def attempt(row: Row) -> dict[str, Any]:
    """Run the tests of a row, and add up what they counted; a run that broke off is one lost case."""
    with TemporaryDirectory() as folder:
        cases = Path(folder) / "cases.jsonl"
        cases.touch()
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *shlex.split(row.tests)]
        environment = {**os.environ, **row.variables, VARIABLE: str(cases)}
        begun = time.monotonic()
        ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=MOST_SECONDS)
        counts = list(map(json.loads, cases.read_text().splitlines()))
    tried, lost = (sum(one[name] for one in counts) for name in ("tried", "lost"))
    if ended.returncode:
        print(ended.stdout[-5000:], ended.stderr[-2000:], file=sys.stderr)
        lost = max(lost, 1)
    return {
        "tried": tried,
        "survived": tried - lost,
        "lost": lost,
        "tests": len(counts),
        "seconds": round(time.monotonic() - begun, 1),
        "command": shlex.join(["pytest", *shlex.split(row.tests)]),
        "variables": dict(row.variables),
        "commit": commit(),
        "day": datetime.now(UTC).date().isoformat(),
    }


def write(rows: Mapping[str, Mapping[str, Any]]) -> None:
    """The figures with the machine as JSON, and as the table of the page."""
    OUT.write_text(json.dumps({"machine": machine(), "commit": commit(), "rows": rows}, indent=1) + "\n")
    text = PAGE.read_text()
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n\n{table(rows)}\n\n{END}{after}")


def table(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """The rows in Markdown."""
    return "\n".join([*HEADER, *(_cells(what, counts) for what, counts in rows.items())])


def _cells(what: str, counts: Mapping[str, Any]) -> str:
    return f"| {what} | {counts['tried']:,} | {counts['survived']:,} | {counts['lost']:,} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
