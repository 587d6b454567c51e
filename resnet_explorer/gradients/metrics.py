"""What a probe of gradient flow can measure, and the conditions it can measure under: tables, one entry each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """A number per unit; where `boundary`, x_0 has one too: the tensor that enters the first unit."""

    name: str
    label: str
    meaning: str
    noun: str
    backward: bool
    boundary: bool

    @property
    def end(self) -> str:
        """Where the signal runs to."""
        return "input" if self.backward else "output"


@dataclass(frozen=True)
class Source:
    """Where a batch comes from; `images` names the function that gives normalised images, N×C×H×W."""

    meaning: str
    images: str = ""


METRICS = {
    metric.name: metric
    for metric in (
        Metric(
            "gradient",
            "|dL/dx|",
            "norm of the gradient of the loss by the tensor between two units, over the whole batch",
            "gradients",
            backward=True,
            boundary=True,
        ),
        Metric(
            "weight-gradient",
            "|dL/dW|",
            "norm of the gradient of the loss by the weights of the unit's first convolution",
            "weight gradients",
            backward=True,
            boundary=False,
        ),
        Metric(
            "second-moment",
            "E x²",
            "mean of the squares of the tensor between two units",
            "activations on the trunk",
            backward=False,
            boundary=True,
        ),
        Metric(
            "channel-variance",
            "Var x",
            "variance over batch and places inside a channel, of the tensor between two units, mean over channels",
            "variances on the trunk",
            backward=False,
            boundary=True,
        ),
        Metric(
            "branch-response",
            "std F",
            "standard deviation of what the branch gives before the merge (of a Runge-Kutta step: its first stage)",
            "branch responses",
            backward=False,
            boundary=False,
        ),
    )
}
# each pass records these, at less than a tenth more time than one alone; the weight gradient, which takes a seventh
# more, and PATHS, a ninth, are recorded when one of them is asked for, and all others with them
COMMON = ("gradient", "second-moment", "channel-variance", "branch-response")
# the two ways by which dL/dx reaches a unit's input, which sum to it
PATHS = {
    "identity": "norm of the part of dL/dx at the unit's input that comes straight through the shortcut",
    "branch": "norm of the part of dL/dx at the unit's input that has passed the branch",
}
INITS = {
    "he-fan-out": "convolutions N(0, 2/(k² outputs)) (He 2015); the fully connected layer as torch's own",
    "he-fan-in": "convolutions N(0, 2/(k² inputs))",
    "zero-gamma": "he-fan-out, and the last batch normalisation of each branch starts at 0 (Goyal 2017)",
    "fixup": "he-fan-out, a branch's last convolution and the classifier 0, its others scaled by depth (Zhang 2019)",
    "orthogonal": "convolutions orthogonal with gain √2 (Saxe 2013)",
    "torch": "what torch gives a new layer: uniform, variance 1/(3 k² inputs)",
}
LOSSES = {
    "cross-entropy": "cross entropy on random labels",
    "sum": "sum of the outputs",
    "mean-square": "mean of the squared outputs",
}
# a source of real images is one more line here: its meaning, and the function that gives them as one tensor
SOURCES = {
    "noise": Source("Gaussian noise N(0, 1)"),
    "shapes": Source(
        "`shapes`, each channel at mean 0 and variance 1", "resnet_explorer.training.data.datasets.probe_images"
    ),
}
