"""The state of the page in its address: which control stands there, under which name; the browser reads and writes."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import gradio as gr
from gradio.components import Component

from resnet_explorer.ui.components.component import FOLDER
from resnet_explorer.ui.components.lanes.lanes import Lane, Lanes
from resnet_explorer.ui.head import module_url

MODULE = module_url(FOLDER / "shared" / "link.js")
IMPORT = f'(await import(new URL("{MODULE}", document.baseURI).href))'


@dataclass
class Link:
    """The controls that the address holds, by name; a name is given once and kept, for old links use it."""

    controls: dict[str, Any] = field(default_factory=dict)

    def keep(self, name: str, control: Component) -> Component:
        """Let the address hold this control's value under a name; its value now is its default."""
        if name in self.controls:
            raise ValueError(f"two controls stand in the link as {name!r}")
        self.controls[name] = control
        return control

    def wire(
        self, demo: gr.Blocks, lanes: Lanes, tabs: gr.Tabs, views: dict[str, gr.Tab], default: Sequence[Lane]
    ) -> None:
        """Set everything from the address when the page opens, and write it back whenever something changes."""
        controls = list(self.controls.values())
        spec = json.dumps([_describe(name, control) for name, control in self.controls.items()])
        first = json.dumps([asdict(lane) for lane in default])
        demo.load(
            None,
            None,
            [lanes, tabs, *controls],
            js=f"async () => {IMPORT}.read({{ views: {json.dumps(list(views))}, lanes: {first}, controls: {spec} }})",
            api_visibility="private",
        )
        gr.on(
            [control.change for control in controls],
            None,
            controls,
            js=f"async (...values) => {{ {IMPORT}.write({{ controls: {spec} }}, ...values); }}",
            api_visibility="private",
        )
        for name, tab in views.items():
            script = f"async () => {{ {IMPORT}.showView({json.dumps(name)}); }}"
            tab.select(None, js=script, api_visibility="private")


def _describe(name: str, control: Component) -> dict[str, Any]:
    """What the browser must know to read a control's value from text: its default, and what it takes."""
    described: dict[str, Any] = {"name": name, "value": control.value}
    if isinstance(control, gr.Dropdown | gr.Radio):
        free = isinstance(control, gr.Dropdown) and control.allow_custom_value
        described["choices"] = None if free else [value for _, value in control.choices]
    if isinstance(control, gr.Slider | gr.Number):
        described |= {"minimum": control.minimum, "maximum": control.maximum}
    return described
