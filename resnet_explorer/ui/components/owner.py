"""A component without a face: a text that this browser alone knows, by which its runs obey it."""

from typing import Any

import gradio as gr
from gradio.events import Events

LONGEST = 100
SCRIPT = """
element.style.cssText = "width: 1px; height: 1px";
const KEY = "resnet-explorer-owner";
const stored = (read) => { try { return read(); } catch { return null; } };
const fresh = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("");
const own = stored(() => localStorage.getItem(KEY)) || fresh();
stored(() => localStorage.setItem(KEY, own));
props.value = own;
"""


class Owner(gr.HTML):
    """Its value is the text, from the moment on that the browser has said it; it stands in no link and no address.

    A private window may keep nothing: its runs are its own until it is closed.
    """

    EVENTS: list[Any] = [Events.change]

    def __init__(self, value: object = None, **props: Any) -> None:
        super().__init__(
            value,
            html_template="",
            js_on_load=SCRIPT,
            apply_default_css=False,
            **props,
        )

    def preprocess(self, payload: object) -> str:
        """The text, or nothing where the browser has not said it yet."""
        return payload[:LONGEST] if isinstance(payload, str) else ""
