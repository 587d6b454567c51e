"""The README and its companions: their commands run and print what they show, their paths and links exist."""

import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
import yaml

from resnet_explorer import __version__
from resnet_explorer.api.claims_report import summary_report
from resnet_explorer.api.runs import Runs
from resnet_explorer.api.studies import Studies
from tests.fixtures.paths import PACKAGE, ROOT
from tests.test_rooms import FLOORS

README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")])
VERB = "python -m resnet_explorer"
# what is measured differs in its last digits from machine to machine
MEASURED = (" analyse ", " probe ", " train ")


def blocks(path: Path) -> list[str]:
    """The fenced blocks of a document."""
    return re.findall(r"^```[a-z]*\n(.*?)^```", path.read_text(), re.MULTILINE | re.DOTALL)


def test_the_readme_has_the_recorded_verdicts(tmp_path: Path) -> None:
    assert summary_report(Studies(Runs(tmp_path)).claims()) in README.read_text()


def commands_with_output(block: str) -> list[tuple[str, list[str]]]:
    """The commands of a console block, each with the lines below it."""
    commands: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith(f"$ {VERB}"):
            commands.append((line.removeprefix("$ "), []))
        elif commands:
            commands[-1][1].append(line)
    return commands


def tree_paths(block: str) -> list[str]:
    """The paths of an annotated tree: names, a gap, and what they are for; the margin says how deep."""
    folders: list[tuple[int, str]] = []
    paths = []
    for line in filter(str.strip, block.splitlines()):
        margin = len(line) - len(line.lstrip(" "))
        folders = [(at, name) for at, name in folders if at < margin]
        names = re.split(r" {2,}", line.strip())[0].split()
        paths += ["".join(name for _, name in folders) + name for name in names]
        if len(names) == 1 and names[0].endswith("/"):
            folders.append((margin, names[0]))
    return paths


def named_paths(text: str) -> list[str]:
    """What is written as code and is a path: a file with an ending, or a folder with its slash."""
    code = re.findall(r"`([^`\s]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    return [path for path in code if re.fullmatch(r"\w[\w./-]*(\.(py|js|md|toml|txt)|/)", path)]


def anchor(heading: str) -> str:
    """The name that a heading has in a link."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


EXAMPLES = [example for path in DOCS for block in blocks(path) for example in commands_with_output(block)]
TREE = [path for block in blocks(README) if "resnet_explorer/" in block for path in tree_paths(block)]
PATHS = [
    (path.name, name) for path in DOCS if path.parent.name != "benchmarks" for name in named_paths(path.read_text())
]
LINKS = [
    (path, target)
    for path in DOCS
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", re.sub(r"`[^`]*`", "", path.read_text()))
]
EXCERPTS = re.findall(r"^In `([^`]+)`:\n\n```[a-z]+\n(.*?)^```", CONTRIBUTING.read_text(), re.MULTILINE | re.DOTALL)


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    line = command.replace("python", sys.executable, 1)
    environment = {"PYTHONPATH": str(ROOT), "RESNET_EXPLORER_HOME": str(folder / "home")}
    return subprocess.run(["bash", "-c", line], cwd=folder, env=environment, capture_output=True, text=True)


def is_refused(output: list[str]) -> bool:
    """Whether a document itself shows a sentence of refusal below a command."""
    return any(re.search(r"did you mean|the nearest|the limit is", line) for line in output[:1])


@pytest.mark.parametrize(("command", "output"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_a_command_prints_what_is_shown_below_it(command: str, output: list[str], tmp_path: Path) -> None:
    ended = run(command, tmp_path)
    assert ended.returncode == (2 if is_refused(output) else 0), ended.stderr
    if not any(verb in command for verb in MEASURED):
        printed = "\n".join(line.rstrip() for line in (ended.stdout or ended.stderr).splitlines())
        head, _, tail = "\n".join(output).strip("\n").partition("\n...")
        assert printed.startswith(head)
        assert printed.endswith(tail)


def test_every_verb_about_networks_is_shown_with_its_output() -> None:
    shown = {command.split()[3] for command, _ in EXAMPLES}
    networks = {"describe", "compare", "equation", "export", "draw", "probe", "recorded-cliff", "catalog", "examples"}
    assert shown == {*networks, "train", "analyse"}


@pytest.mark.parametrize("path", TREE)
def test_a_path_of_the_tree_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_tree_lists_every_room_and_every_folder() -> None:
    rooms = {f"resnet_explorer/{path.parent.name}/" for path in PACKAGE.glob("*/__init__.py")}
    assert {path for path in TREE if path.startswith("resnet_explorer/")} == {"resnet_explorer/", *rooms}
    assert {path for path in TREE if "resnet_explorer" not in path} >= {"app.py", "tests/", "benchmarks/", "docs/"}


def test_the_tree_lists_the_rooms_from_the_highest_down() -> None:
    floors = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
    listed = [floors[path.split("/")[1]] for path in TREE if path.count("/") == 2]
    assert listed == sorted(listed, reverse=True)


def test_the_architecture_lists_the_floors() -> None:
    listed = [
        tuple(line.split()) for block in blocks(ARCHITECTURE) if "errors\n" in block for line in block.splitlines()
    ]
    above = {"__init__", "__main__", "app"}
    assert listed == [rooms for floor in FLOORS if (rooms := tuple(room for room in floor if room not in above))]


@pytest.mark.parametrize(("document", "name"), dict.fromkeys(PATHS))
def test_a_path_that_a_document_names_exists(document: str, name: str) -> None:
    assert any((folder / name).exists() for folder in (ROOT, PACKAGE)), f"{document} names {name}"


@pytest.mark.parametrize(("document", "target"), LINKS, ids=lambda part: str(getattr(part, "name", part)))
def test_a_link_leads_somewhere(document: Path, target: str) -> None:
    file, _, part = target.partition("#")
    linked = document.parent / file if file else document
    assert linked.exists()
    headings = re.findall(r"^#+ (.*)$", linked.read_text(), re.MULTILINE) if part else []
    assert not part or part in map(anchor, headings)


@pytest.mark.parametrize(("name", "excerpt"), EXCERPTS, ids=[name for name, _ in EXCERPTS])
def test_an_example_for_contributors_is_in_the_code(name: str, excerpt: str) -> None:
    lines = [line.strip() for line in dedent(excerpt).strip().splitlines()]
    assert "\n".join(lines) in "\n".join(line.strip() for line in (ROOT / name).read_text().splitlines())


def test_contributors_get_an_example_of_each_kind() -> None:
    assert {Path(name).name for name, _ in EXCERPTS} == {"orderings.py", "ops.py", "blocks.py", "recipes.py", "app.py"}


def test_the_citation_names_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert {"cff-version", "message", "title", "authors", "license"} <= citation.keys()
    assert citation["version"] == __version__


def test_the_changelog_tells_of_this_version_and_of_what_comes() -> None:
    text = (ROOT / "CHANGELOG.md").read_text()
    assert re.findall(r"^## \[([^\]]+)\]", text, re.MULTILINE)[0] == "Unreleased"
    assert __version__ in text


def test_the_workflow_runs_what_a_newcomer_runs() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "check.yml").read_text())
    assert {"run": ".ci/run"} in workflow["jobs"]["check"]["steps"]
    assert re.findall(r"^make \w+$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE) == ["make lint", "make test"]


def test_a_commit_is_checked_by_the_tools_of_the_tests() -> None:
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    entries = {hook["id"]: hook["entry"].split() for hook in repository["hooks"]}
    assert repository["repo"] == "local"
    assert entries.keys() == {"ruff-format", "ruff-check", "mypy"}
    assert {entry[0].removeprefix(".venv/bin/") for entry in entries.values()} == {"ruff", "mypy"}


def test_a_tree_is_read_with_its_folders() -> None:
    tree = "app.py   the entry\nhouse/\n  a.py b.py   two\n  nets/   torch\n  c.py\nlast/ "
    assert tree_paths(tree) == ["app.py", "house/", "house/a.py", "house/b.py", "house/nets/", "house/c.py", "last/"]
