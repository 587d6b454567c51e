"""Gradio's state of one visitor, without a copy of every part of the page.

Gradio copies the description of all parts for each new session, and each value that they get, so that a deep link could
be made of them: a tenth of a second of a core, and more than a megabyte, for each visitor. Our links hold the page's
state themselves, and deep links are closed.
"""

from types import SimpleNamespace
from typing import Any

from gradio import blocks, route_utils, state_holder
from gradio.components import State


class LeanSession(state_holder.SessionState):
    """A session that keeps what events need, and no descriptions."""

    def __init__(self, page: blocks.Blocks) -> None:
        """Begin with the page's own parts, and none of their descriptions."""
        super().__init__(SimpleNamespace(default_config=page.default_config, blocks={}))  # type: ignore[arg-type]

    def __setitem__(self, key: int, value: Any) -> None:
        """Keep a value of `gr.State`, or the part that took another one's place."""
        if isinstance(self.blocks_config.blocks.get(key), State):
            super().__setitem__(key, value)
            self.config_values.clear()
        else:
            self.blocks_config.blocks[key] = value

    def _update_config(self, key: int) -> None:
        """Nothing is described."""

    def _update_value_in_config(self, key: int, value: Any) -> None:
        """Nothing is described."""


def use_lean_sessions() -> None:
    """Let all pages of this process have such sessions."""
    for module in (state_holder, blocks, route_utils):
        module.SessionState = LeanSession  # type: ignore[attr-defined]
