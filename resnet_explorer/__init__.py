"""Residual networks as sentences.

    import resnet_explorer as rx

    rx.describe("cifar-basic-56")          every layer, with shape, parameters, multiply-adds and memory
    rx.compare(["wrn-40-2", "wrn-16-8"])   networks side by side
    rx.equation("cifar-basic-56")          the unit's forward and backward rule, and its identity path
    rx.export("cifar-basic-56")            readable PyTorch source; rx.notebook: a notebook
    rx.catalog()                           the families, orderings and words there are
    rx.build("cifar-basic-56")             an ordinary torch.nn.Module
    rx.probe(["cifar-basic-56"])           gradients at initialisation, unit by unit
    rx.figure(["cifar-basic-56"])          the same as a Plotly figure
    rx.train(["cifar-basic-8"])            train side by side, and get the curves
    rx.runs()                              the runs there are; rx.curves(RUN): what one has measured

What is refused raises an `ExplorerError` with one sentence. Nothing is loaded before it is used: importing this
package loads neither torch nor gradio nor plotly.
"""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resnet_explorer.api.gradients import probe
    from resnet_explorer.api.networks import catalog, compare, describe, equation, export, notebook
    from resnet_explorer.api.notebooks import build, curves, figure, runs, train
    from resnet_explorer.errors import ExplorerError

__version__ = "0.1.0"
__all__ = [
    "ExplorerError",
    "__version__",
    "build",
    "catalog",
    "compare",
    "curves",
    "describe",
    "equation",
    "export",
    "figure",
    "notebook",
    "probe",
    "runs",
    "train",
]
PACKAGE_DIR = Path(__file__).parent
# the module that each public name is loaded from
_MODULES = {
    "ExplorerError": "resnet_explorer.errors",
    **dict.fromkeys(
        ("catalog", "compare", "describe", "equation", "export", "notebook"), "resnet_explorer.api.networks"
    ),
    "probe": "resnet_explorer.api.gradients",
    **dict.fromkeys(("build", "curves", "figure", "runs", "train"), "resnet_explorer.api.notebooks"),
}


class _Package(ModuleType):
    """Two rooms are named as verbs are, `describe` and `runs`; importing a room does not hide the verb."""

    def __setattr__(self, name: str, value: object) -> None:
        if name not in _MODULES or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
