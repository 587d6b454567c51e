"""What all components of ours share: they draw themselves by a JavaScript module of their folder.

A component is `components/NAME/NAME.py`, a subclass of `Component` with a typed value, `NAME.js`, whose `mount` draws
it, and `NAME.css`, whose rules Gradio limits to it. The module gets what Gradio gives to `js_on_load`:

    export function mount({ element, props, trigger, server }) { ... return draw; }

It gives a function that draws `props.value` into `element`, which is called at once and for every value from Python. It
assigns a new object to `props.value` to tell Python, and calls `trigger("select", data)` for an event. Visitors' text
never enters a template, only `textContent`: Gradio evaluates templates as JavaScript.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import Events

FOLDER = Path(__file__).parent
gr.set_static_paths(FOLDER)
BASE = (FOLDER / "shared" / "base.css").read_text()
START = """import(new URL("gradio_api/file={module}", document.baseURI).href)
  .then(({{ mount }}) => {{
    const draw = mount({{ element, props, trigger, server }});
    watch("value", draw);
    draw();
  }})
  .catch((error) => {{
    element.textContent = `This part could not be drawn: ${{error.message}}`;
    element.setAttribute("role", "alert");
  }});"""


class Component(gr.HTML):
    """Draws its value with the JavaScript module and the styles of the folder `name`.

    A subclass lists the events that it triggers in EVENTS, those that Gradio has (`Events.change`) and its own
    (`EventListener("stop")`).
    """

    EVENTS: list[Any] = [Events.change]

    def __init__(
        self,
        name: str,
        value: object = None,
        *,
        server_functions: Sequence[Callable[..., Any]] = (),
        label: str = "",
        min_height: int | None = None,
        elem_id: str | None = None,
        elem_classes: list[str] | None = None,
        visible: bool = True,
        render: bool = True,
        **props: Any,
    ) -> None:
        folder = FOLDER / name
        super().__init__(
            value,
            label=label or None,
            html_template="",
            css_template=BASE + (folder / f"{name}.css").read_text() + _kept(min_height),
            js_on_load=START.format(module=(folder / f"{name}.js").as_posix()),
            apply_default_css=False,
            padding=False,
            min_height=min_height,
            elem_id=elem_id,
            elem_classes=[name.replace("_", "-"), *(elem_classes or [])],
            visible=visible,
            render=render,
            server_functions=list(server_functions) or None,
            **props,
        )


def _kept(height: int | None) -> str:
    """The rule that keeps a height; Gradio's own lets go of it while a value is under way."""
    return f"\nmin-height: {height}px;" if height else ""
