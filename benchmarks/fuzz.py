"""Hostile inputs for as long as one likes: python -m benchmarks.fuzz

New inputs each time, for everything that is read from outside: by hypothesis, by the coverage of the parsers (atheris),
and by the OpenAPI that a page serves (schemathesis), where the last two are installed (`requirements-fuzz.txt`).
FUZZ_SECONDS says for how long in all (3600). The numbers go to results/fuzz.json; the end is 1 where an input was
treated badly, and what it was is printed.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from benchmarks.measure import RESULTS, commit, machine
from resnet_explorer.ui import http
from tests.fixtures.app_process import free_port, started
from tests.fixtures.fuzz_targets import TARGETS
from tests.ui.test_fuzz import World, arguments

OUT = RESULTS / "fuzz.json"
ROOT = Path(__file__).parents[1]
# inputs between two looks at the clock; seconds that a tool may take longer than it was given
BATCH, GRACE = 200, 300
SLOWER = "/call/v2/(second_opinion|probe|draw_paths|cut|predictions|feature_maps|training_images|recorded_cliff)"


def main() -> int:
    """Try all, and write how many inputs there were."""
    seconds = float(os.environ.get("FUZZ_SECONDS", "3600"))
    sources: dict[str, Callable[[float], tuple[int, str]]] = {
        **{name: lambda share, name=name: try_target(name, share) for name in TARGETS},  # type: ignore[misc]
        "verbs over HTTP": try_verbs,
        "parsers, by coverage": try_coverage,
        "requests by OpenAPI": try_openapi,
    }
    tried: dict[str, Any] = {}
    for name, source in sources.items():
        inputs, failure = source(seconds / len(sources))
        tried[name] = {"inputs": inputs, "failed": int(bool(failure))}
        print(f"{name}: {inputs:,} inputs{', one treated badly' if failure else ''}\n{failure}", flush=True)
    day = datetime.now(UTC).date().isoformat()
    record = {"machine": machine(), "commit": commit(), "day": day, "seconds": seconds, "tried": tried}
    OUT.write_text(json.dumps(record, indent=1) + "\n")
    return int(any(one["failed"] for one in tried.values()))


def try_target(name: str, seconds: float) -> tuple[int, str]:
    """Inputs for one reader."""
    target = TARGETS[name]
    return repeat(lambda data: target.check(data.draw(target.inputs)), seconds)


def try_verbs(seconds: float) -> tuple[int, str]:
    """Arguments for the verbs of a page where strangers come."""
    with TemporaryDirectory() as home:
        world = World(Path(home))

        def ask(data: st.DataObject) -> None:
            name = data.draw(st.sampled_from(sorted(world.verbs)))
            given_values = data.draw(arguments(world.verbs[name]))
            answer = world.browser.post(f"{http.PREFIX}/verb/{name}", json=given_values)
            assert answer.status_code in (200, 304, 413), (name, given_values, answer.text[:500])

        return repeat(ask, seconds)


def repeat(check: Callable[[st.DataObject], None], seconds: float) -> tuple[int, str]:
    """How many inputs there were in so many seconds, and what went wrong."""
    until, inputs = time.monotonic() + seconds, 0

    def count(data: st.DataObject) -> None:
        nonlocal inputs
        inputs += 1
        check(data)

    while time.monotonic() < until:
        limits = settings(
            max_examples=BATCH, deadline=None, database=None, suppress_health_check=list(HealthCheck),
            derandomize=False, phases=(Phase.generate, Phase.target, Phase.shrink), print_blob=False,
        )  # fmt: skip
        try:
            seed(SystemRandom().getrandbits(64))(limits(given(st.data())(count)))()
        except Exception as error:
            notes = "\n".join(getattr(error, "__notes__", ()))
            return inputs, f"{type(error).__name__}: {error}\n{notes}"
    return inputs, ""


def try_coverage(seconds: float) -> tuple[int, str]:
    """Inputs that reach new code, by a process of its own."""
    if not find_spec("atheris"):
        return 0, ""
    ended = _run([sys.executable, "-m", "tests.fixtures.coverage_fuzzer", str(int(seconds))], seconds)
    inputs = re.search(r"stat::number_of_executed_units:\s*(\d+)", ended.stderr)
    return int(inputs[1]) if inputs else 0, ended.stdout[-3000:] + ended.stderr[-3000:] if ended.returncode else ""


def try_openapi(seconds: float) -> tuple[int, str]:
    """Requests that the page's own OpenAPI describes: none may end in an error of the server."""
    if not find_spec("schemathesis"):
        return 0, ""
    os.environ |= {"RESNET_EXPLORER_SHARED": "on", "RESNET_EXPLORER_LOG": "off"}
    with TemporaryDirectory() as home, started(Path(home), free_port()) as (address, process):
        command = [
            sys.executable, "-m", "schemathesis.cli", "run", f"{address}/gradio_api/openapi.json", "--url", address,
            "--checks", "not_a_server_error", "--phases", "examples,fuzzing", "--max-time", str(int(seconds)),
            "--max-examples", "100000", "--exclude-path-regex", SLOWER, "--no-color",
        ]  # fmt: skip
        # it keeps what it saw in a folder beside it
        ended = _run(command, seconds, home)
        assert process.poll() is None, "the page has ended"
    inputs = re.search(r"([\d,]+) generated", ended.stdout)
    return int(inputs[1].replace(",", "")) if inputs else 0, ended.stdout[-5000:] if ended.returncode else ""


def _run(command: list[str], seconds: float, folder: str | Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=seconds + GRACE)


if __name__ == "__main__":
    sys.exit(main())
