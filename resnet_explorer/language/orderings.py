"""The named orderings of a unit, and the papers: data, one line each."""

from dataclasses import dataclass
from difflib import get_close_matches

from resnet_explorer.errors import NetworkError


@dataclass(frozen=True)
class Paper:
    """A published source."""

    authors: str
    year: int
    title: str
    arxiv: str


PAPERS = {
    "he2015": Paper("He, Zhang, Ren, Sun", 2015, "Deep Residual Learning for Image Recognition", "1512.03385"),
    "he2016": Paper("He, Zhang, Ren, Sun", 2016, "Identity Mappings in Deep Residual Networks", "1603.05027"),
    "wrn": Paper("Zagoruyko, Komodakis", 2016, "Wide Residual Networks", "1605.07146"),
    "resnext": Paper(
        "Xie, Girshick, Dollár, Tu, He",
        2017,
        "Aggregated Residual Transformations for Deep Neural Networks",
        "1611.05431",
    ),
    "res2net": Paper(
        "Gao, Cheng, Zhao, Zhang, Yang, Torr", 2019, "Res2Net: A New Multi-scale Backbone Architecture", "1904.01169"
    ),
    "unipose": Paper(
        "Artacho, Savakis", 2020, "UniPose: Unified Human Pose Estimation in Single Images and Videos", "2001.08095"
    ),
    "horesnet": Paper(
        "Luo, Sun, Zhou, Wu, Kamata",
        2021,
        "Rethinking ResNets: Improved Stacking Strategies With High Order Schemes",
        "2103.15244",
    ),
    "vgg": Paper(
        "Simonyan, Zisserman", 2014, "Very Deep Convolutional Networks for Large-Scale Image Recognition", "1409.1556"
    ),
}


@dataclass(frozen=True)
class Ordering:
    """Where activations stand around a unit's weight layers; `errors` are published, CIFAR-10, in %, by depth.

    Ops that stand before the first weight layer (`lead`), `between` two, after the last (`end`), and after the merge.
    """

    name: str
    lead: str
    between: str
    end: str
    merge: str
    post: str
    paper: str
    errors: tuple[tuple[int, float], ...] = ()

    def sentence(self, convs: tuple[str, ...], merge: str = "+") -> str:
        """The unit of this ordering with these weight layers."""
        parts = [self.lead]
        for i, conv in enumerate(convs):
            # res2 normalises and activates inside, nothing follows it
            after = self.end if i == len(convs) - 1 else "" if conv.startswith("res2") else self.between
            parts += [conv, after]
        joint = merge if self.merge and merge else self.merge
        return " ".join(" ".join((*parts, joint, self.post)).split())


ORDERINGS = {
    ordering.name: ordering
    for ordering in (
        Ordering("original", "", "bn relu", "bn", "+", "relu", "he2015", ((110, 6.61), (164, 5.93))),
        Ordering("bn-after-addition", "", "bn relu", "", "+", "bn relu", "he2016", ((110, 8.17), (164, 6.50))),
        Ordering("relu-before-addition", "", "bn relu", "bn relu", "+", "", "he2016", ((110, 7.84), (164, 6.14))),
        Ordering("relu-only-preactivation", "relu", "bn relu", "bn", "+", "", "he2016", ((110, 6.71), (164, 5.91))),
        Ordering("full-preactivation", "bn relu", "bn relu", "", "+", "", "he2016", ((110, 6.37), (164, 5.46))),
        Ordering("plain", "", "bn relu", "bn relu", "", "", "he2015"),
    )
}


def ordering(name: str) -> Ordering:
    """The ordering of a name."""
    if name in ORDERINGS:
        return ORDERINGS[name]
    matches = get_close_matches(name[:40], ORDERINGS, n=1, cutoff=0.4)
    hint = f"did you mean {matches[0]!r}?" if matches else f"the orderings are {', '.join(ORDERINGS)}"
    raise NetworkError(f"unknown ordering {name[:40]!r}; {hint}", tuple(matches), "ordering")
