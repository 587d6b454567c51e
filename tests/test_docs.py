"""The README: its commands run, its files exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.paths import ROOT

README = ROOT / "README.md"
TEXT = README.read_text() if README.exists() else ""
BLOCKS = re.findall(r"^```[a-z]*\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
VERB = "python -m resnet_explorer"
LINES = [line.strip().removeprefix("$ ") for block in BLOCKS for line in block.splitlines()]
COMMANDS = [line for line in LINES if line.startswith(VERB)]


def refused(command: str) -> bool:
    """Whether the README itself shows a sentence of refusal below a command."""
    below = LINES[LINES.index(command) + 1 : LINES.index(command) + 2]
    return any(re.search(r"did you mean|the nearest|the limit is", line) for line in below)


def listed(block: str) -> list[str]:
    """The paths of an annotated tree: names, a gap, and what they are for; depth is told by the margin."""
    folders: list[tuple[int, str]] = []
    paths = []
    for line in filter(str.strip, block.splitlines()):
        margin = len(line) - len(line.lstrip(" │├└─"))
        folders = [(at, name) for at, name in folders if at < margin]
        names = re.split(r" {2,}| #", line.strip(" │├└─"))[0].replace(",", " ").split()
        paths += ["".join(name for _, name in folders) + name for name in names]
        if len(names) == 1 and names[0].endswith("/"):
            folders.append((margin, names[0]))
    return paths


TREES = [block for block in BLOCKS if re.search(r"^[ │├└─]*resnet_explorer/", block, re.MULTILINE)]
PATHS = [path for block in TREES for path in listed(block)]


def test_the_readme_shows_commands_and_a_tree() -> None:
    assert COMMANDS
    assert PATHS


@pytest.mark.parametrize("command", dict.fromkeys(COMMANDS))
def test_a_command_of_the_readme_runs_as_shown(command: str, tmp_path: Path) -> None:
    line = command.replace("python", sys.executable, 1)
    environment = {"PYTHONPATH": f"{ROOT}", "RESNET_EXPLORER_HOME": f"{tmp_path / 'home'}"}
    told = subprocess.run(["bash", "-c", line], cwd=tmp_path, env=environment, capture_output=True)
    assert told.returncode == (2 if refused(command) else 0), told.stderr.decode()


def shown(block: str) -> list[tuple[str, list[str]]]:
    """The commands of a block, each with the lines below it."""
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith(f"$ {VERB}"):
            found.append((line.removeprefix("$ "), []))
        elif found:
            found[-1][1].append(line)
    return found


# what is measured differs in its last digits from machine to machine
MEASURED = (" probe ", " train ")
OUTPUTS = [
    (command, lines)
    for block in BLOCKS
    for command, lines in shown(block)
    if not any(verb in command for verb in MEASURED)
]


@pytest.mark.parametrize(("command", "lines"), OUTPUTS)
def test_a_command_prints_what_the_readme_shows(command: str, lines: list[str]) -> None:
    line = command.replace("python", sys.executable, 1)
    told = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True)
    printed = [text.rstrip() for text in (told.stdout or told.stderr).splitlines()]
    head, _, tail = "\n".join(lines).strip("\n").partition("\n...")
    assert "\n".join(printed).startswith(head)
    assert "\n".join(printed).endswith(tail)


@pytest.mark.parametrize("path", dict.fromkeys(PATHS))
def test_a_path_of_the_readme_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("target", dict.fromkeys(re.findall(r"\]\((?!https?:|#)([^)#]+)", TEXT)))
def test_a_link_of_the_readme_leads_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


def test_a_tree_is_read_with_its_folders() -> None:
    tree = "app.py   the entry\nhouse/\n  a.py b.py   two\n  nets/   torch\n  c.py\nlast/ "
    assert listed(tree) == ["app.py", "house/", "house/a.py", "house/b.py", "house/nets/", "house/c.py", "last/"]
