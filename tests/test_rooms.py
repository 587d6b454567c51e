"""The house: imports only point down, rooms on one floor do not know each other, a library lives in one place."""

import ast
import sys
from itertools import accumulate
from pathlib import Path

import pytest

from tests.fixtures.paths import ROOT

# the lowest floor first; a floor is a tuple of rooms, a room the modules and runs/image_folder in it
FLOORS = (
    (
        """__init__ errors language/registry language/layer language/ops language/composites language/merges
    language/parser networks/network networks/lowering networks/plan language/orderings
    networks/catalog networks/request runs/datasets runs/recipes runs/experiment runs/events""",
    ),
    (
        """networks/memory networks/budget describe/table describe/text_tables describe/compare
    describe/identity_path describe/equation describe/mathml describe/source/literals
    describe/source/unit describe/source/network describe/source/notebook describe/drawing
    gradients/profile gradients/findings gradients/theory api/catalog api/network_answers
    api/gradient_answers runs/run_folder runs/progress runs/index/schema runs/index/store
    api/run_answers runs/curves runs/export runs/bundled cli/braille_plot runs/image_folder
    runs/archives""",
    ),
    ("""models training analyses""", """figures"""),
    (
        """api/networks api/planning api/answer_tables api/probe_runner api/probe_answers cli/probe_text
    api/drawing_answers executors executors/launcher api/runs api/run_launch api/run_rows
    api/run_form cli/trackers cli/live_progress""",
    ),
    ("""cli/main cli/runs __main__""", """ui"""),
    ("""app""",),
)
# where a library may be named: runs/image_folder and files below resnet_explorer
LIBRARIES = {
    "torch": "models training analyses",
    "torchvision": "models training analyses",
    "torchinfo": "models/torchinfo",
    "PIL": "training",
    "numpy": "models training analyses figures",
    # the page serves the script that comes with plotly
    "plotly": "figures ui/static_files",
    "gradio": "ui app",
    "starlette": "ui",
    "pygments": "ui",
    "sqlite3": "runs/index/store runs/index/schema",
    "rich": "cli/live_progress",
    "ray": "executors/cluster",
}
VERBS = 3
MODULES = [ROOT / "app.py", *(p for p in (ROOT / "resnet_explorer").rglob("*.py") if p.name != "__init__.py")]
each_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))


def inside(path: Path) -> str:
    """A module as the tables name it: nets/build, cli, app."""
    return path.relative_to(ROOT).with_suffix("").as_posix().removeprefix("resnet_explorer/")


def place(name: str) -> tuple[int, int]:
    """The floor and the room of a module or folder: of the longest listed path that it lies in."""
    while name:
        for floor, rooms in enumerate(FLOORS):
            for room, modules in enumerate(rooms):
                if name in modules.split():
                    return floor, room
        name = name.rpartition("/")[0]
    raise LookupError(f"{name} stands on no floor; add it to FLOORS in {Path(__file__).name}")


def imported(path: Path) -> set[str]:
    """The dotted names a module imports, inside functions too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports relatively"
            names |= {f"{node.module}.{name.name}" for name in node.names}
    return names


def module(name: str) -> str:
    """The path of the module that a dotted name is, or is in."""
    path = name.removeprefix("resnet_explorer.").replace(".", "/")
    here = ROOT / "resnet_explorer"
    while not ((here / f"{path}.py").exists() or (here / path / "__init__.py").exists()):
        path = path.rpartition("/")[0]
        if not path:
            return "__init__"
    return path


def may_import(here: tuple[int, int], there: tuple[int, int]) -> bool:
    return there[0] < here[0] or there == here


@each_module
def test_a_module_stands_on_a_floor(path: Path) -> None:
    assert place(inside(path)) >= (0, 0)


@each_module
def test_imports_point_down_or_stay_in_the_room(path: Path) -> None:
    ours = {module(name) for name in imported(path) if name.startswith("resnet_explorer.")}
    here = place(inside(path))
    assert {name for name in ours if not may_import(here, place(name))} == set()


@each_module
def test_a_library_is_named_only_where_it_lives(path: Path) -> None:
    names = {name.split(".")[0] for name in imported(path)} - {"resnet_explorer"}
    outside = {name for name in names if name in LIBRARIES or name not in sys.stdlib_module_names}
    homes = set(accumulate(inside(path).split("/"), "{}/{}".format))
    assert {name for name in outside if homes.isdisjoint(LIBRARIES[name].split())} == set()


@each_module
def test_only_verbs_and_faces_enter_a_room_by_its_dotted_name(path: Path) -> None:
    by_name = any(name.split(".")[0] == "importlib" for name in imported(path))
    assert not by_name or place(inside(path))[0] >= VERBS


def test_no_module_stands_on_two_floors() -> None:
    listed = " ".join(" ".join(rooms) for rooms in FLOORS).split()
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize(
    ("here", "there", "may"), [("app", "errors", True), ("errors", "app", False), ("cli", "ui", False)]
)
def test_a_room_knows_what_is_below_it_alone(here: str, there: str, may: bool) -> None:
    assert may_import(place(here), place(there)) == may
