"""Words with an inside: a chain link outside, anything inside; each has a Module in `models/blocks.py`."""

from typing import Literal

from resnet_explorer.language.layer import (
    Layer,
    LayerContext,
    Shape,
    require_at_least,
    require_divisible,
    require_image,
    with_parts,
)
from resnet_explorer.language.ops import Kernel, avgpool, bn, conv, dropout, gap, maxpool, relu
from resnet_explorer.language.registry import register_op

MAX_SPLITS = 64


@register_op()
def se(x: Shape, to: LayerContext, reduction: int = 16) -> Layer:
    """Squeeze and excitation: each channel scaled by a gate computed from the means of all channels."""
    require_image(x, to, "se")
    require_at_least(reduction, 1, to, "reduction")
    hidden = max(1, int(x.c) // reduction)
    mean = gap(x, to)
    squeeze = conv(mean.shape, to, 1, width=hidden, bias=True)
    excite = conv(squeeze.shape, to, 1, width=int(x.c), bias=True)
    parts = (mean, squeeze, relu(squeeze.shape, to), excite)
    layer = Layer("se", "SqueezeExcite", (x.c, reduction), (), x, keeps=("in",), parts=parts)
    return with_parts(layer, extra=2 * int(x.c) + hidden)


@register_op()
def gate(x: Shape, to: LayerContext, bias: float = -6.0) -> Layer:
    """Shortcut-only gating: x times 1 - g(x), g a sigmoid of a 1x1 convolution that starts with this bias."""
    require_image(x, to, "gate")
    parts = (_conv(x, to, int(x.c), bias=True),)
    layer = Layer("gate", "Gate", (x.c,), (("bias", bias),), x, keeps=("in",), parts=parts)
    return with_parts(layer, extra=2 * x.size)


@register_op(strides=True, kernel=3)
def res2(x: Shape, to: LayerContext, scale: int = 4, groups: int = 1, first: Literal["pool", "conv"] = "pool") -> Layer:
    """Res2Net: the channels in `scale` splits, each convolved after adding the result of the one before.

    In a stage's first unit nothing is added, and the last split is pooled (or convolved) instead of passed.
    """
    require_image(x, to, "res2")
    require_at_least(scale, 2, to, "scale")
    if scale > MAX_SPLITS:
        raise to.error(f"scale must be at most {MAX_SPLITS}, not {scale}")
    require_divisible(scale, to, "res2", input=x.c)
    width = int(x.c) // scale
    require_divisible(groups, to, "res2", split=width)
    split = Shape(width, x.h, x.w)
    convs = scale if to.first and first == "conv" else scale - 1
    one = _conv(split, to, width, k=3, groups=groups, stride=int(to.stride))
    parts = (one, bn(one.shape, to), relu(one.shape, to)) * convs
    if to.first and first == "pool":
        parts += (avgpool(split, LayerContext(to.where, width, int(to.stride)), 3),)
    elif to.stride > 1 and not to.first:
        raise to.error("res2 can only take a stride in the first unit of a stage")
    options: tuple[tuple[str, object], ...] = (("groups", groups),) if groups > 1 else ()
    if to.first and first == "conv":
        options += (("pool", False),)
    y = Shape(x.c, one.shape.h, one.shape.w)
    sums = 0 if to.first else (convs - 1) * split.size
    extent = 3 if to.first else 2 * convs + 1
    args = (x.c, scale, to.stride, to.first)
    layer = Layer(
        "res2", "Res2", args, options, y, keeps=("in",), parts=parts, kernel_extent=extent, stride=int(to.stride)
    )
    return with_parts(layer, extra=2 * convs * one.shape.size + sums)


@register_op(changes_width=True)
def wasp(x: Shape, to: LayerContext, rates: tuple[int, ...] = (18, 12, 6), width: int = 0) -> Layer:
    """UniPose's waterfall: dilated convolutions in a row, every result kept, each twice through one shared 1x1.

    A pooled branch joins them; the concatenation goes through a 1x1 to the width asked for.
    """
    require_image(x, to, "wasp")
    for rate in rates:
        require_at_least(rate, 1, to, "a rate")
    out = width or to.c
    y = Shape(out, x.h, x.w)
    entry = _unit(x, to, out, 1)
    falls = tuple(part for rate in rates for part in _unit(y, to, out, 3, rate))
    shared = _conv(y, to, out, k=1)
    branches = len(rates) + 1
    pooled = (gap(x, to), *_unit(Shape(x.c, 1, 1), to, out, 1))
    joined = _unit(Shape(int(out) * (branches + 1), x.h, x.w), to, out, 1)
    parts = (
        *entry,
        *falls,
        shared,
        *(shared.with_shared_weights(),) * (2 * branches - 1),
        *pooled,
        *joined,
        dropout(y, to),
    )
    extent = 1 + 2 * sum(rates)
    layer = Layer("wasp", "Wasp", (x.c, out, rates), (), y, keeps=("in",), parts=parts, kernel_extent=extent)
    kept = branches * 3 + (branches + 1) + 3
    return with_parts(layer, extra=kept * y.size + int(x.c) + 2 * int(out))


@register_op(changes_width=True)
def decoder(x: Shape, to: LayerContext, stage: int = 1, low: int = 48, width: int = 256) -> Layer:
    """UniPose's decoder: joins an early stage's output, and gives one heatmap a joint and one for the background."""
    require_image(x, to, "decoder")
    if not 1 <= stage <= len(to.taps):
        raise to.error(f"decoder wants the output of stage {stage}, but there are {len(to.taps)} stages before it")
    tap = to.taps[stage - 1]
    early = _unit(tap, to, low, 1)
    shrunk = maxpool(early[-1].shape, to, 3, 2)
    h, w = shrunk.shape.h, shrunk.shape.w
    one = _unit(Shape(int(x.c) + low, h, w), to, width, 3)
    two = _unit(Shape(width, h, w), to, width, 3)
    y = Shape(width, h, w)
    maps = conv(y, LayerContext(to.where, int(to.c) + 1), 1, bias=True)
    parts = (*early, shrunk, *one, dropout(y, to, 0.5), *two, dropout(y, to, 0.1), maps)
    options = (("stage", stage),) if stage > 1 else ()
    layer = Layer(
        "decoder", "Decoder", (x.c, tap.c, to.c, low, width), options, maps.shape, parts=parts, tap_index=stage
    )
    # the early features are kept by the stage that made them; upsampling and joining keep only their result
    kept = 2 * early[-1].shape.size + shrunk.extra + (int(x.c) + low) * h * w + 8 * y.size
    return with_parts(layer, extra=kept)


def _conv(
    x: Shape,
    to: LayerContext,
    width: int,
    k: Kernel = 1,
    groups: int = 1,
    stride: int = 1,
    dilation: int = 1,
    bias: bool = False,
) -> Layer:
    """A convolution inside a composite: the site's own stride and dilation do not reach it."""
    return conv(x, LayerContext(to.where, width), k, groups, dilation, stride, 0, bias)


def _unit(x: Shape, to: LayerContext, width: int, k: Kernel, dilation: int = 1) -> tuple[Layer, Layer, Layer]:
    one = _conv(x, to, width, k=k, dilation=dilation)
    return one, bn(one.shape, to), relu(one.shape, to)
