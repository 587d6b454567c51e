"""What was measured is kept in memory and on disk, bounded in both, and forgotten with the version."""

from dataclasses import replace
from pathlib import Path

import pytest

from resnet_explorer.api import probe_cache
from resnet_explorer.api.probe_cache import NOTHING, ProbeCache, Rows, cache_key
from resnet_explorer.gradients.profile import ProbeConfig
from resnet_explorer.networks.request import parse_request

NETWORK = parse_request("cifar-basic-20").network
CONFIG = ProbeConfig()
ROWS: Rows = ({"gradient": ((1.5, float("inf"), 1 / 3), (2.0, 1e-45, 7.0))}, (2.3, float("-inf")))


def test_what_was_put_is_got() -> None:
    cache = ProbeCache()
    assert cache.get("a") == NOTHING
    cache.put("a", ROWS)
    assert cache.get("a") == ROWS


def test_another_cache_of_the_folder_knows_it_bit_for_bit(tmp_path: Path) -> None:
    ProbeCache(tmp_path / "probes").put("a", ROWS)
    assert ProbeCache(tmp_path / "probes").get("a") == ROWS


def test_without_a_folder_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ProbeCache().put("a", ROWS)
    assert list(tmp_path.iterdir()) == []


def test_memory_is_bounded_and_drops_what_was_not_needed_for_longest() -> None:
    cache = ProbeCache(max_numbers=14)
    cache.put("a", ROWS)
    cache.put("b", ROWS)
    cache.get("a")
    cache.put("c", ROWS)
    assert [cache.get(key) != NOTHING for key in "abc"] == [True, False, True]
    assert cache.size == 12


def test_the_disk_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe_cache, "TRIM_EVERY", 1)
    cache = ProbeCache(tmp_path, max_bytes=300)
    for number in range(20):
        cache.put(f"{number}", ROWS)
    files = list(tmp_path.iterdir())
    assert 0 < sum(path.stat().st_size for path in files) <= 300
    assert ProbeCache(tmp_path).get("19") == ROWS


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "[1, 2]", "null", "[{}, []]", '[{"a": [["x"]]}, [1]]', '[{"a": [[1.0]]}, []]', "[[[1.0]], [1.0]]"],
)
def test_a_spoilt_file_is_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    assert ProbeCache(tmp_path).get("a") == NOTHING


def test_a_folder_that_cannot_be_written_costs_no_answer(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = ProbeCache(tmp_path / "file" / "probes")
    cache.put("a", ROWS)
    assert cache.get("a") == ROWS


def test_a_key_names_all_that_a_result_follows_from(monkeypatch: pytest.MonkeyPatch) -> None:
    key = cache_key(NETWORK, CONFIG, b"")
    others = [
        cache_key(replace(NETWORK, classes=11), CONFIG, b""),
        cache_key(NETWORK, replace(CONFIG, batch=9), b""),
        cache_key(NETWORK, replace(CONFIG, metrics=("second-moment",)), b""),
        cache_key(NETWORK, CONFIG, b"images"),
    ]
    monkeypatch.setattr(probe_cache, "code_version", lambda: "another")
    assert len({key, *others, cache_key(NETWORK, CONFIG, b"")}) == 6


def test_a_key_does_not_name_the_seeds() -> None:
    assert cache_key(NETWORK, CONFIG, b"") == cache_key(NETWORK, replace(CONFIG, seeds=7), b"")
