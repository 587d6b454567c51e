"""How a network is trained, as data: the fields, and the named recipes, each a few values for them."""

from dataclasses import dataclass
from math import isfinite

from resnet_explorer.errors import RunError
from resnet_explorer.runs.datasets import require_known

OPTIMISERS = ("sgd", "nesterov", "adamw", "muon")
SCHEDULES = {
    "constant": "the same after warm-up",
    "linear": "falling in a line, to 0 one step after the last",
    "steps": "times `factor` at each milestone",
    "cosine": "falling along half a cosine to 0",
    "one-cycle": "rising in a line over the warm-up, then falling in a line to 0",
}
DECAY = ("all", "weights")
PRECISIONS = ("auto", "fp32", "tf32", "bf16")
ENGINES = ("auto", "eager", "compile", "graph")
INITS = ("he-fan-out", "he-fan-in", "zero-gamma", "fixup", "skipinit", "orthogonal", "torch")
MOST_STEPS = 1_000_000
MOST_BATCH = 4096


@dataclass(frozen=True)
class Recipe:
    """How a network is trained. A field never changes its default or meaning: ids depend on them.

    `decay` says what weight decay touches: all parameters, or weights alone (no normalisation, no bias).
    The warm-up rises in a line from 0 over `warmup` steps, or stays at `warmup_lr` if that is given.
    `epochs` above 0 counts instead of `steps`. `evaluate`, `save` and `measure` are steps between two of them;
    0 means only at the end (never, for `measure`).
    """

    optimiser: str = "sgd"
    lr: float = 0.1
    momentum: float = 0.9
    weight_decay: float = 1e-4
    decay: str = "all"
    schedule: str = "linear"
    milestones: tuple[int, ...] = ()
    factor: float = 0.1
    warmup: int = 0
    warmup_lr: float = 0.0
    batch: int = 128
    steps: int = 300
    epochs: float = 0.0
    clip: float = 0.0
    init: str = "he-fan-out"
    smoothing: float = 0.0
    precision: str = "auto"
    channels_last: bool = True
    engine: str = "auto"
    ema: float = 0.0
    evaluate: int = 0
    save: int = 0
    measure: int = 10

    def __post_init__(self) -> None:
        """Raise RunError for unknown names and numbers out of range."""
        for name, names in (
            ("optimiser", OPTIMISERS),
            ("schedule", SCHEDULES),
            ("decay", DECAY),
            ("precision", PRECISIONS),
            ("engine", ENGINES),
            ("init", INITS),
        ):
            require_known(name, getattr(self, name), names)
        for name, least, most in RANGES:
            _check_range(name, getattr(self, name), least, most)
        if self.schedule == "steps" and not self.milestones:
            raise RunError("schedule=steps needs milestones, such as milestones=150/225")


RANGES: tuple[tuple[str, float, float], ...] = (
    ("lr", 0, 1000),
    ("momentum", 0, 0.9999),
    ("weight_decay", 0, 10),
    ("factor", 0, 1),
    ("warmup", 0, MOST_STEPS),
    ("warmup_lr", 0, 1000),
    ("batch", 1, MOST_BATCH),
    ("steps", 1, MOST_STEPS),
    ("epochs", 0, 10_000),
    ("clip", 0, 1e9),
    ("smoothing", 0, 0.9),
    ("ema", 0, 0.99999),
    ("evaluate", 0, MOST_STEPS),
    ("save", 0, MOST_STEPS),
    ("measure", 0, MOST_STEPS),
)


def _check_range(name: str, value: float, least: float, most: float) -> None:
    if isinstance(value, bool) or not isfinite(value) or not least <= value <= most:
        raise RunError(f"{name} is a number from {least:g} to {most:,g}, not {value!r}")


@dataclass(frozen=True)
class RecipePreset:
    """A recipe by name: values for fields of Recipe and Data, and what the network's width is multiplied by."""

    meaning: str
    values: dict[str, str]
    width: str = "1"


RECIPES: dict[str, RecipePreset] = {
    "short": RecipePreset(
        "300 steps at half the width and 16 pixels: what an ordering does to early optimisation",
        {
            "size": "16",
            "batch": "64",
            "steps": "300",
            "warmup": "30",
            "evaluate": "100",
            "save": "100",
            "augment": "none",
        },
        "1/2",
    ),
    "steady": RecipePreset(
        "500 steps at half the rate of short: which orderings begin to learn is the same on every seed",
        {
            "size": "16",
            "lr": "0.05",
            "batch": "64",
            "steps": "500",
            "warmup": "30",
            "evaluate": "100",
            "save": "100",
            "augment": "none",
        },
        "1/2",
    ),
    "he2015": RecipePreset(
        "He 2015 on CIFAR-10: 64,000 steps of 128, 0.1, a tenth at 32,000 and 48,000, 400 steps at 0.01 first",
        {
            "schedule": "steps",
            "milestones": "32000/48000",
            "steps": "64000",
            "warmup": "400",
            "warmup_lr": "0.01",
            "normalise": "pixel",
            "evaluate": "1000",
            "save": "1000",
        },
    ),
    "wrn": RecipePreset(
        "Zagoruyko 2016: 200 epochs of 128, Nesterov, 0.1 times 0.2 at 60, 120 and 160 epochs, decay 5e-4",
        {
            "optimiser": "nesterov",
            "schedule": "steps",
            "milestones": "23460/46920/62560",
            "factor": "0.2",
            "weight_decay": "0.0005",
            "epochs": "200",
            "evaluate": "1000",
            "save": "1000",
        },
    ),
    "speed": RecipePreset(
        "one cycle with Nesterov and label smoothing: as many per cent as fit into a minute on one GPU",
        {
            "optimiser": "nesterov",
            "schedule": "one-cycle",
            "lr": "0.4",
            "weight_decay": "0.0005",
            "decay": "weights",
            "smoothing": "0.1",
            "batch": "512",
            "epochs": "15",
            "warmup": "300",
            "evaluate": "250",
            "save": "1000",
            "precision": "auto",
        },
    ),
}
