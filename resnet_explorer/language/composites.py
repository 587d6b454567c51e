"""Composite ops: one op in a chain, several layers inside; each has a Module in `models/blocks.py`."""

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
def se(x: Shape, context: LayerContext, reduction: int = 16) -> Layer:
    """Squeeze and excitation: each channel scaled by a gate computed from the means of all channels."""
    require_image(x, context, "se")
    require_at_least(reduction, 1, context, "reduction")
    hidden = max(1, int(x.c) // reduction)
    mean = gap(x, context)
    squeeze = conv(mean.shape, context, 1, width=hidden, bias=True)
    excite = conv(squeeze.shape, context, 1, width=int(x.c), bias=True)
    parts = (mean, squeeze, relu(squeeze.shape, context), excite)
    layer = Layer("se", "SqueezeExcite", (x.c, reduction), (), x, keeps=("in",), parts=parts)
    return with_parts(layer, extra=2 * int(x.c) + hidden)


@register_op()
def gate(x: Shape, context: LayerContext, bias: float = -6.0) -> Layer:
    """Shortcut-only gating: x times 1 - g(x), g a sigmoid of a 1x1 convolution that starts with this bias."""
    require_image(x, context, "gate")
    parts = (_conv(x, context, int(x.c), bias=True),)
    layer = Layer("gate", "Gate", (x.c,), (("bias", bias),), x, keeps=("in",), parts=parts)
    return with_parts(layer, extra=2 * x.size)


@register_op(strides=True, kernel=3)
def res2(
    x: Shape, context: LayerContext, scale: int = 4, groups: int = 1, first: Literal["pool", "conv"] = "pool"
) -> Layer:
    """Res2Net: the channels in `scale` splits, each convolved after adding the result of the one before.

    In a stage's first unit nothing is added, and the last split is pooled (or convolved) instead of passed.
    """
    require_image(x, context, "res2")
    require_at_least(scale, 2, context, "scale")
    if scale > MAX_SPLITS:
        raise context.error(f"scale must be at most {MAX_SPLITS}, not {scale}")
    require_divisible(scale, context, "res2", input=x.c)
    width = int(x.c) // scale
    require_divisible(groups, context, "res2", split=width)
    split = Shape(width, x.h, x.w)
    convs = scale if context.first and first == "conv" else scale - 1
    split_conv = _conv(split, context, width, k=3, groups=groups, stride=int(context.stride))
    parts = (split_conv, bn(split_conv.shape, context), relu(split_conv.shape, context)) * convs
    if context.first and first == "pool":
        parts += (avgpool(split, LayerContext(context.where, width, int(context.stride)), 3),)
    elif context.stride > 1 and not context.first:
        raise context.error("res2 can only take a stride in the first unit of a stage")
    options: tuple[tuple[str, object], ...] = (("groups", groups),) if groups > 1 else ()
    if context.first and first == "conv":
        options += (("pool", False),)
    y = Shape(x.c, split_conv.shape.h, split_conv.shape.w)
    sums = 0 if context.first else (convs - 1) * split.size
    extent = 3 if context.first else 2 * convs + 1
    args = (x.c, scale, context.stride, context.first)
    layer = Layer(
        "res2", "Res2", args, options, y, keeps=("in",), parts=parts, kernel_extent=extent, stride=int(context.stride)
    )
    return with_parts(layer, extra=2 * convs * split_conv.shape.size + sums)


@register_op(changes_width=True)
def wasp(x: Shape, context: LayerContext, rates: tuple[int, ...] = (18, 12, 6), width: int = 0) -> Layer:
    """UniPose's waterfall: dilated convolutions in a row, every result kept, each twice through one shared 1x1.

    A pooled branch joins them; the concatenation goes through a 1x1 to the width asked for.
    """
    require_image(x, context, "wasp")
    for rate in rates:
        require_at_least(rate, 1, context, "a rate")
    out = width or context.c
    y = Shape(out, x.h, x.w)
    entry = _conv_bn_relu(x, context, out, 1)
    waterfall = tuple(part for rate in rates for part in _conv_bn_relu(y, context, out, 3, rate))
    shared = _conv(y, context, out, k=1)
    branches = len(rates) + 1
    joined = _join_with_pooled(x, y, branches, context)
    parts = (*entry, *waterfall, shared, *(shared.with_shared_weights(),) * (2 * branches - 1), *joined)
    extent = 1 + 2 * sum(rates)
    layer = Layer("wasp", "Wasp", (x.c, out, rates), (), y, keeps=("in",), parts=parts, kernel_extent=extent)
    saved = branches * 3 + (branches + 1) + 3
    return with_parts(layer, extra=saved * y.size + int(x.c) + 2 * int(out))


@register_op(changes_width=True)
def aspp(x: Shape, context: LayerContext, rates: tuple[int, ...] = (6, 12, 18), width: int = 0) -> Layer:
    """DeepLab's pyramid: a 1x1 and dilated convolutions side by side, each of the input itself.

    A pooled branch joins them; the concatenation goes through a 1x1 to the width asked for.
    """
    require_image(x, context, "aspp")
    for rate in rates:
        require_at_least(rate, 1, context, "a rate")
    out = width or context.c
    y = Shape(out, x.h, x.w)
    entry = _conv_bn_relu(x, context, out, 1)
    pyramid = tuple(part for rate in rates for part in _conv_bn_relu(x, context, out, 3, rate))
    branches = len(rates) + 1
    parts = (*entry, *pyramid, *_join_with_pooled(x, y, branches, context))
    extent = 1 + 2 * max(rates, default=0)
    layer = Layer("aspp", "Aspp", (x.c, out, rates), (), y, keeps=("in",), parts=parts, kernel_extent=extent)
    saved = branches * 2 + (branches + 1) + 3
    return with_parts(layer, extra=saved * y.size + int(x.c) + 2 * int(out))


@register_op(changes_width=True)
def decoder(x: Shape, context: LayerContext, stage: int = 1, low: int = 48, width: int = 256) -> Layer:
    """UniPose's decoder: joins an early stage's output, and gives one heatmap a joint and one for the background."""
    require_image(x, context, "decoder")
    if not 1 <= stage <= len(context.taps):
        raise context.error(
            f"decoder wants the output of stage {stage}, but there are {len(context.taps)} stages before it"
        )
    tap = context.taps[stage - 1]
    early = _conv_bn_relu(tap, context, low, 1)
    shrunk = maxpool(early[-1].shape, context, 3, 2)
    h, w = shrunk.shape.h, shrunk.shape.w
    first = _conv_bn_relu(Shape(int(x.c) + low, h, w), context, width, 3)
    second = _conv_bn_relu(Shape(width, h, w), context, width, 3)
    y = Shape(width, h, w)
    maps = conv(y, LayerContext(context.where, int(context.c) + 1), 1, bias=True)
    parts = (*early, shrunk, *first, dropout(y, context, 0.5), *second, dropout(y, context, 0.1), maps)
    options = (("stage", stage),) if stage > 1 else ()
    layer = Layer(
        "decoder", "Decoder", (x.c, tap.c, context.c, low, width), options, maps.shape, parts=parts, tap_index=stage
    )
    # the early features are kept by the stage that made them; upsampling and joining keep only their result
    saved = 2 * early[-1].shape.size + shrunk.extra + (int(x.c) + low) * h * w + 8 * y.size
    return with_parts(layer, extra=saved)


def _join_with_pooled(x: Shape, y: Shape, branches: int, context: LayerContext) -> tuple[Layer, ...]:
    """The pooled branch beside others, and the 1x1 that makes one of all."""
    pooled = (gap(x, context), *_conv_bn_relu(Shape(x.c, 1, 1), context, y.c, 1))
    joined = _conv_bn_relu(Shape(int(y.c) * (branches + 1), x.h, x.w), context, y.c, 1)
    return (*pooled, *joined, dropout(y, context))


def _conv(
    x: Shape,
    context: LayerContext,
    width: int,
    k: Kernel = 1,
    groups: int = 1,
    stride: int = 1,
    dilation: int = 1,
    bias: bool = False,
) -> Layer:
    """A convolution inside a composite: stride and dilation of the composite's place do not reach it."""
    return conv(x, LayerContext(context.where, width), k, groups, dilation, stride, 0, bias)


def _conv_bn_relu(
    x: Shape, context: LayerContext, width: int, k: Kernel, dilation: int = 1
) -> tuple[Layer, Layer, Layer]:
    convolution = _conv(x, context, width, k=k, dilation=dilation)
    return convolution, bn(convolution.shape, context), relu(convolution.shape, context)
