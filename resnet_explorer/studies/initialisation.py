"""Claims about initial weights and explosion: what He's initial weights do alone, and what each remedy does."""

from resnet_explorer.studies.forms import AT_INIT, LATE, MINUS, SMALL, early, final, net
from resnet_explorer.studies.rules import Exact, FailsMore, Within
from resnet_explorer.studies.study import (
    Form,
    FromAnalysis,
    FromRuns,
    Lane,
    Largest,
    Study,
    StudyPart,
    Sum,
    lane,
    lanes,
)

ONCE = {"steps": 0, "batches": 1}
# units without batch normalisation, also in the stem
BARE = f"{net(56)}:conv relu conv +;stem=conv relu"
INITIAL = f"{SMALL}; {AT_INIT}"


def _growth(name: str, statement: str, line: str, most: float, **settings: str | bool) -> StudyPart:
    measure = FromAnalysis("signal growth", "signal", {**ONCE, **settings})
    form = Form(Within(high=most), measure, lanes(line), Sum(), 5, INITIAL)
    return StudyPart(name, statement, form, form)


tame = Study(
    "explosion-tamed",
    "He's initial weights keep the signal of deep residual networks in bounds.",
    "A common reading of He 2015",
    "section 3.4 and its reference on initial weights",
    "1502.01852",
    (
        _growth(
            "alone",
            "Without batch normalisation E x² grows a thousandfold at most over 56 layers.",
            BARE,
            3.0,
        ),
        _growth(
            "batch normalisation",
            "With batch normalisation in full pre-activation it grows a hundredfold at most.",
            net(56, "full-preactivation"),
            2.0,
        ),
        _growth("fixup", "With Fixup and no batch normalisation it grows tenfold at most.", BARE, 1.0, init="fixup"),
        _growth(
            "scaled branches",
            "With branches times 0.136 and no batch normalisation it grows tenfold at most.",
            f"{net(56)}:conv relu conv scale(0.136) +;stem=conv relu",
            1.0,
        ),
    ),
    published="none for units with shortcuts: the derivation is for plain stacks",
    pitfalls="single precision overflows in deeper networks, so logarithms are compared",
)

zero_gamma = Study(
    "zero-gamma",
    "With the last scale of each branch at zero, a unit starts as the identity, and the network trains sooner.",
    "Goyal 2017",
    "section 5.1",
    "1706.02677",
    (
        StudyPart(
            "identity at the start",
            "At the start every branch gives exactly zero.",
            Form(
                Exact(0.0),
                FromAnalysis("largest branch", "signal", {**ONCE, "init": "zero-gamma"}),
                lanes(net(20), net(56)),
                Largest(),
                3,
                INITIAL,
            ),
            Form(
                Exact(0.0),
                FromAnalysis("largest branch", "signal", {**ONCE, "init": "zero-gamma"}),
                lanes(net(20), net(110)),
                Largest(),
                3,
                INITIAL,
            ),
        ),
        StudyPart(
            "sooner",
            "At 56 layers it has a smaller loss after the same steps.",
            early((lane(net(56), init="zero-gamma"), lane(net(56))), MINUS, LATE),
            final((lane(net(56), init="zero-gamma"), lane(net(56))), MINUS),
        ),
    ),
    published="ImageNet, batches of 8,192: it improves all models, by numbers that the paper does not give alone",
    pitfalls="the paper is about large batches, where the start matters more",
)

LOST = FromRuns("diverged", "short", {"steps": "100", "evaluate": "0"})
REMEDIES: dict[str, Lane] = {
    "torch": lane(BARE, init="torch"),
    "fixup": lane(BARE, init="fixup"),
    "clipping": lane(BARE, clip="1"),
    "batch normalisation": lane(net(56)),
}


def _remedy(name: str) -> StudyPart:
    of = (REMEDIES[name], lane(BARE))
    cannot = f"100 steps; {SMALL}: whether a run is lost later"
    words = f"With {name} fewer runs of 56 layers are lost than with He's initial weights and no batch normalisation."
    form = Form(FailsMore(10), LOST, of, Sum((-1.0, 1.0)), 10, cannot)
    longer = FromRuns("diverged", "short", {"steps": "2000", "evaluate": "0", "size": "32", "width": "1"})
    return StudyPart(name, words, form, Form(FailsMore(10), longer, of, Sum((-1.0, 1.0)), 10, "other recipes"))


remedies = Study(
    "remedies",
    "Without batch normalisation deep residual networks are lost at the start, unless something is done.",
    "A common reading of He 2015, De 2020 and Zhang 2019",
    "Fixup: section 1",
    "1901.09321",
    tuple(map(_remedy, REMEDIES)),
    published="none: each paper reports its own remedy at work",
    pitfalls="lost: a loss that is no finite number; after so few steps all are at chance. Clipping leaves the forward "
    "pass as it is",
)
STUDIES = (tame, zero_gamma, remedies)
