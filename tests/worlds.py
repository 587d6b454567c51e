"""Small worlds that several tests share: the catalogue's networks at a size that runs quickly, and random sentences."""

from fractions import Fraction

from hypothesis import strategies as st

from resnet_explorer.catalog import FAMILIES
from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.network import Network

# one of each family, and every ImageNet depth, at a size that a processor runs in a moment
SMALL = {
    "cifar-basic-20": "",
    "cifar-basic-56": "",
    "cifar-bottleneck-29": "",
    "cifar-bottleneck-164": "",
    "imagenet-18": "image=64",
    "imagenet-34": "image=64",
    "imagenet-50": "image=64",
    "imagenet-101": "image=64",
    "imagenet-152": "image=64",
    "wrn-16-2": "",
    "wrn-28-10": "image=16",
    "resnext-50-32x4d": "image=64",
    "resnext-101-32x4d": "image=64",
    "resnext-29-8x64d": "image=16",
    "res2net-50-26w-4s": "image=64",
    "res2net-50-14w-8s": "image=64",
    "res2net-101-26w-4s": "image=64",
    "res2next-29-8c-25w-4s": "image=16",
    "res2next-50-8c-4w-4s": "image=64",
    "horesnet-euler-26": "",
    "horesnet-midpoint-26": "",
    "horesnet-rk3-20": "",
    "horesnet-heun3-20": "",
    "horesnet-rk4-26": "",
    "unipose": "image=64",
    "vgg-16": "image=32",
    "vgg-19": "image=32",
}
ORDERED = [f"cifar-basic-20:{ordering}" for ordering in ORDERINGS]
ORDERED += [f"cifar-bottleneck-29:{ordering}" for ordering in ORDERINGS]
ORDERED += [f"imagenet-18:{ordering};image=64" for ordering in ORDERINGS]
CATALOGUE = [f"{name};{setting}".rstrip(";") for name, setting in SMALL.items()] + ORDERED

assert {family.name for family in FAMILIES} == {
    next(f.name for f in FAMILIES if name.startswith(f.name)) for name in SMALL
}

PLAIN_WORDS = [
    "conv", "conv1", "conv5", "conv7", "conv(groups=2)", "conv(dilation=2)", "conv(bias=true)", "bn", "gn(4)", "ln2d",
    "relu", "gelu", "silu", "identity", "dropout(0.2)", "droppath(0.2)", "scale(0.5)", "scale(0, learned=true)",
    "maxpool", "avgpool", "se(4)", "gate(-2)", "res2(4)", "res2(2, groups=2)", "res2(4, first=conv)", "wasp(rates=2/1)",
]  # fmt: skip
MERGES = [
    "", "+", "blend", "rk2", "rk2(heun)", "rk2(ralston)", "rk3", "rk3(heun)", "rk4", "rk2(shared=true)",
    "rk4(shared=true)",
]  # fmt: skip
words = st.sampled_from(PLAIN_WORDS)


@st.composite
def sentences(draw: st.DrawFn) -> str:
    """The sentence of a unit: legal words in any order; whether they fit together is not looked at."""
    branch = draw(st.lists(words, min_size=1, max_size=6))
    merge = draw(st.sampled_from(MERGES))
    fork = [*draw(st.lists(words, min_size=1, max_size=2)), "|"] if merge and draw(st.booleans()) else []
    post = draw(st.lists(words, max_size=2)) if merge else []
    return " ".join([*fork, *branch, merge, *post])


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Networks of one to three stages around a random sentence; whether they fit is not looked at."""
    stages = draw(st.integers(1, 3))
    listed = st.lists(st.sampled_from([8, 16, 24, 32]), min_size=stages, max_size=stages)
    return Network(
        draw(sentences()),
        stem=draw(
            st.sampled_from(["conv bn relu", "conv", "conv(stride=2) bn relu", "conv bn relu maxpool(stride=2)"])
        ),
        skip=draw(st.sampled_from(["", "", "scale(0.5)", "gate", "conv1 bn", "dropout(0.5)"])),
        down=draw(st.sampled_from(["pad", "pad(symmetric=true)", "conv1 bn", "conv1", "avgpool conv1"])),
        head=draw(st.sampled_from(["gap flatten fc", "flatten fc", "gap flatten fc(12) relu fc"])),
        between=draw(st.sampled_from(["", "", "", "maxpool2", "avgpool"])),
        stem_width=draw(st.sampled_from([8, 16])),
        widths=tuple(draw(listed)),
        depths=tuple(draw(st.lists(st.integers(1, 3), min_size=stages, max_size=stages))),
        strides=tuple(draw(st.lists(st.integers(1, 3), min_size=stages, max_size=stages))),
        ratio=Fraction(draw(st.sampled_from([1, 1, 2, 4]))),
        stride_at=draw(st.sampled_from(["spatial", "first"])),
        image=draw(st.integers(5, 24)),
        share=draw(st.booleans()),
        bare=draw(st.booleans()),
        close=draw(st.booleans()),
    )
