"""The two ways by which a gradient reaches a unit's input: straight through the shortcut, and through the branch.

What goes straight is pulled back from the merge: past the gate of a `blend`, through what stands on the shortcut and
before the fork. All else has passed the branch, also where it enters a later stage of a Runge-Kutta step, or a gate.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from resnet_explorer.models.blocks import Decoder
from resnet_explorer.models.units import Blend, Network, Residual, Through

# takes a unit's number, what reaches its input by the shortcut, None where there is none, and by the branch
Keep = Callable[[int, Tensor | None, Tensor], None]


def split_gradients(net: Network, units: Sequence[Residual], keep: Keep) -> None:
    """Have each later backward pass through the network give the gradient at each unit's input by both ways."""
    stages = [layer.stage for layer in net.head if isinstance(layer, Decoder)]
    # what enters these goes to the head as well
    tapped = [net.stages[stage][0] for stage in stages if stage < len(net.stages)]  # type: ignore[index]
    pulling = Pulling()
    for number, unit in enumerate(units):
        UnitPaths(unit, unit in tapped, pulling, partial(keep, number))


@dataclass
class Pulling:
    """Whether a gradient is being pulled back by itself: that is none of the backward pass."""

    active: bool = False

    def back(self, y: Tensor, x: Tensor, gradient: Tensor) -> Tensor:
        """A gradient by y, as one by x."""
        self.active = True
        (pulled,) = torch.autograd.grad(y, x, gradient, retain_graph=True, materialize_grads=True)
        self.active = False
        return pulled

    def watch(self, tensor: Tensor, act: Callable[[Tensor], None]) -> None:
        """Act on the tensor's gradient in the backward pass."""

        def hook(gradient: Tensor) -> None:
            if not self.active:
                act(gradient)

        tensor.register_hook(hook)  # type: ignore[no-untyped-call]


class UnitPaths:
    """Splits the gradient of one unit while it passes: the graph is walked once, and nothing is kept longer."""

    def __init__(
        self, unit: Residual, tapped: bool, pulling: Pulling, keep: Callable[[Tensor | None, Tensor], None]
    ) -> None:
        """Tapped: another than the unit takes its input, too."""
        self.unit, self.tapped, self.pulling, self.keep = unit, tapped, pulling, keep
        # what a gradient is pulled back by, and what was pulled back
        self.tensors: dict[str, Tensor] = {}
        unit.register_forward_pre_hook(lambda unit, inputs: self._enter(inputs[0]))
        unit.merge.register_forward_hook(lambda merge, inputs, y: self._merge(y))
        if len(unit.pre) or len(unit.skip):
            unit.merge.register_forward_pre_hook(lambda merge, inputs: self._put("fork", inputs[2]))
            unit.skip.register_forward_hook(lambda skip, inputs, y: self._put("shortcut", y))
        if isinstance(unit.merge, Blend):
            unit.merge.gate.register_forward_hook(lambda gate, inputs, y: self._put("gate", y.detach()))

    def _put(self, name: str, tensor: Tensor) -> None:
        self.tensors[name] = tensor

    def _enter(self, x: Tensor) -> None:
        if self.tapped or len(self.unit.pre):
            self._put("x", x)
        if not self.tapped:
            self.pulling.watch(x, self._arrive)

    def _merge(self, y: Tensor) -> None:
        if self.tapped:
            self._put("merged", y)
        if self.tapped or not isinstance(self.unit.merge, Through):
            self.pulling.watch(y, self._leave)

    def _leave(self, gradient: Tensor) -> None:
        """The backward pass has come to the merge: nothing before it has been freed yet."""
        tensors = self.tensors
        straight = None if isinstance(self.unit.merge, Through) else self._straight(gradient)
        whole = self.pulling.back(tensors["merged"], tensors["x"], gradient) if self.tapped else None
        tensors.clear()
        if whole is not None:
            self._split(straight, whole)
        elif straight is not None:
            self._put("straight", straight)

    def _straight(self, gradient: Tensor) -> Tensor:
        if "gate" in self.tensors:
            gradient = gradient * (1 - torch.sigmoid(self.tensors["gate"]))
        if len(self.unit.skip):
            gradient = self.pulling.back(self.tensors["shortcut"], self.tensors["fork"], gradient)
        if len(self.unit.pre):
            gradient = self.pulling.back(self.tensors["fork"], self.tensors["x"], gradient)
        return gradient

    def _arrive(self, whole: Tensor) -> None:
        """The backward pass has come to the unit's input."""
        self._split(self.tensors.pop("straight", None), whole)
        self.tensors.clear()

    def _split(self, straight: Tensor | None, whole: Tensor) -> None:
        self.keep(straight, whole if straight is None else whole - straight)
