"""What all components of ours share: they draw themselves by a JavaScript module of their folder.

A component is `components/NAME/NAME.py`, a subclass of `Component` with a typed value, `NAME.js`, whose `mount` draws
it, and `NAME.css`, whose rules are limited to it. The module gets what Gradio gives to `js_on_load`:

    export function mount({ element, props, trigger, server }) { ... return draw; }

It gives a function that draws `props.value` into `element`, which is called at once and for every value from Python. It
assigns a new object to `props.value` to tell Python, and calls `trigger("select", data)` for an event. Visitors' text
never enters a template, only `textContent`: Gradio evaluates templates as JavaScript.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import Events

FOLDER = Path(__file__).parent
gr.set_static_paths(FOLDER)
BASE = (FOLDER / "shared" / "base.css").read_text()
# the styles stand in the page once: those that are given to Gradio are written anew with every value, and then the
# browser works out the styles of the whole page
START = """if (!document.querySelector("style[data-of={styled}]")) {{
  const style = document.createElement("style");
  style.dataset.of = "{styled}";
  style.textContent = {styles};
  document.head.append(style);
}}
element.style.minHeight = "{height}";
const begin = ({{ mount }}) => {{
  const draw = mount({{ element, props, trigger, server }});
  watch("value", draw);
  draw();
}};
const failed = (error) => {{
  element.textContent = `This part could not be drawn: ${{error.message}}`;
  element.setAttribute("role", "alert");
}};
const load = (again) => import(new URL("gradio_api/file={module}", document.baseURI).href).then(begin, (error) => {{
  const detail = {{ key: element, again: () => load(true) }};
  if (again || document.dispatchEvent(new CustomEvent("server-lost", {{ cancelable: true, detail }}))) throw error;
}}).catch(failed);
load(false);"""


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
            css_template="",
            js_on_load=START.format(
                styled=styled_class(name),
                styles=json.dumps(styles(name)),
                # Gradio's own lets go of it while a value is under way
                height=f"{min_height}px" if min_height else "",
                module=(folder / f"{name}.js").as_posix(),
            ),
            apply_default_css=False,
            padding=False,
            min_height=min_height,
            elem_id=elem_id,
            elem_classes=[styled_class(name), *(elem_classes or [])],
            visible=visible,
            render=render,
            server_functions=list(server_functions) or None,
            **props,
        )


def styled_class(name: str) -> str:
    """The class that limits a component's rules to it."""
    return name.replace("_", "-")


def styles(name: str) -> str:
    """The rules of a component, as strong as those that name an element by its id."""
    return f":is(.{styled_class(name)}, #_) {{ {BASE}{(FOLDER / name / f'{name}.css').read_text()} }}"
