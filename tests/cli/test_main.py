"""The verbs on the command line."""

import argparse
import csv
import json
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from resnet_explorer.api import networks as api
from resnet_explorer.cli.main import GROUPS, main
from tests.fixtures.paths import ROOT

NETWORK = "cifar-basic-20"
OTHER = f"{NETWORK}:full-preactivation"
BAD = [
    "",
    "descrbe cifar-basic-20",
    "describe",
    "describe cifar-basic-21",
    "describe nothing",
    "describe cifar-basic-20:orignal",
    "describe cifar-basic-20 --ordering orignal",
    "describe cifar-basic-20 --block convv",
    "describe cifar-basic-20 --block +",
    "describe cifar-basic-20 --block conv --ordering original",
    "describe cifar-basic-20 --block relu",
    "describe cifar-basic-20 --batch many",
    "describe cifar-basic-20 --batch 0",
    "describe cifar-basic-20 --precision fp8",
    "describe cifar-basic-20 --limit 1MB",
    "describe cifar-basic-20 --limit lots",
    "describe cifar-basic-20 --json --csv",
    "describe cifar-basic-20 --set classes",
    "describe cifar-basic-20 --set clases=3",
    "describe cifar-basic-20 --set width=1/3",
    "describe cifar-basic-20 --unknown",
    "describe cifar-basic-600000002",
    "describe cifar-basic-20;widths=999999999999,999999999999,999999999999",
    "compare cifar-basic-20",
    "compare cifar-basic-20 cifar-basic-21",
    "export cifar-basic-20:|",
    "export vgg-16:original",
    "equation horesnet-rk4-26:plain",
    "draw cifar-basic-20 --unit somewhere",
    "draw cifar-basic-20 --theme grey",
    "draw cifar-basic-20 --colour parameters",
    "draw cifar-basic-20 --whole --colour red",
    "draw cifar-basic-20 --whole --colour measured",
    "draw cifar-basic-20 --whole --colour measured --values no.json",
    "draw cifar-basic-20 --format gif",
    "draw cifar-basic-20 --format pdf",
    "draw cifar-basic-20 --output no/such/folder/units.svg",
    "describe 卷积",
    "describe cifar-basic-20:" + "conv" * 500,
    "catalog extra",
]
FORMATS = ["--json", "--csv", "--markdown", "--latex"]


def printed(capsys: pytest.CaptureFixture[str], line: str) -> str:
    assert main(line.split()) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_adds_the_verbs_that_are_listed_for_it(group: str) -> None:
    verbs: list[str] = []

    def add(name: str, meaning: str, run: Callable[[argparse.Namespace], str]) -> argparse.ArgumentParser:
        verbs.append(name)
        return argparse.ArgumentParser()

    import_module(group).add(add)
    assert tuple(verbs) == GROUPS[group]


@pytest.mark.parametrize("line", BAD)
def test_a_bad_line_gives_exit_code_2_and_one_sentence(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(line.split()) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert captured.err.endswith("\n")


def test_json_is_the_answer_of_the_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(printed(capsys, f"describe {NETWORK} --json --batch 2")) == api.describe(NETWORK, batch=2)
    assert json.loads(printed(capsys, f"compare {NETWORK} {OTHER} --json")) == api.compare([NETWORK, OTHER])
    assert json.loads(printed(capsys, f"equation {NETWORK} --json")) == api.equation(NETWORK)
    assert json.loads(printed(capsys, f"draw {NETWORK} --json")) == api.draw([NETWORK], theme="light")
    assert json.loads(printed(capsys, "catalog --json")) == api.catalog()


def test_exported_source_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, f"export {NETWORK}") == api.export(NETWORK)["code"]


@pytest.mark.parametrize(("format", "begins"), [("svg", b"<svg "), ("tikz", b"% One unit"), ("pdf", b"%PDF-1.4")])
def test_a_drawing_is_written_to_a_file(
    format: str, begins: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "units"
    size = printed(capsys, f"draw {NETWORK} {OTHER} --format {format} --output {path}")
    assert path.read_bytes().startswith(begins)
    assert size == f"{path}: {path.stat().st_size:,} bytes\n"


def test_comma_separated_layers_add_up_to_the_totals(capsys: pytest.CaptureFixture[str]) -> None:
    table = list(csv.DictReader(printed(capsys, f"describe {NETWORK} --csv").splitlines()))
    answer = api.describe(NETWORK)
    assert sum(int(row["params"]) for row in table) == answer["params"]
    assert sum(int(row["macs"]) for row in table) == answer["macs"]
    assert [row["shape"].split("x") for row in table] == [[*map(str, layer["shape"])] for layer in answer["layers"]]


def test_a_markdown_table_has_a_line_for_each_layer(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, f"describe {NETWORK} --markdown").splitlines()
    assert len(lines) == 2 + len(api.describe(NETWORK)["layers"])
    assert {line.count("|") for line in lines} == {9}


def test_a_latex_table_has_a_line_for_each_layer(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, f"describe {NETWORK} --latex").splitlines()
    rows = [line for line in lines if line.endswith(r" \\")]
    assert len(rows) == 1 + len(api.describe(NETWORK)["layers"])
    assert (lines[0], lines[-1]) == (r"\begin{tabular}{lllllrrr}", r"\end{tabular}")


@pytest.mark.parametrize("option", FORMATS)
def test_a_comparison_is_written_in_every_format(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, f"compare {NETWORK} {OTHER} {option}")
    assert NETWORK in text
    assert "269" in text


def test_equal_networks_have_no_difference(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, f"compare {NETWORK} {NETWORK}:original").endswith("no layer differs\n")


def test_a_description_ends_with_the_totals_and_the_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, f"describe {NETWORK}")
    assert text.startswith(f"{NETWORK}  (original)  id ")
    assert "269,722 parameters, 268,346 without those of batch normalisation" in text
    assert text.endswith("so x_L = x_l + sum F does not hold.\n")


def test_settings_and_sentences_are_passed_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", NETWORK, "--block", "conv bn +", "--set", "skip=scale(0.5)", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer == api.describe(f"{NETWORK}:conv bn +;skip=scale(0.5)")


@pytest.mark.parametrize("line", ["describe cifar-basic-1202", "catalog", f"export {NETWORK}"])
def test_a_reader_that_stops_early_sees_no_traceback(line: str) -> None:
    command = f"set -o pipefail; {sys.executable} -m resnet_explorer {line} | head -1"
    process = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT)
    assert (process.returncode, process.stderr) == (0, "")
    assert len(process.stdout.splitlines()) == 1


def test_the_module_exits_with_the_code_of_the_verb() -> None:
    process = subprocess.run([sys.executable, "-m", "resnet_explorer", "describe", "x"], capture_output=True, cwd=ROOT)
    assert (process.returncode, process.stdout) == (2, b"")
