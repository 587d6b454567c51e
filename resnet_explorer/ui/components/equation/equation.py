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


# as the sentence on the identity path writes it
SUM = "x_L = x_l + sum F"


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
        before, formula, after = answer["verdict"].partition(SUM)
        verdict = [before, mathml(r"x_L = x_l + \sum F") if formula else "", after]
        return json.dumps({"verdict": verdict, "exact": answer["exact"], "block": answer["block"], "rules": rules})

    def api_info(self) -> dict[str, Any]:
        """JSON as text."""
        return {"type": "string", "description": "rules in JSON"}
