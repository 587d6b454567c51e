"""Claims about trained networks, of Veit, Wilber and Belongie 2016 (ensembles) and of Li et al. 2018 (landscapes)."""

from resnet_explorer.studies.forms import BARRED, MINUS, SMALL, net
from resnet_explorer.studies.rules import Difference, Within
from resnet_explorer.studies.study import Form, FromAnalysis, FromRuns, Study, StudyPart, Sum, lanes

VEIT, VEIT_ARXIV = "Veit 2016", "1605.06431"
# a network that is to be cut must have learnt something: on shapes this is enough for most
LEARNT = FromRuns("test error", "short", {"steps": "600", "lr": "0.05"}, "shapes")
FULLY = FromRuns("test error", "he2015", data="cifar10")
CUTS = {"images": 500, "trials": 0}
SEVERAL = {"images": 300, "trials": 4}
PATHS = {"images": 4, "trials": 12}
TRAINED_SHORTLY = f"{SMALL}, trained for 600 steps on drawn shapes"

lesion = Study(
    "lesion",
    "Cutting one unit hurts a residual network little, and a plain one much.",
    VEIT,
    "section 4.1, figure 3",
    VEIT_ARXIV,
    (
        StudyPart(
            "plain over residual",
            "At 20 layers a cut takes more from the plain network, by a fifth of what it is above chance.",
            Form(
                Difference(0.2),
                FromAnalysis("drop by one cut", "lesion", CUTS, LEARNT, 0.7),
                lanes(net(20), net(20, "plain")),
                MINUS,
                5,
                f"{TRAINED_SHORTLY}; networks that are right on less than 70 % of the images are left out",
            ),
            Form(
                Difference(0.2),
                FromAnalysis("drop by one cut", "lesion", CUTS, FULLY, 0.7, "cifar10"),
                lanes(net(56), net(56, "plain")),
                MINUS,
                5,
                "the 110 layers of the paper, at which a plain network does not learn",
            ),
        ),
        StudyPart(
            "little",
            "At 56 layers a cut takes a tenth at most of what a residual network is above chance.",
            Form(
                Within(high=0.1),
                FromAnalysis("drop by one cut", "lesion", CUTS, LEARNT, 0.7),
                lanes(net(56, "relu-only-preactivation")),
                Sum(),
                3,
                f"{TRAINED_SHORTLY}; ReLU-only pre-activation, which starts soonest there",
            ),
            Form(
                Within(high=0.1),
                FromAnalysis("drop by one cut", "lesion", CUTS, FULLY, 0.7, "cifar10"),
                lanes(net(110)),
                Sum(),
                5,
                "other data",
            ),
        ),
    ),
    published="figure 3: deleting one unit of a 110-layer network has no noticeable effect, one of VGG's all",
    pitfalls="batch statistics stay those of the whole network; at 20 layers a single cut can take most",
)

smooth_lesion = Study(
    "smooth-lesion",
    "Error rises smoothly with the number of cut units, and with the disorder of exchanged ones.",
    VEIT,
    "section 4.2 and 4.3, figure 5",
    VEIT_ARXIV,
    tuple(
        StudyPart(
            name,
            f"Spearman's correlation of the loss with {words} is above 0.9.",
            Form(
                Within(low=0.9),
                FromAnalysis(number, "lesion", SEVERAL, LEARNT, 0.7),
                lanes(net(56, "relu-only-preactivation")),
                Sum(),
                3,
                f"{TRAINED_SHORTLY}; ReLU-only pre-activation, which starts soonest there",
            ),
            Form(
                Within(low=0.9),
                FromAnalysis(number, "lesion", SEVERAL, FULLY, 0.7, "cifar10"),
                lanes(net(110)),
                Sum(),
                5,
                "other data",
            ),
        )
        for name, number, words in (
            ("cuts", "smoothness of cuts", "the number of cut units"),
            ("orders", "smoothness of orders", "the disorder, by Kendall's tau"),
        )
    ),
    published="figure 5: both rise smoothly",
    pitfalls="a correlation of ranks sees the order and not the size of the steps",
)


def _shorter(depth: int, measure: FromAnalysis, cannot: str) -> Form:
    return Form(Difference(1.0), measure, lanes(net(depth, "full-preactivation")), Sum(), 3, cannot)


def _paths(depth: int) -> StudyPart:
    short = FromAnalysis("shorter paths", "paths", PATHS, LEARNT, 0.5)
    full = FromAnalysis("shorter paths", "paths", {**PATHS, "trials": 30}, FULLY, 0.7, "cifar10")
    return StudyPart(
        f"at {depth}",
        f"At {depth} layers the paths that carry the gradient are shorter than all paths on average, by a branch.",
        _shorter(depth, short, TRAINED_SHORTLY),
        _shorter(depth, full, "the original ordering"),
    )


short_paths = Study(
    "short-paths",
    "The gradient comes from short paths.",
    VEIT,
    "section 5, figure 6",
    VEIT_ARXIV,
    (_paths(56), _paths(20)),
    published="110 layers: paths of 10 to 34 units carry nearly all of the gradient, of 54",
    pitfalls="in shallow networks the gradient along a path grows with each branch",
)

smoother_landscape = Study(
    "smoother-landscape",
    "Shortcuts make the loss landscape smoother.",
    "Li 2018",
    "figures 1 and 5",
    "1712.09913",
    (
        StudyPart(
            "curvature",
            "The sharpest curvature of a plain network is larger than that of a residual one.",
            f"{BARRED}curvature has to be compared at equal loss, and few steps leave the two at different ones; "
            "networks trained to the end would do",
            Form(
                Difference(0.1),
                FromAnalysis("sharpness", "landscape", {"dimensions": "1", "finest": "5"}, FULLY, 0.5, "cifar10"),
                lanes(net(20), net(20, "plain")),
                MINUS,
                5,
                "deeper networks, and whole pictures of the landscape",
            ),
        ),
    ),
    published="pictures: without shortcuts the landscape of 56 layers is chaotic",
    pitfalls="one-dimensional pictures of two seeds disagree; projections hide curvature; weights can be rescaled",
)
STUDIES = (lesion, smooth_lesion, short_paths, smoother_landscape)
