"""A sweep's file: what it may hold, what it spells out, and one sentence for what it may not."""

import json
import tomllib
from pathlib import Path

import pytest

from resnet_explorer.errors import ExplorerError, RunError
from resnet_explorer.runs import sweep as module
from resnet_explorer.runs.sweep import MOST_RUNS, Sweep, parse_sweep, read_sweep

NETS = ["cifar-basic-8:original", "cifar-basic-8:plain"]
FILE = "\n".join(line[4:] for line in (module.__doc__ or "").splitlines() if line.startswith("    "))


def test_the_file_in_the_docstring_is_read() -> None:
    sweep = parse_sweep(tomllib.loads(FILE))
    assert (len(sweep.cells), sweep.seeds) == (4, (0, 1, 2))
    assert sweep.settings_of(sweep.cells[2]) == {"size": "16", "lr": "0.1"}
    assert sweep.experiment(sweep.cells[3], 2).recipe.lr == 0.1


def test_networks_change_first_and_seeds_last() -> None:
    sweep = parse_sweep({"networks": NETS, "seeds": 2, "vary": {"lr": [0.05, 0.1], "batch": [32, 64]}})
    cells = [(cell.network, dict(cell.varied)) for cell in sweep.cells[:3]]
    assert cells[0] == (NETS[0], {"lr": "0.05", "batch": "32"})
    assert cells[1] == (NETS[1], {"lr": "0.05", "batch": "32"})
    assert cells[2] == (NETS[0], {"lr": "0.05", "batch": "64"})
    runs = list(sweep.runs())
    assert [number for number, _, _ in runs] == list(range(16))
    assert [seed for _, _, seed in runs] == [0] * 8 + [1] * 8


def test_the_same_sweep_has_the_same_id_whatever_it_is_called() -> None:
    one, other = (parse_sweep({"networks": NETS, "title": title}) for title in ("a", "b"))
    assert one.id == other.id
    assert parse_sweep({"networks": NETS, "seeds": 4}).id != one.id


def test_it_comes_back_from_a_file_of_json(tmp_path: Path) -> None:
    sweep = parse_sweep({"networks": NETS, "settings": {"augment": "none"}, "vary": {"lr": [0.1]}})
    assert Sweep.from_json(json.loads(json.dumps(sweep.to_json()))) == sweep
    path = tmp_path / "sweep.json"
    path.write_text(json.dumps({"networks": NETS, "settings": {"augment": "none"}, "vary": {"lr": [0.1]}}))
    assert read_sweep(path) == sweep


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "networks of a sweep is a list of one or more"),
        ({"networks": []}, "networks of a sweep is a list of one or more"),
        ({"networks": [NETS[0], NETS[0]]}, "each once"),
        ({"networks": [{}]}, "networks of a sweep holds texts and numbers"),
        ({"nets": NETS}, "a sweep has no 'nets'; it has networks, data, recipes, seeds, settings, vary, title"),
        ({"networks": NETS, "seeds": 0}, "seeds of a sweep is how many"),
        ({"networks": NETS, "seeds": [1, 1]}, "seeds of a sweep is how many"),
        ({"networks": NETS, "seeds": [-1]}, "a seed is a whole number from 0"),
        ({"networks": NETS, "seeds": "three"}, "seeds of a sweep is how many"),
        ({"networks": NETS, "seeds": 2**70}, "seeds of a sweep is how many"),
        ({"networks": NETS, "seeds": MOST_RUNS}, "a sweep has 1 to 2,000 runs, not 4,000"),
        ({"networks": NETS, "settings": 3}, r"settings of a sweep is a table of fields, begun by \[settings\]"),
        ({"networks": NETS, "settings": {"lr": 1}, "vary": {"lr": [1, 2]}}, "lr stands in both settings and vary"),
        ({"networks": NETS, "title": "a" * 81}, "title of a sweep is a text of at most 80 letters"),
    ],
)
def test_what_is_wrong_is_said(values: dict[str, object], sentence: str) -> None:
    with pytest.raises(RunError, match=sentence):
        parse_sweep(values)


def test_a_file_that_is_not_there_or_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="cannot be read: No such file"):
        read_sweep(tmp_path / "none.toml")
    for name, text, kind in (
        ("a.toml", "networks = ", "TOML"),
        ("b.json", "[" * 100_000, "JSON"),
        ("c.json", "3", "is a table of networks"),
    ):
        (tmp_path / name).write_text(text)
        with pytest.raises(RunError, match=kind):
            read_sweep(tmp_path / name)


def test_a_network_that_is_none_is_refused_by_its_experiment() -> None:
    sweep = parse_sweep({"networks": ["cifar-basic-8:konv"]})
    with pytest.raises(ExplorerError, match="konv"):
        sweep.experiment(sweep.cells[0], 0)
