"""Every route of the page is in one of the two tables, with what guards it."""

import json
import subprocess
import sys

import pytest

from resnet_explorer.ui.guards.open_routes import API, CLOSED, OPEN, is_open, matches
from tests.fixtures.cases import Count

# in a process of its own: an application that is never served leaves its event loop open
LIST = """
import json
import gradio as gr
from gradio.routes import App

def paths(routes):
    for route in routes:
        yield from [route.path] if hasattr(route, "path") else paths(route.original_router.routes)

with gr.Blocks() as page:
    gr.Markdown("one part")
print(json.dumps(list(paths(App.create_app(page).routes))))
"""


def test_every_route_of_gradio_is_in_one_of_the_tables(count: Count) -> None:
    known = json.loads(subprocess.run([sys.executable, "-c", LIST], capture_output=True, text=True, check=True).stdout)
    assert len(known) > 60
    for path in known:
        with count():
            assert matches(path, OPEN) or matches(path, CLOSED)


def test_all_say_what_guards_them() -> None:
    assert all(len(reason) > 3 for reason in (*OPEN.values(), *CLOSED.values()))
    assert not set(OPEN) & set(CLOSED)


@pytest.mark.parametrize(
    "path",
    [
        f"{API}/proxy=https://elsewhere.example",
        f"{API}/vibe-edit/",
        f"{API}/deep_link",
        f"{API}/stream/a/b/c/playlist.m3u8",
        "/monitoring/summary",
        "/docs",
        "/something-new",
        f"{API}/something-new",
    ],
)
def test_what_fetches_or_tells_what_visitors_asked_is_closed(path: str) -> None:
    assert not is_open(path)
