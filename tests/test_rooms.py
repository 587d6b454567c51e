"""The house: which rooms there are, that imports only point down, and that a library lives in one place.

A failure says what to do. The rooms are those of `docs/architecture.md`.
"""

import ast
import re
import sys
from itertools import accumulate
from pathlib import Path

import pytest

from tests.fixtures.paths import PACKAGE, ROOT

# the lowest floor first; rooms on one floor do not know each other
FLOORS = (
    ("__init__", "errors"),
    ("language",),
    ("networks",),
    ("describe",),
    ("gradients", "runs"),
    ("figures", "runs/index", "models"),
    ("training",),
    ("analyses",),
    ("executors",),
    ("studies",),
    ("api",),
    ("cli", "ui"),
    ("__main__",),
    ("app",),
)
ROOMS = [room for floor in FLOORS for room in floor]
# where a library may be named: a room, a folder or a file below the package
OWNERS = {
    "torch": ("models", "training", "analyses"),
    "torchvision": ("models", "training"),
    "torchinfo": ("models/torchinfo",),
    "PIL": ("training/data",),
    "numpy": ("models", "training", "figures", "analyses"),
    "plotly": ("figures",),
    "gradio": ("ui",),
    "starlette": ("ui",),
    "pygments": ("ui",),
    "prometheus_client": ("ui/metrics",),
    "sqlite3": ("runs/index",),
    "rich": ("cli",),
    "ray": ("executors/ray_cluster",),
    "spaces": ("executors/zero_gpu",),
}
# rooms from which a torch room may be entered by its dotted name, when a verb is called
BY_NAME = ("executors", "api", "cli", "ui", "__main__", "__init__")
# names the modules above it, for type checkers and for whoever uses a public name, and enters none by itself
PUBLIC = PACKAGE / "__init__.py"
MODULES = [ROOT / "app.py", *(path for path in PACKAGE.rglob("*.py") if path.read_text())]
each_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))


def inside(path: Path) -> str:
    """A module as the tables name it: models/build, cli/main, app."""
    return path.relative_to(ROOT).with_suffix("").as_posix().removeprefix("resnet_explorer/")


def room_of(name: str) -> str:
    """The longest listed room that a module lies in."""
    for parent in sorted(accumulate(name.split("/"), "{}/{}".format), key=len, reverse=True):
        if parent in ROOMS:
            return parent
    raise LookupError(
        f"{name} lies in no room; move it into one, or, if a room is new, add that to FLOORS in {Path(__file__).name}"
    )


def floor_of(room: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def imported(path: Path) -> set[str]:
    """The dotted names a module imports, inside functions too."""
    names = set()
    tree = ast.parse(path.read_text())
    if path == PUBLIC:
        tree.body = [node for node in tree.body if not (isinstance(node, ast.If) and _is_for_types(node.test))]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports relatively; write the dotted name in full"
            names |= {f"{node.module}.{name.name}" for name in node.names}
    return names


def entered(path: Path) -> set[str]:
    """The dotted names of ours that a module holds as text, where it may enter a module by its name."""
    if path == PUBLIC or room_of(inside(path)).split("/")[0] not in BY_NAME:
        return set()
    texts = [node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)]
    return {match[0] for text in texts if (match := re.match(r"resnet_explorer(\.\w+)+", str(text)))}


def _is_for_types(test: ast.expr) -> bool:
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


def module(name: str) -> str:
    """The path of the module that a dotted name is, or is in."""
    path = name.removeprefix("resnet_explorer.").replace(".", "/")
    while path and not ((PACKAGE / f"{path}.py").exists() or (PACKAGE / path / "__init__.py").exists()):
        path = path.rpartition("/")[0]
    return path or "__init__"


def may_import(here: str, there: str) -> bool:
    """Whether a room may import from another: from itself, and from floors below."""
    return here == there or floor_of(there) < floor_of(here)


def test_the_package_holds_rooms_and_nothing_else() -> None:
    names = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    listed = {room.split("/")[0] for room in ROOMS} - {"app"}
    assert names == listed, "put a module into the room whose docstring it suits; FLOORS lists the rooms"


@each_module
def test_imports_point_down_or_stay_in_the_room(path: Path) -> None:
    here = room_of(inside(path))
    ours = {module(name) for name in imported(path) if name.startswith("resnet_explorer.")}
    upward = sorted(name for name in ours if not may_import(here, room_of(name)))
    assert not upward, f"{here} may not know {upward}: move what it needs down, or the code that needs it up"


@each_module
def test_a_library_is_named_only_where_it_lives(path: Path) -> None:
    names = {name.split(".")[0] for name in imported(path)} - {"resnet_explorer"}
    outside = {name for name in names if name in OWNERS or name not in sys.stdlib_module_names}
    places = set(accumulate(inside(path).split("/"), "{}/{}".format))
    strangers = {name: OWNERS.get(name, ()) for name in outside if places.isdisjoint(OWNERS.get(name, ()))}
    assert not strangers, f"go through the owner of each library instead: {strangers}"


@each_module
def test_only_verbs_and_what_is_above_enter_a_room_by_its_dotted_name(path: Path) -> None:
    by_name = any(name.split(".")[0] == "importlib" for name in imported(path))
    assert not by_name or room_of(inside(path)).split("/")[0] in BY_NAME, "import at the top, or enter from a verb"


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    edges = {
        inside(path): {module(name) for name in imported(path) | entered(path) if name.startswith("resnet_explorer.")}
        for path in MODULES
    }
    done: set[str] = set()

    def walk(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, f"a circle: {' > '.join((*way, name))}; move what two of them need into a third"
        if name not in done:
            for below in edges.get(name, ()):
                if below != name:
                    walk(below, (*way, name))
            done.add(name)

    for name in edges:
        walk(name, ())


def test_no_room_stands_on_two_floors() -> None:
    assert len(ROOMS) == len(set(ROOMS))


@pytest.mark.parametrize(
    ("here", "there", "may"), [("models", "networks", True), ("networks", "models", False), ("cli", "ui", False)]
)
def test_a_room_knows_what_is_below_it_alone(here: str, there: str, may: bool) -> None:
    assert may_import(here, there) == may
