"""The rules of a network's unit, forward and backward, as mathematics."""

import json
from typing import Any

from resnet_explorer.api.networks import equation
from resnet_explorer.describe.mathml import mathml
from resnet_explorer.ui.components.component import Component

RULES = {
    "forward": "Forward",
    "branch": "Branch",
    "backward": "Backward",
    "unrolled": "Over the units of a stage",
}


class Equation(Component):
    """Shows what a network's unit computes, and what that says about its identity path; the value is the network.

    import gradio as gr
    from resnet_explorer.ui.components.equation.equation import Equation
    with gr.Blocks() as demo:
        Equation("cifar-basic-56:full-preactivation")
    demo.launch()
    """

    EVENTS: list[Any] = []

    def __init__(self, value: str | None = None, **props: Any) -> None:
        super().__init__("equation", value, **props)

    def preprocess(self, payload: object) -> None:
        """Nothing comes back from a formula."""

    def postprocess(self, value: str | None) -> str | None:
        """The rules as LaTeX and MathML, in one JSON text."""
        if not value:
            return None
        answer: dict[str, Any] = dict(equation(value))
        rules = [
            {"name": label, "latex": answer[rule], "mathml": mathml(answer[rule])}
            for rule, label in RULES.items()
            if answer[rule]
        ]
        return json.dumps({name: answer[name] for name in ("verdict", "exact", "block")} | {"rules": rules})

    def api_info(self) -> dict[str, Any]:
        """JSON as text."""
        return {"type": "string", "description": "rules in JSON"}
