"""The merge steps, which join a branch and a shortcut; each has a Module in `models/units.py`.

`x` is what enters the unit, `y` what branch and shortcut both give. The tables of the Runge-Kutta
steps are (a, b): stage i sees h + sum a[i][j] k_j, and the unit gives h + sum b[j] k_j.
"""

from typing import Literal

from resnet_explorer.language.layer import Layer, LayerContext, Shape, numel
from resnet_explorer.language.registry import register_op

Tableau = tuple[tuple[tuple[float, ...], ...], tuple[float, ...]]

RK2: dict[str, Tableau] = {
    "midpoint": (((1 / 2,),), (0, 1)),
    "heun": (((1,),), (1 / 2, 1 / 2)),
    "ralston": (((2 / 3,),), (1 / 4, 3 / 4)),
}
RK3: dict[str, Tableau] = {
    "kutta": (((1 / 2,), (-1, 2)), (1 / 6, 2 / 3, 1 / 6)),
    "heun": (((1 / 3,), (0, 2 / 3)), (1 / 4, 0, 3 / 4)),
}
RK4: Tableau = (((1 / 2,), (0, 1 / 2), (0, 0, 1)), (1 / 6, 1 / 3, 1 / 3, 1 / 6))


@register_op("+", merges=True)
def add(x: Shape, y: Shape, context: LayerContext) -> Layer:
    """The sum of shortcut and branch: one step of Euler's method."""
    return Layer("+", "Add", (), (), y)


@register_op(merges=True)
def blend(x: Shape, y: Shape, context: LayerContext, bias: float = -6.0) -> Layer:
    """Exclusive gating: g(x) of the branch and 1 - g(x) of the shortcut, g a sigmoid of a 1x1 convolution."""
    weights = numel(x.c, y.c)
    return Layer(
        "blend",
        "Blend",
        (x.c, y.c, context.stride),
        (("bias", bias),),
        y,
        params=weights + int(y.c),
        macs=weights * y.area,
        keeps=("in", "branch", "skip"),
        extra=2 * y.size,
    )


@register_op(merges=True)
def rk2(
    x: Shape,
    y: Shape,
    context: LayerContext,
    method: Literal["midpoint", "heun", "ralston"] = "midpoint",
    shared: bool = False,
) -> Layer:
    """One second-order step: the branch in two stages, each with weights of its own unless shared."""
    return _build_step("rk2", RK2[method], y)


@register_op(merges=True)
def rk3(
    x: Shape, y: Shape, context: LayerContext, method: Literal["kutta", "heun"] = "kutta", shared: bool = False
) -> Layer:
    """One third-order step: the branch in three stages, each with weights of its own unless shared."""
    return _build_step("rk3", RK3[method], y)


@register_op(merges=True)
def rk4(x: Shape, y: Shape, context: LayerContext, shared: bool = False) -> Layer:
    """One classic fourth-order step: the branch in four stages, each with weights of its own unless shared."""
    return _build_step("rk4", RK4, y)


def _build_step(name: str, tableau: Tableau, y: Shape) -> Layer:
    return Layer(name, "RungeKutta", tableau, (), y)
