"""The two ways through a unit: what the shortcut brings to the merge, and what the branch adds to it."""

from torch import Tensor

from resnet_explorer.models.units import Blend, Residual, RungeKutta, Through


def split(unit: Residual, fork: Tensor) -> tuple[Tensor | None, Tensor]:
    """What comes by the shortcut (None in a plain unit) and by the branch; their sum is what the merge gives.

    A gate's gradient goes by the branch, and so does all that enters a later stage of a Runge-Kutta step.
    """
    merge = unit.merge
    if isinstance(merge, Through):
        return None, unit.branch(fork)
    shortcut: Tensor = unit.skip(fork)
    if isinstance(merge, Blend):
        g = merge.gate(fork).sigmoid()
        # the second term is 0, and has the gradient of the gate through the shortcut
        return (1 - g.detach()) * shortcut, g * unit.branch(fork) + (g.detach() - g) * shortcut
    if isinstance(merge, RungeKutta):
        return shortcut, _increment(unit, merge, shortcut, fork)
    return shortcut, unit.branch(fork)


def _increment(unit: Residual, merge: RungeKutta, h: Tensor, fork: Tensor) -> Tensor:
    """What a Runge-Kutta step adds: the weighted slopes of all its stages."""
    stages = list(unit.branch.children())
    slopes = [stages[0](fork)]
    for number, row in enumerate(merge.a, start=1):
        slopes.append(stages[min(number, len(stages) - 1)](merge.step(h, row, slopes)))
    return merge.step(h.new_zeros(()), merge.b, slopes)
