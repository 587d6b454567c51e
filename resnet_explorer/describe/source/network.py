"""A network as readable PyTorch source that needs nothing but torch.

Its units are lowered once more with sizes that remember their names (`NamedInt`), so the layers that
the plan counts and `build` calls are the very ones printed here; what torch.nn lacks is copied as
text from `models/units.py` and `models/blocks.py`.
"""

import ast
import re
from functools import lru_cache
from textwrap import dedent, indent

from resnet_explorer import PACKAGE_DIR
from resnet_explorer.describe.source.literals import docstring, listed, sequential
from resnet_explorer.describe.source.unit import UnitCode, unit_code
from resnet_explorer.language.layer import Layer
from resnet_explorer.networks.plan import Plan


def export(plan: Plan, title: str = "A residual network") -> str:
    """The source of a network: a class for its unit, and one for the network with a loop over the stages."""
    unit = unit_code(plan)
    calls = {layer.call for layer in _all_layers(plan)}
    class_sources = [text for name, text in _class_sources().items() if name in calls and name != "Add"]
    heading = docstring(f"{title}: {plan.params:,} parameters, {plan.macs:,} multiply-adds an image of {plan.image}.")
    network = _write_network(plan, unit)
    body = "\n\n\n".join([*class_sources, unit.text, network, _write_main(plan)])
    return f"{heading}\n\n{_write_imports(body)}\n\n\n{body}\n"


def _write_network(plan: Plan, unit: UnitCode) -> str:
    stem = f"self.stem = {sequential(plan.stem)}" if plan.stem else ""
    head = f"self.head = {sequential(plan.head)}" if plan.head else ""
    lines = [*filter(None, ("super().__init__()", stem)), _write_loop(plan, unit), *filter(None, (head,))]
    init = "def __init__(self):\n" + indent("\n".join(lines), "    ")
    return "class Net(nn.Module):\n" + indent(f"{init}\n\n{_write_forward(plan)}", "    ")


def _write_loop(plan: Plan, unit: UnitCode) -> str:
    network = plan.network
    c_in = plan.stages[0][0].unit.x.c
    rows = [f"({c}, {n}, {s})" for c, n, s in zip(network.widths, network.depths, network.strides, strict=True)]
    table = listed("[", rows, "]", first=len("for c_out, depth, stride in ") + 8)
    arguments = ["c_in", "c_out", "stride if i == 0 else 1", *unit.arguments]
    lines = [
        f"stages, c_in = [], {c_in}",
        f"for c_out, depth, stride in {table}:",
        "    units = []",
        "    for i in range(depth):",
        indent(f"units.append({listed('Unit(', arguments, ')', first=26)})", " " * 8),
        "        c_in = c_out",
        "    stages.append(nn.Sequential(*units))",
        "self.stages = nn.Sequential(*stages)",
    ]
    return "\n".join(lines)


def _write_forward(plan: Plan) -> str:
    if any(layer.tap_index for layer in plan.head):
        return _method_sources("Network")["forward"]
    stages = "self.stages(self.stem(x))" if plan.stem else "self.stages(x)"
    return f"def forward(self, x):\n    return {f'self.head({stages})' if plan.head else stages}"


def _write_main(plan: Plan) -> str:
    count = "print(sum(p.numel() for p in Net().parameters()))"
    return f'if __name__ == "__main__":\n    {count}  # {plan.params}'


def _write_imports(body: str) -> str:
    lines = []
    if "Sequence[" in body:
        lines.append("from collections.abc import Sequence\n")
    if re.search(r"\btorch\.", body):
        lines.append("import torch")
    if re.search(r"\bF\.", body):
        lines.append("import torch.nn.functional as F")
    lines.append("from torch import Tensor, nn" if "Tensor" in body else "from torch import nn")
    return "\n".join(lines)


def _all_layers(plan: Plan) -> list[Layer]:
    return [*plan.stem, *(layer for run in plan.runs() for layer in run.unit.layers()), *plan.head]


@lru_cache(maxsize=1)
def _class_sources() -> dict[str, str]:
    """The classes of `models/units.py` and `models/blocks.py` as text."""
    source = "\n\n".join((PACKAGE_DIR / "models" / file).read_text() for file in ("units.py", "blocks.py"))
    source = re.sub(r"  # type: ignore\[.*?\]", "", source)
    classes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    return {node.name: ast.get_source_segment(source, node) or "" for node in classes}


def _method_sources(name: str) -> dict[str, str]:
    source = _class_sources()[name]
    (node,) = ast.parse(source).body
    assert isinstance(node, ast.ClassDef)
    methods = [item for item in node.body if isinstance(item, ast.FunctionDef)]
    return {item.name: dedent(ast.get_source_segment(source, item, padded=True) or "") for item in methods}
