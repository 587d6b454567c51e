"""What a soak calls flat, and a short one where SOAK_SECONDS says so."""

import asyncio
import os
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from benchmarks.soak import MEASURED, Looker, Sample, grew, growth, use
from tests.fixtures.app_process import free_port, started

WARM = Sample(100.0, 200.0, 800.0, 30, 12, 4)


def test_what_stays_or_shrinks_is_flat() -> None:
    assert grew(growth(WARM, WARM)) == []
    assert grew(growth(WARM, replace(WARM, page_mb=209.0, files=28, threads=11))) == []


@pytest.mark.parametrize("name", ["page_mb", "children_mb", "files", "threads", "processes"])
def test_what_grows_is_named(name: str) -> None:
    more = Sample(**{**asdict(WARM), name: asdict(WARM)[name] * 1.06 + 1})
    assert grew(growth(WARM, more)) == [name]


@pytest.mark.skipif("SOAK_SECONDS" not in os.environ, reason="takes the time that SOAK_SECONDS names")
def test_a_short_soak_fails_nowhere_and_stays_about_flat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_EXPLORER_SHARED", "on")
    seconds, done = float(os.environ["SOAK_SECONDS"]), Counter[str]()
    with started(tmp_path, free_port()) as (address, process):
        looker = Looker(process.pid)
        looker.start()
        asyncio.run(use(address, seconds / 2, done, 0))
        warm = looker.last(MEASURED)
        asyncio.run(use(address, seconds / 2, done, 1))
        last = looker.last(MEASURED)
        looker.over.set()
        looker.join()
    assert not [kind for kind in done if kind.startswith("failed")]
    more = growth(warm, last)
    assert more["page_mb"] < 0.15
    assert more["threads"] <= 2
    assert more["files"] <= 8
