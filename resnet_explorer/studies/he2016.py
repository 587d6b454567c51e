"""Claims of He, Zhang, Ren and Sun 2016, Identity Mappings in Deep Residual Networks."""

from resnet_explorer.studies.forms import (
    ALIKE_ERROR,
    ALIKE_LOSS,
    AT_INIT,
    MEAN,
    MINUS,
    PLUS,
    SMALL,
    TEST_ERROR,
    early,
    final,
    net,
    own,
)
from resnet_explorer.studies.rules import Difference, Exact, Within
from resnet_explorer.studies.study import (
    Form,
    FromAnalysis,
    Lane,
    Largest,
    Study,
    StudyPart,
    Sum,
    lane,
    lanes,
)

PAPER, ARXIV = "He 2016", "1603.05027"
FULL, RELU_ONLY = "full-preactivation", "relu-only-preactivation"
BN_AFTER, RELU_BEFORE = "bn-after-addition", "relu-before-addition"
INITIAL = f"{SMALL}; {AT_INIT}"
UNROLL = FromAnalysis("sum error", "unroll", {"images": 8})
PARTS = {"images": 8}


def _initial(rule: Exact | Within, measure: FromAnalysis, of: tuple[Lane, ...], seeds: int = 3) -> Form:
    return Form(rule, measure, of, Largest() if len(of) > 1 else Sum(), seeds, INITIAL)


def _both_ways(name: str, statement: str, form: Form) -> StudyPart:
    return StudyPart(name, statement, form, form)


unrolling = Study(
    "unrolling",
    "With identity shortcuts and nothing after the addition, a stage's output is its input plus the sum of branches.",
    PAPER,
    "equation 4",
    ARXIV,
    (
        _both_ways(
            "identity trunks",
            "At 56 layers it holds for both pre-activations and for ReLU before addition, in double precision.",
            _initial(Exact(1e-13), UNROLL, lanes(net(56, FULL), net(56, RELU_ONLY), net(56, RELU_BEFORE))),
        ),
        _both_ways(
            "original",
            "With a ReLU after the addition it does not hold: the error is above a hundredth of the largest value.",
            Form(Within(low=-2.0), UNROLL, lanes(net(56)), Sum(logarithm=True), 3, INITIAL),
        ),
    ),
    published="an identity; where f is a ReLU the paper calls it an approximation that holds for much of the input",
    pitfalls="places where the shape changes are between stages; F counts after any scale",
)

gradient_sum = Study(
    "gradient-sum",
    "The gradient is the sum of what passes no branch and of what passes branches, and the first part carries it.",
    PAPER,
    "equation 5",
    ARXIV,
    (
        _both_ways(
            "sum",
            "The parts sum to the gradient, in single precision.",
            _initial(Exact(1e-5), FromAnalysis("parts error", "gradient-paths", PARTS), lanes(net(20, FULL))),
        ),
        _both_ways(
            "direct",
            "At the start the part that passes no branch is at least half as long as the gradient.",
            _initial(Within(low=0.5), FromAnalysis("direct share", "gradient-paths", PARTS), lanes(net(20, FULL)), 5),
        ),
    ),
    published="the gradient does not vanish, as the factor of a branch is not always -1 for all samples",
    pitfalls="that it never vanishes is no theorem: identity plus Jacobian may be singular; where the shape changes, "
    "a shortcut without weights passes on one pixel of four",
)


def _worse(ordering: str, than: str = FULL, seeds: int = 3) -> StudyPart:
    return StudyPart(
        f"{ordering or 'original'} after {than}",
        f"At depth, {ordering or 'original'} trains worse than {than}.",
        early(lanes(net(56, than), net(56, ordering)), MINUS, MEAN, seeds=seeds),
        final(lanes(net(110, than), net(110, ordering)), MINUS, seeds=8),
    )


orderings = Study(
    "orderings",
    "Of the five orderings full pre-activation trains best, and batch normalisation after addition worst.",
    PAPER,
    "table 2",
    ARXIV,
    (
        _worse(""),
        _worse(BN_AFTER),
        _worse(RELU_BEFORE),
        StudyPart(
            "pre-activations alike",
            "ReLU-only and full pre-activation train alike.",
            early(lanes(net(56, FULL), net(56, RELU_ONLY)), MINUS, MEAN, ALIKE_LOSS),
            final(lanes(net(110, FULL), net(110, RELU_ONLY)), MINUS, ALIKE_ERROR, 8),
        ),
    ),
    published="110 layers, test error: original 6.61, BN after 8.17, ReLU before 7.84, ReLU-only 6.71, full 6.37",
    pitfalls="the third rule, of 0.3 points, is larger than what the paper found between original and full (0.24)",
)


def _alike_at_20(ordering: str) -> StudyPart:
    return StudyPart(
        ordering,
        f"At 20 layers {ordering} trains like the original.",
        early(lanes(net(20), net(20, ordering)), MINUS, MEAN, ALIKE_LOSS, 8),
        final(lanes(net(20), net(20, ordering)), MINUS, ALIKE_ERROR, 8),
    )


alike_at_20 = Study(
    "alike-at-20",
    "In shallow networks the ordering does not matter.",
    "A common reading of He 2016",
    "section 4",
    ARXIV,
    tuple(_alike_at_20(ordering) for ordering in (BN_AFTER, RELU_BEFORE, RELU_ONLY, FULL)),
    published="none: the paper compares at 110 and 164 layers",
    pitfalls="it may well differ at the same step, and not in the end",
)


SHORTCUTS = {
    "half": ("a shortcut times 0.5", own(net(56), "skip=scale(0.5)", "down=pad scale(0.5)")),
    "gate": ("a gated shortcut, bias 0", own(net(56), "skip=gate(bias=0)")),
    "gate at -6": ("a gated shortcut, bias -6", own(net(56), "skip=gate(bias=-6)")),
    "exclusive gate": ("exclusive gating, bias -6", f"{net(56)}:conv bn relu conv bn blend(bias=-6) relu"),
    "conv": ("a 1x1 convolution in the shortcut", own(net(56), "skip=conv1 bn")),
    "dropout": ("dropout in the shortcut", own(net(56), "skip=dropout(0.5)")),
}


def _shortcut(name: str) -> StudyPart:
    words, line = SHORTCUTS[name]
    return StudyPart(
        name,
        f"With {words} a network of 56 layers trains worse than with the identity.",
        early((lane(net(56)), lane(line)), MINUS, MEAN, seeds=3),
        Form(
            Difference(0.3),
            TEST_ERROR,
            (lane(net(110)), lane(line.replace("-56", "-110"))),
            MINUS,
            5,
            "other biases of the gates, which the paper searches",
        ),
    )


identity_shortcuts = Study(
    "identity-shortcuts",
    "Whatever stands in the shortcut in place of the identity makes training worse.",
    PAPER,
    "table 1",
    ARXIV,
    tuple(map(_shortcut, SHORTCUTS)),
    published="110 layers: identity 6.61; scaled, dropout: fail; gates 6.91 to 12.86, exclusive 8.70; conv 12.22",
    pitfalls="dropout here doubles what it keeps; gates and convolutions have more parameters",
)

deep_preactivation = Study(
    "deep-preactivation",
    "In very deep networks full pre-activation trains better than the original.",
    PAPER,
    "table 3",
    ARXIV,
    (
        StudyPart(
            "110",
            "At 110 layers full pre-activation trains better.",
            early(lanes(net(110, FULL), net(110)), MINUS, MEAN),
            Form(
                Difference(0.3),
                TEST_ERROR,
                lanes("cifar-bottleneck-164:full-preactivation", "cifar-bottleneck-164:original"),
                MINUS,
                8,
                "1001 layers",
            ),
        ),
    ),
    published="164: 5.93 and 5.46 %; 1001: 7.61 and 4.92 %",
    pitfalls="the original needs a warm-up at such depth; both have one here",
)

deeper_gain = Study(
    "deeper-gain",
    "The deeper the network, the more full pre-activation gains over the original.",
    PAPER,
    "table 3",
    ARXIV,
    (
        StudyPart(
            "20 to 110",
            "It gains more at 110 layers than at 20.",
            early(lanes(net(110), net(110, FULL), net(20), net(20, FULL)), Sum((1.0, -1.0, -1.0, 1.0)), MEAN),
            final(lanes(net(110), net(110, FULL), net(20), net(20, FULL)), Sum((1.0, -1.0, -1.0, 1.0))),
        ),
    ),
    published="110: 0.24 points, 164: 0.47, 1001: 2.69",
    pitfalls="an interaction of four lanes is as noisy as all of them",
)


def _grows_more(first: str, second: str) -> StudyPart:
    form = _growth(Difference(0.05), first, second, PLUS)
    return _both_ways(f"{first or 'original'} over {second or 'original'}", _growth_words(first, second), form)


def _growth(rule: Difference | Within, first: str, second: str, contrast: Sum) -> Form:
    measure = FromAnalysis("gradient growth", "signal", {"steps": 0, "batches": 1, "of": "loss"})
    return Form(rule, measure, lanes(net(110, first), net(110, second)), contrast, 5, INITIAL)


def _growth_words(first: str, second: str) -> str:
    return f"Towards the input the gradient grows more with {first or 'original'} than with {second or 'original'}."


initial_order = Study(
    "initial-order",
    "At the start gradients grow most in plain networks of 110 layers, then with BN after addition, then the others.",
    "A reading of He 2016",
    "section 4",
    ARXIV,
    (
        _grows_more("plain", BN_AFTER),
        _grows_more(BN_AFTER, FULL),
        _grows_more(FULL, ""),
        _both_ways(
            "original and ReLU-only alike",
            "With original and ReLU-only pre-activation it grows alike.",
            _growth(Within(-0.1, 0.1), "", RELU_ONLY, PLUS),
        ),
        _grows_more(RELU_ONLY, RELU_BEFORE),
    ),
    published="none: the paper shows no gradients",
    pitfalls="what this order says of training is another question",
)
STUDIES = (
    unrolling,
    gradient_sum,
    orderings,
    alike_at_20,
    identity_shortcuts,
    deep_preactivation,
    deeper_gain,
    initial_order,
)
