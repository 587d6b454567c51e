"""Claims of He, Zhang, Ren and Sun 2015, Deep Residual Learning for Image Recognition."""

from math import log10

from resnet_explorer.studies.forms import (
    ALIKE_ERROR,
    ALIKE_LOSS,
    AT_INIT,
    BARRED,
    MINUS,
    PLUS,
    SMALL,
    early,
    final,
    net,
    own,
)
from resnet_explorer.studies.rules import Difference, Exact, Within
from resnet_explorer.studies.study import (
    FarFrom,
    Form,
    FromAnalysis,
    FromPlan,
    FromRuns,
    Lane,
    Largest,
    Study,
    StudyPart,
    Sum,
    lanes,
)

PAPER, ARXIV = "He 2015", "1512.03385"
PROBE = FromAnalysis("gradient growth", "signal", {"steps": 0, "batches": 1, "of": "loss"})
NO_LONGER_TRAINING = f"{SMALL}; {AT_INIT}"

degradation = Study(
    "degradation",
    "Deeper plain networks have a higher training error.",
    PAPER,
    "figures 1 and 6 left",
    ARXIV,
    (
        StudyPart(
            "deeper",
            "A plain network of 56 layers trains worse than one of 20.",
            early(lanes(net(20, "plain"), net(56, "plain")), MINUS),
            final(lanes(net(20, "plain"), net(56, "plain")), MINUS),
        ),
    ),
    published="figure 6: the plain curves of 20, 32, 44 and 56 layers lie one above the other; no table",
    pitfalls="the loss is that of training mode; on shapes the plain network of 56 layers does not start at all",
)

cure = Study(
    "cure",
    "Shortcuts cure degradation: deeper residual networks train better.",
    PAPER,
    "figure 6 middle, table 6",
    ARXIV,
    (
        StudyPart(
            "residual over plain",
            "At 56 layers the residual network trains better than the plain one.",
            early(lanes(net(56), net(56, "plain")), MINUS),
            final(lanes(net(56), net(56, "plain")), MINUS),
        ),
        StudyPart(
            "less degradation",
            "From 20 to 56 layers a residual network loses less than a plain one.",
            early(lanes(net(20, "plain"), net(56, "plain"), net(20), net(56)), Sum((-1.0, 1.0, 1.0, -1.0))),
            final(lanes(net(20, "plain"), net(56, "plain"), net(20), net(56)), Sum((-1.0, 1.0, 1.0, -1.0))),
        ),
        StudyPart(
            "no degradation",
            "The residual network of 56 layers trains no worse than that of 20.",
            early(lanes(net(20), net(56)), PLUS, rule=Within(low=-0.05)),
            final(lanes(net(20), net(56)), PLUS, rule=Within(low=-0.3)),
        ),
    ),
    published="test error 8.75 % at 20 layers, 6.97 % at 56",
    pitfalls="after few steps a deeper network is behind in any case",
)


def _depths(rule: Within, words: str) -> tuple[StudyPart, ...]:
    form = {
        depth: Form(rule, PROBE, lanes(net(depth, "plain")), Sum(), 8, NO_LONGER_TRAINING) for depth in (20, 56, 110)
    }
    return tuple(StudyPart(f"{words} {depth}", _healthy(words, depth), form[depth], form[depth]) for depth in form)


def _healthy(words: str, depth: int) -> str:
    limit = "a tenth of" if words == "not vanishing" else "a thousand times"
    side = "above" if words == "not vanishing" else "below"
    return f"At {depth} plain layers the first unit's gradient is {side} {limit} the last one's."


not_vanishing = Study(
    "not-vanishing",
    "Plain networks with batch normalisation have gradients that do not vanish.",
    PAPER,
    "section 4.1",
    ARXIV,
    _depths(Within(low=-1.0), "not vanishing"),
    published="healthy norms with BN, so that neither forward nor backward signals vanish",
    pitfalls="norms and not root mean squares, across stages; BN in training mode",
)

healthy_gradients = Study(
    "healthy-gradients",
    "Plain networks with batch normalisation have gradients of healthy size.",
    PAPER,
    "section 4.1",
    ARXIV,
    _depths(Within(high=3.0), "not exploding"),
    published="healthy norms with BN",
    pitfalls="the paper does not say at which depth; it speaks of the norms that its authors verified",
)


def _branch(name: str, statement: str, settings: dict[str, str]) -> StudyPart:
    measure = FromAnalysis("branch over trunk", "signal", {"steps": 0, "batches": 1, **settings})
    form = Form(Within(high=0.1), measure, lanes(net(20), net(56)), Largest(), 5, NO_LONGER_TRAINING)
    return StudyPart(name, statement, form, form)


small_branches = Study(
    "small-branches",
    "A residual branch starts near zero, so that a unit starts near the identity.",
    "A common reading of He 2015",
    "section 3.1",
    ARXIV,
    (
        _branch("he init", "With He's initial weights the branch is below a tenth of its input.", {}),
        _branch("zero-gamma", "With zero-gamma it is.", {"init": "zero-gamma"}),
        _branch("fixup", "With Fixup it is.", {"init": "fixup"}),
    ),
    published="if identity is optimal, it is easier to push the residual to zero",
    pitfalls="the median unit, at 20 and 56 layers; the paper speaks of solutions, not of initial weights",
)

identity = Study(
    "identity-is-hard",
    "A stack of nonlinear layers finds it hard to learn the identity; with a shortcut it is easy.",
    PAPER,
    "section 3.1",
    ARXIV,
    (
        StudyPart(
            "pre-activation",
            "Nine plain units err three times as much as nine residual ones, and more.",
            Form(
                Difference(0.5),
                FromAnalysis("identity gap", "identity", {"deepest": 9, "steps": 400}),
                lanes(net(20, "full-preactivation")),
                Sum(),
                5,
                "stacks of nine units at eight channels, trained on noise; no classification",
            ),
            Form(
                Difference(0.5),
                FromAnalysis("identity gap", "identity", {"deepest": 27, "steps": 2000}),
                lanes(net(20, "full-preactivation")),
                Sum(),
                5,
                "stacks at eight channels, trained on noise; no classification",
            ),
        ),
    ),
    published="the degradation problem suggests that solvers have difficulties in approximating identity mappings",
    pitfalls="a plain stack can represent the identity exactly; a unit that ends with a ReLU cannot give both signs",
)

flops = Study(
    "flops",
    "The 34-layer network needs 18 % of the multiply-adds of VGG-19, but time is not multiply-adds.",
    PAPER,
    "section 3.3",
    ARXIV,
    (
        StudyPart(
            "count",
            "The 34-layer plain network has 18.6 % of VGG-19's multiply-adds.",
            Form(Exact(5e-4), FromPlan("multiply-adds"), lanes("imagenet-34:plain", "vgg-19"), FarFrom(0.1856), 1),
            Form(Exact(5e-4), FromPlan("multiply-adds"), lanes("imagenet-34:plain", "vgg-19"), FarFrom(0.1856), 1),
        ),
        StudyPart(
            "time",
            "It takes a larger share of VGG-19's time than of its multiply-adds, by a tenth at least.",
            Form(
                Difference(log10(1.1)),
                FromAnalysis("milliseconds a multiply-add", "latency", {"batch": 1, "rounds": 10}),
                lanes("imagenet-34", "vgg-19"),
                Sum((1.0, -1.0), logarithm=True),
                5,
                "this machine's time alone; the machine should have nothing else to do",
            ),
            Form(
                Difference(log10(1.1)),
                FromAnalysis("milliseconds a multiply-add", "latency", {"batch": 1, "rounds": 40}),
                lanes("imagenet-34", "vgg-19"),
                Sum((1.0, -1.0), logarithm=True),
                8,
                "this machine's time alone; the machine should have nothing else to do",
            ),
        ),
    ),
    published="3.6e9 against 19.6e9 multiply-adds, 18 %",
    pitfalls="the paper claims the count; that time follows it is how it is often read",
)

TRAINED = FromRuns("test error", "he2015", data="cifar10")

calm_responses = Study(
    "calm-responses",
    "Residual networks have smaller layer responses than plain ones.",
    PAPER,
    "figure 7",
    ARXIV,
    (
        StudyPart(
            "calmer",
            "In trained networks of 56 layers the residual responses are smaller on average.",
            f"{BARRED}after 300 steps the responses are still 1, as at the start; networks trained to the end would do",
            Form(
                Difference(0.05),
                FromAnalysis("mean response", "signal", {"steps": 0}, TRAINED, data="cifar10"),
                lanes(net(56), net(56, "plain")),
                MINUS,
                5,
                "the order of the layers, which differs from network to network",
            ),
        ),
    ),
    published="figure 7, no table",
    pitfalls="at the start each response after batch normalisation is 1 by its definition",
)


def _alike(option: str, other: str) -> StudyPart:
    def both(depth: int) -> tuple[Lane, ...]:
        return lanes(*(own(net(depth), f"shortcut={each}") for each in (option, other)))

    return StudyPart(
        f"{option} like {other}",
        f"Networks with shortcuts of option {option} and {other} train alike.",
        early(both(20), PLUS, rule=ALIKE_LOSS, seeds=8),
        final(both(56), PLUS, rule=ALIKE_ERROR, seeds=8),
    )


shortcut_options = Study(
    "shortcut-options",
    "Options A, B and C of the shortcut differ little: projections are not essential.",
    PAPER,
    "table 3",
    ARXIV,
    (_alike("A", "B"), _alike("B", "C")),
    published="top-1 error of 34 layers on ImageNet: A 25.03, B 24.52, C 24.19",
    pitfalls="B and C have more parameters",
)

STUDIES = (
    degradation,
    cure,
    not_vanishing,
    healthy_gradients,
    small_branches,
    identity,
    flops,
    calm_responses,
    shortcut_options,
)
