"""The shape of the code: short files and functions, docstrings, plain names."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.paths import ROOT

FOLDERS = ("resnet_explorer", "tests", "benchmarks")
FILES = sorted([*ROOT.glob("*.py"), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))])
OURS = [path for path in FILES if "resnet_explorer" in path.relative_to(ROOT).parts and path.name != "__init__.py"]
OUTERMOST = (ROOT / "resnet_explorer" / "__init__.py",)
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
# in two halves, so that this file does not contain them
LEFT_OVER = ("TO" + "DO", "FIX" + "ME")
VAGUE = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
# no metaphors for machinery, and no participles for things
RIDDLES = {"told", "asked", "said", "found", "wish", "shelf", "desk", "bench", "board", "glance", "untold"}
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def definitions(path: Path) -> Iterator[Definition]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node


def length(node: Definition) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_file_is_longer_than_it_can_be_read(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_function_is_longer_than_a_screen(path: Path) -> None:
    functions = [node for node in definitions(path) if not isinstance(node, ast.ClassDef)]
    assert [node.name for node in functions if length(node) > LONGEST_FUNCTION] == []


@pytest.mark.parametrize("path", OURS, ids=name)
def test_everything_public_has_a_docstring(path: Path) -> None:
    module = ast.parse(path.read_text())
    public = [node for node in module.body if isinstance(node, Definition) and not node.name.startswith("_")]
    assert [getattr(node, "name", "the module") for node in (module, *public) if not ast.get_docstring(node)] == []


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.name == "__init__.py" and path.parent.name != "resnet_explorer"], ids=name
)
def test_a_package_holds_nothing_but_a_docstring(path: Path) -> None:
    module = ast.parse(path.read_text())
    assert len(module.body) == (ast.get_docstring(module) is not None)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_nothing_is_left_over(path: Path) -> None:
    assert [word for word in LEFT_OVER if word in path.read_text()] == []


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_module_or_class_has_a_vague_name(path: Path) -> None:
    classes = [node.name.lower() for node in definitions(path) if isinstance(node, ast.ClassDef)]
    names = [*path.relative_to(ROOT).with_suffix("").parts, *classes]
    assert [one for one in names if not VAGUE.isdisjoint(one.split("_"))] == []


def bound_names(path: Path) -> Iterator[str]:
    """Every name that a module gives: functions, classes, parameters, variables, attributes, imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield name
            case ast.alias(asname=str(name)):
                yield name


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_name_says_what_a_thing_is(path: Path) -> None:
    riddles = {name for name in bound_names(path) if name.strip("_").lower() in RIDDLES}
    assert not riddles, "name the thing itself: event, request, rows, answer"
