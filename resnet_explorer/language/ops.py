"""The ops of the language: one function each, which gives the layer that the op becomes.

To add an op, add a function. Its signature gives the editor's controls, its docstring the tooltip.
`x` is the shape that arrives; `context` says where the op stands, and the width and stride it has to reach.
Composite ops are in `composites`, merge steps in `merges`.
"""

from typing import Literal

from resnet_explorer.language.layer import (
    Layer,
    LayerContext,
    Shape,
    output_size,
    require_at_least,
    require_divisible,
    require_image,
)
from resnet_explorer.language.registry import register_op

Kernel = Literal[1, 3, 5, 7]


@register_op(changes_width=True, strides=True)
def conv(
    x: Shape,
    context: LayerContext,
    k: Kernel = 3,
    groups: int = 1,
    dilation: int = 1,
    stride: int = 1,
    width: int = 0,
    bias: bool = False,
) -> Layer:
    """k x k convolution, padded to keep the size; width 0 is the width the unit asks for."""
    require_image(x, context, "conv")
    require_at_least(min(dilation, stride), 1, context, "dilation and stride")
    out = width or context.c
    if groups != 1:
        require_divisible(groups, context, "conv", input=x.c, output=out)
    step = context.stride * stride
    spread = context.dilation * dilation if k > 1 else 1
    padding = spread * (k // 2) if k > 1 else 0
    h = output_size(x.h, k, step, padding, spread)
    y = Shape(out, h, h if x.w == x.h else output_size(x.w, k, step, padding, spread))
    weights = int(x.c) // groups * k * k * int(out)
    options = (("stride", step, 1), ("padding", padding, 0), ("dilation", spread, 1), ("groups", groups, 1))
    # what equals torch's own default is left out, unless it is a size with a name
    printed = tuple([(name, value) for name, value, default in options if value != default or type(value) is not int])
    return Layer(
        "conv",
        "Conv2d",
        (x.c, out, k),
        (*printed, ("bias", bias)) if not bias else printed,
        y,
        params=weights + int(out) * bias,
        macs=weights * y.area,
        keeps=("in",),
        kernel_extent=int(spread) * (k - 1) + 1,
        stride=int(step),
    )


@register_op()
def bn(x: Shape, context: LayerContext) -> Layer:
    """Batch normalisation: each channel to mean 0 and variance 1 over the batch, then scaled and shifted."""
    require_image(x, context, "bn")
    return Layer("bn", "BatchNorm2d", (x.c,), (), x, params=2 * int(x.c), norm_params=2 * int(x.c), keeps=("in",))


@register_op()
def gn(x: Shape, context: LayerContext, groups: int = 8) -> Layer:
    """Group normalisation: like bn, but over groups of channels of one image."""
    require_image(x, context, "gn")
    require_divisible(groups, context, "gn", input=x.c)
    # mean and spread of each group of each image are kept too
    return Layer("gn", "GroupNorm", (groups, x.c), (), x, params=2 * int(x.c), keeps=("in",), extra=2 * groups)


@register_op()
def ln2d(x: Shape, context: LayerContext) -> Layer:
    """Layer normalisation over the channels at each place of the image."""
    require_image(x, context, "ln2d")
    return Layer("ln2d", "LayerNorm2d", (x.c,), (), x, params=2 * int(x.c), keeps=("in",), extra=2 * x.area)


@register_op()
def relu(x: Shape, context: LayerContext) -> Layer:
    """max(x, 0)."""
    return Layer("relu", "ReLU", (), (), x, keeps=("out",))


@register_op()
def gelu(x: Shape, context: LayerContext) -> Layer:
    """x times the normal distribution function of x."""
    return Layer("gelu", "GELU", (), (), x, keeps=("in",))


@register_op()
def silu(x: Shape, context: LayerContext) -> Layer:
    """x times sigmoid(x)."""
    return Layer("silu", "SiLU", (), (), x, keeps=("in",))


@register_op()
def identity(x: Shape, context: LayerContext) -> Layer:
    """Nothing: what comes in goes out."""
    return Layer("identity", "Identity", (), (), x, is_view=True)


@register_op()
def dropout(x: Shape, context: LayerContext, p: float = 0.5) -> Layer:
    """Sets each number to zero with probability p while training, and scales the rest by 1/(1-p)."""
    _require_probability(p, context, "dropout")
    return Layer("dropout", "Dropout", (p,), (), x, extra=x.size)


@register_op()
def droppath(x: Shape, context: LayerContext, p: float = 0.1) -> Layer:
    """Stochastic depth: sets the whole input of an image to zero with probability p while training."""
    _require_probability(p, context, "droppath")
    return Layer("droppath", "DropPath", (p,), (), x, extra=1)


@register_op()
def scale(x: Shape, context: LayerContext, value: float = 1.0, learned: bool = False) -> Layer:
    """Multiplies by a number; learned makes it a parameter (SkipInit starts it at 0)."""
    options = (("learned", True),) if learned else ()
    return Layer("scale", "Scale", (value,), options, x, params=int(learned), keeps=("in",) if learned else ())


@register_op(strides=True)
def maxpool(x: Shape, context: LayerContext, k: Literal[2, 3] = 3, stride: int = 1) -> Layer:
    """The largest value under a k x k window."""
    require_image(x, context, "maxpool")
    require_at_least(stride, 1, context, "stride")
    step = context.stride * stride
    return _build_pool(x, context, "maxpool", "MaxPool2d", k, step, ())


@register_op(strides=True)
def avgpool(x: Shape, context: LayerContext, k: Literal[0, 2, 3] = 0, stride: int = 1) -> Layer:
    """The mean under a k x k window; k 0 is a window as large as the step, so that nothing overlaps."""
    require_image(x, context, "avgpool")
    require_at_least(stride, 1, context, "stride")
    step = context.stride * stride
    if k:
        return _build_pool(x, context, "avgpool", "AvgPool2d", k, step, (("count_include_pad", False),))
    y = Shape(x.c, -(-x.h // step), -(-x.w // step))
    options = (("stride", step), ("ceil_mode", True), ("count_include_pad", False))
    return Layer("avgpool", "AvgPool2d", (step,), options, y, keeps=("in",), kernel_extent=int(step), stride=int(step))


@register_op(changes_width=True, strides=True, kernel=1)
def pad(x: Shape, context: LayerContext, symmetric: bool = False) -> Layer:
    """Option A: every stride-th pixel, and new channels of zeros (behind; symmetric: on both sides)."""
    require_image(x, context, "pad")
    if context.c < x.c:
        raise context.error(
            f"pad cannot go from {int(x.c)} to {int(context.c)} channels, it only adds; write conv1 instead"
        )
    y = Shape(context.c, -(-x.h // context.stride), -(-x.w // context.stride))
    options = (("symmetric", True),) if symmetric else ()
    return Layer("pad", "PadChannels", (x.c, context.c, context.stride), options, y, stride=int(context.stride))


@register_op()
def gap(x: Shape, context: LayerContext) -> Layer:
    """Global average pooling: the mean of each channel."""
    require_image(x, context, "gap")
    return Layer("gap", "AdaptiveAvgPool2d", (1,), (), Shape(x.c, 1, 1))


@register_op()
def flatten(x: Shape, context: LayerContext) -> Layer:
    """All numbers in one row."""
    return Layer("flatten", "Flatten", (), (), Shape(x.size), is_view=True)


@register_op(changes_width=True)
def fc(x: Shape, context: LayerContext, width: int = 0) -> Layer:
    """Fully connected, with bias; width 0 is the width asked for (in the head: the classes)."""
    if not x.flat:
        raise context.error(f"fc needs numbers in a row, but its input is {x}; write 'gap flatten fc'")
    require_at_least(width, 0, context, "width")
    out = width or context.c
    weights = int(x.c) * int(out)
    return Layer("fc", "Linear", (x.c, out), (), Shape(out), params=weights + int(out), macs=weights, keeps=("in",))


def _require_probability(p: float, context: LayerContext, name: str) -> None:
    if not 0 <= p < 1:
        raise context.error(f"{name} needs a probability from 0 to below 1, not {p:g}")


def _build_pool(
    x: Shape, context: LayerContext, name: str, call: str, k: int, step: int, options: tuple[tuple[str, object], ...]
) -> Layer:
    padding = 1 if k == 3 else 0
    y = Shape(x.c, output_size(x.h, k, step, padding), output_size(x.w, k, step, padding))
    if y.h < 1 or y.w < 1:
        raise context.error(f"{name}({k}) cannot shrink {x} any further")
    printed = (("stride", step), ("padding", padding), *options)
    # the places of the maxima are kept as 8-byte integers: two elements each
    extra = 2 * y.size if call == "MaxPool2d" else 0
    return Layer(name, call, (k,), printed, y, keeps=("in",), extra=extra, kernel_extent=k, stride=int(step))
