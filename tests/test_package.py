"""The package from outside: its commands, and how it is made and described."""

import re
import subprocess
import sys
import tomllib
from importlib import import_module

import pytest
from packaging.requirements import Requirement
from pathspec import GitIgnoreSpec

from resnet_explorer import __version__
from resnet_explorer.__main__ import main
from resnet_explorer.api.doctor import OLDEST_TORCH
from tests.fixtures.paths import PACKAGE, ROOT

CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT = CONFIGURATION["project"]
EXTRAS = PROJECT["optional-dependencies"]


def pins(name: str) -> dict[str, Requirement]:
    """The requirements of a file of pins, without those it takes from another file."""
    lines = (ROOT / name).read_text().splitlines()
    return by_name([line for line in lines if line and not line.startswith(("#", "-r"))])


def by_name(lines: list[str]) -> dict[str, Requirement]:
    return {Requirement(line).name: Requirement(line) for line in lines}


def loaded_by(*arguments: str) -> set[str]:
    """The libraries that one command loads, in a process of its own."""
    code = f"""
import sys
sys.argv[1:] = {list(arguments)}
from resnet_explorer.__main__ import main
main()
print("loaded", *{{name.split(".")[0] for name in sys.modules}})
"""
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(ended.stdout.splitlines()[-1].split())


def test_the_help_lists_the_page_beside_the_verbs(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert {"serve", "describe", "train"} <= set(capsys.readouterr().out.split())


def test_the_command_is_a_function_that_is_there() -> None:
    module, _, function = PROJECT["scripts"]["resnet-explorer"].partition(":")
    assert getattr(import_module(module), function) is main


def test_a_port_that_is_no_number_is_refused_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "here"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_verb_does_not_wait_for_the_page() -> None:
    assert loaded_by("describe", "cifar-basic-8").isdisjoint({"torch", "gradio", "plotly", "sqlite3", "starlette"})


@pytest.mark.parametrize(
    ("file", "ranges"),
    [("requirements.txt", PROJECT["dependencies"])]
    + [(f"requirements-{extra}.txt", ranges) for extra, ranges in EXTRAS.items()],
)
def test_the_pins_lie_in_the_ranges_of_the_package(file: str, ranges: list[str]) -> None:
    pinned, allowed = pins(file), by_name(ranges)
    assert pinned.keys() == allowed.keys()
    for name, pin in pinned.items():
        assert pin.extras == allowed[name].extras
        assert allowed[name].specifier.contains(str(pin.specifier).removeprefix("==")), f"{pin} is not {allowed[name]}"


def test_the_oldest_torch_is_one_and_is_tested() -> None:
    (line,) = re.findall(r"^OLDEST := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    allowed = by_name(PROJECT["dependencies"])
    for name, pin in by_name(line.split()).items():
        major, minor, _ = str(pin.specifier).removeprefix("==").split(".")
        assert str(allowed[name].specifier) == f"~={major}.{minor}"
        assert name != "torch" or (int(major), int(minor)) == OLDEST_TORCH


def test_every_extra_has_its_pins_and_every_file_of_pins_its_extra() -> None:
    files = {path.name for path in ROOT.glob("requirements*.txt")}
    assert files == {"requirements.txt", *(f"requirements-{extra}.txt" for extra in EXTRAS)}


def test_the_wheel_holds_every_file_of_the_package() -> None:
    """Hatchling takes the folders named, but for what .gitignore names."""
    assert CONFIGURATION["tool"]["hatch"]["build"]["targets"]["wheel"] == {"packages": ["resnet_explorer"]}
    ignored = GitIgnoreSpec.from_lines((ROOT / ".gitignore").read_text().splitlines())
    files = {path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*") if path.is_file()}
    # Gradio writes stubs of its components beside them
    lost = {path for path in ignored.match_files(files) if "__pycache__" not in path and not path.endswith(".pyi")}
    assert not lost, "these files would be missing in the wheel"


def test_what_the_source_distribution_names_exists() -> None:
    names = CONFIGURATION["tool"]["hatch"]["build"]["targets"]["sdist"]["only-include"]
    assert [name for name in names if not (ROOT / name).exists()] == []


def test_the_type_hints_of_the_package_are_announced() -> None:
    assert (PACKAGE / "py.typed").read_text() == ""


def test_the_version_is_named_in_one_place() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)
    assert "version" in PROJECT["dynamic"]
    assert CONFIGURATION["tool"]["hatch"]["version"]["path"] == "resnet_explorer/__init__.py"
