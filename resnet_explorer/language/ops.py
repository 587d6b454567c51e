"""THE WORDS: one function per op, lowering to the layer it becomes.

To add a word, add a function. Its signature gives the editor's controls, its docstring the tooltip.
`x` is the shape that arrives; `to` says where the word stands and what is asked of it there.
Words with an inside are in `composites`, merge steps in `merges`.
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
    to: LayerContext,
    k: Kernel = 3,
    groups: int = 1,
    dilation: int = 1,
    stride: int = 1,
    width: int = 0,
    bias: bool = False,
) -> Layer:
    """k x k convolution, padded to keep the size; width 0 is the width the unit asks for."""
    require_image(x, to, "conv")
    require_at_least(min(dilation, stride), 1, to, "dilation and stride")
    out = width or to.c
    if groups != 1:
        require_divisible(groups, to, "conv", input=x.c, output=out)
    step = to.stride * stride
    spread = to.dilation * dilation if k > 1 else 1
    padding = spread * (k // 2) if k > 1 else 0
    h = output_size(x.h, k, step, padding, spread)
    y = Shape(out, h, h if x.w == x.h else output_size(x.w, k, step, padding, spread))
    weights = int(x.c) // groups * k * k * int(out)
    options = (("stride", step, 1), ("padding", padding, 0), ("dilation", spread, 1), ("groups", groups, 1))
    # what equals torch's own default is left out, unless it is a size with a name
    shown = tuple([(name, value) for name, value, usual in options if value != usual or type(value) is not int])
    return Layer(
        "conv",
        "Conv2d",
        (x.c, out, k),
        (*shown, ("bias", bias)) if not bias else shown,
        y,
        params=weights + int(out) * bias,
        macs=weights * y.area,
        keeps=("in",),
        kernel_extent=int(spread) * (k - 1) + 1,
        stride=int(step),
    )


@register_op()
def bn(x: Shape, to: LayerContext) -> Layer:
    """Batch normalisation: each channel to mean 0 and variance 1 over the batch, then scaled and shifted."""
    require_image(x, to, "bn")
    return Layer("bn", "BatchNorm2d", (x.c,), (), x, params=2 * int(x.c), norm_params=2 * int(x.c), keeps=("in",))


@register_op()
def gn(x: Shape, to: LayerContext, groups: int = 8) -> Layer:
    """Group normalisation: like bn, but over groups of channels of one image."""
    require_image(x, to, "gn")
    require_divisible(groups, to, "gn", input=x.c)
    # mean and spread of each group of each image are kept too
    return Layer("gn", "GroupNorm", (groups, x.c), (), x, params=2 * int(x.c), keeps=("in",), extra=2 * groups)


@register_op()
def ln2d(x: Shape, to: LayerContext) -> Layer:
    """Layer normalisation over the channels at each place of the image."""
    require_image(x, to, "ln2d")
    return Layer("ln2d", "LayerNorm2d", (x.c,), (), x, params=2 * int(x.c), keeps=("in",), extra=2 * x.area)


@register_op()
def relu(x: Shape, to: LayerContext) -> Layer:
    """max(x, 0)."""
    return Layer("relu", "ReLU", (), (), x, keeps=("out",))


@register_op()
def gelu(x: Shape, to: LayerContext) -> Layer:
    """x times the normal distribution function of x."""
    return Layer("gelu", "GELU", (), (), x, keeps=("in",))


@register_op()
def silu(x: Shape, to: LayerContext) -> Layer:
    """x times sigmoid(x)."""
    return Layer("silu", "SiLU", (), (), x, keeps=("in",))


@register_op()
def identity(x: Shape, to: LayerContext) -> Layer:
    """Nothing: what comes in goes out."""
    return Layer("identity", "Identity", (), (), x, is_view=True)


@register_op()
def dropout(x: Shape, to: LayerContext, p: float = 0.5) -> Layer:
    """Sets each number to zero with probability p while training, and scales the rest by 1/(1-p)."""
    _probability(p, to, "dropout")
    return Layer("dropout", "Dropout", (p,), (), x, extra=x.size)


@register_op()
def droppath(x: Shape, to: LayerContext, p: float = 0.1) -> Layer:
    """Stochastic depth: sets the whole input of an image to zero with probability p while training."""
    _probability(p, to, "droppath")
    return Layer("droppath", "DropPath", (p,), (), x, extra=1)


@register_op()
def scale(x: Shape, to: LayerContext, value: float = 1.0, learned: bool = False) -> Layer:
    """Multiplies by a number; learned makes it a parameter (SkipInit starts it at 0)."""
    options = (("learned", True),) if learned else ()
    return Layer("scale", "Scale", (value,), options, x, params=int(learned), keeps=("in",) if learned else ())


@register_op(strides=True)
def maxpool(x: Shape, to: LayerContext, k: Literal[2, 3] = 3, stride: int = 1) -> Layer:
    """The largest value under a k x k window."""
    require_image(x, to, "maxpool")
    require_at_least(stride, 1, to, "stride")
    step = to.stride * stride
    return _pool(x, to, "maxpool", "MaxPool2d", k, step, ())


@register_op(strides=True)
def avgpool(x: Shape, to: LayerContext, k: Literal[0, 2, 3] = 0, stride: int = 1) -> Layer:
    """The mean under a k x k window; k 0 is a window as large as the step, so that nothing overlaps."""
    require_image(x, to, "avgpool")
    require_at_least(stride, 1, to, "stride")
    step = to.stride * stride
    if k:
        return _pool(x, to, "avgpool", "AvgPool2d", k, step, (("count_include_pad", False),))
    y = Shape(x.c, -(-x.h // step), -(-x.w // step))
    options = (("stride", step), ("ceil_mode", True), ("count_include_pad", False))
    return Layer("avgpool", "AvgPool2d", (step,), options, y, keeps=("in",), kernel_extent=int(step), stride=int(step))


@register_op(changes_width=True, strides=True, kernel=1)
def pad(x: Shape, to: LayerContext, symmetric: bool = False) -> Layer:
    """Option A: every stride-th pixel, and new channels of zeros (behind; symmetric: on both sides)."""
    require_image(x, to, "pad")
    if to.c < x.c:
        raise to.error(f"pad cannot go from {int(x.c)} to {int(to.c)} channels, it only adds; write conv1 instead")
    y = Shape(to.c, -(-x.h // to.stride), -(-x.w // to.stride))
    options = (("symmetric", True),) if symmetric else ()
    return Layer("pad", "PadChannels", (x.c, to.c, to.stride), options, y, stride=int(to.stride))


@register_op()
def gap(x: Shape, to: LayerContext) -> Layer:
    """Global average pooling: the mean of each channel."""
    require_image(x, to, "gap")
    return Layer("gap", "AdaptiveAvgPool2d", (1,), (), Shape(x.c, 1, 1))


@register_op()
def flatten(x: Shape, to: LayerContext) -> Layer:
    """All numbers in one row."""
    return Layer("flatten", "Flatten", (), (), Shape(x.size), is_view=True)


@register_op(changes_width=True)
def fc(x: Shape, to: LayerContext, width: int = 0) -> Layer:
    """Fully connected, with bias; width 0 is the width asked for (in the head: the classes)."""
    if not x.flat:
        raise to.error(f"fc needs numbers in a row, but its input is {x}; write 'gap flatten fc'")
    require_at_least(width, 0, to, "width")
    out = width or to.c
    weights = int(x.c) * int(out)
    return Layer("fc", "Linear", (x.c, out), (), Shape(out), params=weights + int(out), macs=weights, keeps=("in",))


def _probability(p: float, to: LayerContext, name: str) -> None:
    if not 0 <= p < 1:
        raise to.error(f"{name} needs a probability from 0 to below 1, not {p:g}")


def _pool(
    x: Shape, to: LayerContext, name: str, call: str, k: int, step: int, options: tuple[tuple[str, object], ...]
) -> Layer:
    padding = 1 if k == 3 else 0
    y = Shape(x.c, output_size(x.h, k, step, padding), output_size(x.w, k, step, padding))
    if y.h < 1 or y.w < 1:
        raise to.error(f"{name}({k}) cannot shrink {x} any further")
    shown = (("stride", step), ("padding", padding), *options)
    # the places of the maxima are kept as 8-byte integers: two elements each
    extra = 2 * y.size if call == "MaxPool2d" else 0
    return Layer(name, call, (k,), shown, y, keeps=("in",), extra=extra, kernel_extent=k, stride=int(step))
