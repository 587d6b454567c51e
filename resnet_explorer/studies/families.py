"""Claims about families of networks: width, cardinality, scales, waterfalls, and steps of higher order."""

from resnet_explorer.studies.forms import (
    BARRED,
    EARLY,
    LARGER_ERROR,
    LATE,
    MINUS,
    PLUS,
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
    Study,
    StudyPart,
    Sum,
    lane,
    lanes,
)

WRN_FULL = FromRuns("test error", "wrn", data="cifar10")

width = Study(
    "width",
    "At equal parameters a wide shallow network trains better than a thin deep one.",
    "Zagoruyko 2016",
    "table 4",
    "1605.07146",
    tuple(
        StudyPart(
            f"{deep} over 16",
            f"A network of {deep} layers trains worse than a wider one of 16 with as many parameters.",
            early((lane("wrn-16-1", width="7/8"), lane(f"wrn-{deep}-1", width=thin)), MINUS),
            Form(LARGER_ERROR, WRN_FULL, lanes("wrn-16-8", "wrn-40-4"), MINUS, 5, "1001 layers"),
        )
        for deep, thin in ((40, "1/2"), (28, "5/8"))
    ),
    published="40-4 with 8.9 million: 4.53 %; a thin one of 1001 layers with 10.2 million: 4.64 %",
    pitfalls="141,938, 145,020 and 134,256 parameters; at equal steps, not at equal time",
)

dropout = Study(
    "dropout",
    "Dropout inside the branches of wide networks lowers the test error.",
    "Zagoruyko 2016",
    "table 6",
    "1605.07146",
    (
        StudyPart(
            "28-10",
            "With dropout of 0.3 a network 28-10 has a smaller test error.",
            f"{BARRED}the claim is on the error in the end, and a few steps only show that training slows down; "
            "the whole recipe would do",
            Form(
                Difference(0.1),
                WRN_FULL,
                lanes("wrn-28-10:bn relu conv dropout(0.3) bn relu conv +", "wrn-28-10"),
                MINUS,
                5,
                "a difference as small as 0.1 points is near the noise of five seeds",
            ),
        ),
    ),
    published="28-10 on CIFAR-10: 4.00 % without, 3.89 % with; CIFAR-100: 19.25 and 18.85",
    pitfalls="with less data or other augmentation the sign may differ",
)

cardinality = Study(
    "cardinality",
    "At equal parameters more groups train better than wider ones.",
    "Xie 2017",
    "table 3",
    "1611.05431",
    (
        StudyPart(
            "4x24d",
            "Four groups of 24 train better than one of 64.",
            early(
                lanes("resnext-29-4x24d", "resnext-29-1x64d", width="1/8"),
                MINUS,
                cannot=f"{EARLY}; an eighth of the width",
            ),
            Form(
                LARGER_ERROR,
                FromRuns("test error", "he2015", data="cifar10"),
                lanes("resnext-29-8x64d", "resnext-29-1x64d"),
                MINUS,
                5,
                "ImageNet",
            ),
        ),
    ),
    published="ImageNet, 50 layers, 1x64d to 32x4d: top-1 error 23.9 to 22.2",
    pitfalls="79,486 and 80,274 parameters; grouped convolutions take longer on a processor: at equal steps",
)

scales = Study(
    "scales",
    "At about equal parameters a convolution split into scales trains better than a plain one.",
    "Gao 2019",
    "table 1 and section 4.3",
    "1904.01169",
    (
        StudyPart(
            "4 scales",
            "Four scales train better than one.",
            early(
                lanes(
                    own("cifar-bottleneck-29:conv1 bn relu res2(scale=4) conv1 bn + relu", "ratio=2"),
                    own("cifar-bottleneck-29:conv1 bn relu conv bn relu conv1 bn + relu", "ratio=16/5"),
                ),
                MINUS,
            ),
            final(
                lanes(
                    own("cifar-bottleneck-29:conv1 bn relu res2(scale=4) conv1 bn + relu", "ratio=2"),
                    own("cifar-bottleneck-29:conv1 bn relu conv bn relu conv1 bn + relu", "ratio=16/5"),
                ),
                MINUS,
            ),
        ),
    ),
    published="ImageNet, 50 layers: top-1 error 23.85 to 22.01",
    pitfalls="at full width 404,000 and 431,000 parameters, 7 % apart in favour of the plain one",
)

WATERFALL = "wasp(rates=3/2/1, width=16) gap flatten fc"

UNIPOSE = lanes("unipose", own("unipose", "head=aspp(width=256) decoder"))
COUNTED = "that it finds key points as well, which needs images of people"


PCK = FromRuns("points found", data="points")
PCK_LONGER = FromRuns("points found", "short", {"size": "32", "width": "1", "steps": "3000"}, "points")
HEADS = lanes(
    own("cifar-basic-8", "head=wasp(rates=3/2/1, width=32) conv1(bias=true)"),
    own("cifar-basic-8", "head=aspp(rates=1/2/3, width=32) conv1(bias=true)"),
)


def _counted(name: str, statement: str, number: str, contrast: FarFrom | Sum, most: float) -> StudyPart:
    form = Form(Exact(most), FromPlan(number), UNIPOSE, contrast, 1, COUNTED)
    return StudyPart(name, statement, form, form)


waterfall = Study(
    "waterfall",
    "A waterfall of dilated convolutions needs a fifth of the parameters of parallel ones, for no smaller a field.",
    "Artacho 2020",
    "section 3.1",
    "2001.08095",
    (
        _counted(
            "parameters",
            "UniPose's WASP has 20.69 % of the parameters that ASPP has in its place.",
            "parameters of the head's first layer",
            FarFrom(0.2069),
            5e-5,
        ),
        _counted(
            "field",
            "What one place of its result sees is no smaller than with ASPP.",
            "field of the head's first layer",
            MINUS,
            0.0,
        ),
    ),
    published="3,214,336 against 15,535,104 parameters, by the authors' code",
    pitfalls="ASPP's convolutions each read the whole of their input; the waterfall's read one another's results",
)

waterfall_points = Study(
    "waterfall-points",
    "A waterfall of dilated convolutions finds as many points as parallel ones.",
    "Artacho 2020",
    "section 3.1",
    "2001.08095",
    (
        StudyPart(
            "points",
            "A small network with it finds no fewer points than with ASPP, by two points of a hundred.",
            Form(Within(low=-2.0), PCK, HEADS, PLUS, 5, f"{EARLY}; drawn shapes, not people"),
            Form(Within(low=-2.0), PCK_LONGER, HEADS, PLUS, 8, "drawn shapes, not people"),
        ),
    ),
    published="key points of people, which this does not measure",
    pitfalls="the two differ in parameters, which is the point of it",
)

not_res2net = Study(
    "waterfall-head",
    "A waterfall head helps a network.",
    "A reading of Artacho 2020",
    "section 3.1",
    "2001.08095",
    (
        StudyPart(
            "no worse",
            "A network of 20 layers with a small waterfall in its head trains no worse than without.",
            early(lanes(net(20), own(net(20), f"head={WATERFALL}")), PLUS, LATE, Within(low=-0.1), 5),
            final(lanes(net(20), own(net(20), f"head={WATERFALL}")), PLUS, Within(low=-0.3), 5),
        ),
    ),
    published="none on classification: the paper finds key points of people",
    pitfalls="a waterfall is neither split nor added, unlike Res2Net's scales",
)

RK4, EULER = "horesnet-rk4-26", "horesnet-euler-26"

higher_order = Study(
    "higher-order",
    "One Runge-Kutta step of fourth order does better than four Euler steps of as many parameters.",
    "Luo 2021",
    "tables 2 and 3",
    "2103.15244",
    (
        StudyPart(
            "linear",
            "On x' = x a step of fourth order gives 2.7083, as Taylor's sum does.",
            *2
            * (
                Form(
                    Exact(1e-6),
                    FromAnalysis("fourth order growth", "solver", {"halvings": 1, "images": 1}),
                    lanes(net(20)),
                    FarFrom(65 / 24),
                    1,
                    "a linear field, which no branch is",
                ),
            ),
        ),
        StudyPart(
            "training",
            "A network of fourth-order units trains better than one of Euler units.",
            early(lanes(RK4, EULER), MINUS, seeds=5),
            final(lanes("horesnet-rk4-26", "horesnet-euler-26"), MINUS),
        ),
        StudyPart(
            "scaled Euler",
            "It does so even where Euler's branches are as small as those of a fourth-order step.",
            early(lanes(RK4, f"{EULER}:bn relu conv bn relu conv scale(0.264) + relu"), MINUS, seeds=5),
            final(lanes(RK4, f"{EULER}:bn relu conv bn relu conv scale(0.264) + relu"), MINUS),
        ),
    ),
    published="other networks and units; 92,418 parameters each here at half the width",
    pitfalls="a fourth-order step's branch has a variance of 0.278 against 4 of four Euler steps",
)
STUDIES = (width, dropout, cardinality, scales, waterfall, waterfall_points, not_res2net, higher_order)
