"""Every component runs alone: the demo in its docstring is served as it stands there, and opened in a browser."""

import json
import sys
from collections.abc import Iterator
from importlib import import_module
from inspect import cleandoc
from subprocess import PIPE, Popen

import pytest
from playwright.sync_api import Browser, expect

from tests.fixtures.app_process import environment
from tests.fixtures.paths import ROOT

# a component, and what its demo shows: a selector, and a text in it
DEMOS = [
    ("lanes", "Lanes", ".lane .lane-reading", "853,018 parameters"),
    ("unit_diagram", "UnitDiagram", ".drawing", "on the trunk"),
    ("network_picture", "NetworkPicture", ".networks", "MACs of a unit"),
    ("network_strip", "NetworkStrip", ".strip", "42,016 parameters"),
    ("layer_table", "LayerTable", ".tools", "4,208 of 4,208 layers"),
    ("equation", "Equation", ".verdict", "Nothing stands on the trunk"),
]
# launches each script that it is given by name, one after another, and prints where
RUN = """
import json, sys, threading
for name, script in json.load(sys.stdin).items():
    spaces = {}
    exec(script.replace("demo.launch()", "demo.launch(prevent_thread_lock=True, quiet=True)"), spaces)
    print(name, spaces["demo"].local_url, flush=True)
threading.Event().wait()
"""


def demo_of(module: str, name: str) -> str:
    """The lines of Python at the end of a component's docstring."""
    component = getattr(import_module(f"resnet_explorer.ui.components.{module}.{module}"), name)
    text = cleandoc(component.__doc__)
    return text[text.index("import gradio as gr") :]


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Where each demo is served, by the name of its component: all from one process, which ends with the tests."""
    home = tmp_path_factory.mktemp("home")
    demos = json.dumps({name: demo_of(module, name) for module, name, _, _ in DEMOS})
    command = [sys.executable, "-c", RUN]
    with Popen(command, cwd=ROOT, env=environment(home), stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(demos)
        process.stdin.close()
        words = [process.stdout.readline().split() for _ in DEMOS]
        yield dict(line for line in words if len(line) == 2)
        process.kill()


@pytest.mark.parametrize(("module", "name", "selector", "text"), DEMOS, ids=[name for _, name, _, _ in DEMOS])
def test_the_demo_of_a_component_shows_it(
    addresses: dict[str, str], browser: Browser, wrong: list[str], module: str, name: str, selector: str, text: str
) -> None:
    page = browser.new_page()
    page.on("pageerror", lambda error: wrong.append(f"exception: {error}"))
    page.goto(addresses[name])
    expect(page.locator(selector).first).to_contain_text(text)
    page.close()
