"""A lean session is a session to Gradio: it keeps what events need, apart from other visitors', and no descriptions.

In a process of its own: pages that are made and never served leave event loops open.
"""

import json
import subprocess
import sys
from typing import Any

import pytest

PROGRAM = """
import json
import gradio as gr
from gradio.state_holder import SessionState
from gradio_client import Client
from resnet_explorer.ui.lean_sessions import LeanSession, use_lean_sessions

use_lean_sessions()
with gr.Blocks() as demo:
    kept, shown, text = gr.State(0), gr.Textbox(), gr.Textbox("before", label="a label")
    gr.Button().click(lambda n: (n + 1, str(n + 1)), kept, [kept, shown], api_name="count")
    gr.Button().click(lambda: gr.update(value="after", label="another"), None, text, api_name="change")
demo.launch(prevent_thread_lock=True, quiet=True)
one, other = (Client(demo.local_url, verbose=False, analytics_enabled=False) for _ in range(2))
counted = [client.predict(api_name="/count") for client in (one, one, other, one)]
one.predict(api_name="/change")
sessions = demo.state_holder.session_data
labels = [sessions[client.session_hash].blocks_config.blocks[text._id].label for client in (one, other)]
answer = json.dumps({
    "counted": counted,
    "labels": labels,
    "kinds": sorted({type(session).__name__ for session in sessions.values()}),
    "described": [len(session.config_values) for session in sessions.values()],
    "usual": len(SessionState(demo).config_values),
})
demo.close()
print(answer)
"""


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    program = [sys.executable, "-c", PROGRAM]
    printed = subprocess.run(program, capture_output=True, text=True, check=True, timeout=120).stdout
    answer: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return answer


def test_state_is_kept_for_each_visitor(seen: dict[str, Any]) -> None:
    assert seen["counted"] == ["1", "2", "1", "3"]


def test_a_part_that_an_event_changes_is_another_one_in_that_session_alone(seen: dict[str, Any]) -> None:
    assert seen["labels"] == ["another", "a label"]


def test_a_session_describes_no_part_where_gradios_own_describes_all(seen: dict[str, Any]) -> None:
    assert seen["kinds"] == ["LeanSession"]
    assert set(seen["described"]) == {0}
    assert seen["usual"] > 3
