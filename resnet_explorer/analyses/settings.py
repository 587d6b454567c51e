"""The settings of every analysis: a frozen dataclass each, whose fields have bounds or choices, and help."""

from dataclasses import dataclass

from resnet_explorer.analyses.setting_fields import choice, number, picture, switch, whole
from resnet_explorer.gradients.metrics import INITS


@dataclass(frozen=True)
class GradientPathsSettings:
    """How many images are looked at, and how finely."""

    images: int = whole(16, 1, 1000, "held-out images whose gradients are followed")
    longest: int = whole(64, 1, 1202, "branches up to which parts are told apart; longer paths are one part")


@dataclass(frozen=True)
class UnrollSettings:
    """How many images are followed."""

    images: int = whole(32, 1, 1000, "held-out images that are sent through")


@dataclass(frozen=True)
class SignalSettings:
    """What is sent through, and with which weights."""

    images: int = whole(32, 4, 256, "images in a batch")
    batches: int = whole(4, 1, 32, "batches that the curves are the mean over")
    batch: str = choice("images", ("images", "noise"), "held-out images, or N(0, 1), which theory is for")
    of: str = choice("output", ("output", "loss"), "whose gradient: the output's in one direction, or the loss's")
    batch_norm: bool = switch(True, "off: nothing in the place of each batch normalisation")
    init: str = choice("own", ("own", *INITS), "initial weights of untrained lanes")
    steps: int = whole(3, 0, 50, "training steps with each remedy against explosion; 0: no remedy is tried")
    seed: int = whole(0, 0, 2**31 - 1, "seed of batches, and of the direction of the output")


@dataclass(frozen=True)
class LesionSettings:
    """What is cut and how often."""

    images: int = whole(300, 10, 1000, "held-out images, drawn by the seed")
    trials: int = whole(6, 0, 100, "random choices of the cut units, and of the exchanged pairs, for each number")
    measure: str = choice("accuracy", ("accuracy", "loss"), "what the figure shows")
    seed: int = whole(0, 0, 2**31 - 1, "seed of images, cuts and orders")


@dataclass(frozen=True)
class PathsSettings:
    """How many paths are pulled back."""

    trials: int = whole(30, 1, 1000, "paths of each length; all where there are no more")
    images: int = whole(4, 1, 64, "held-out images that each path is taken for")
    seed: int = whole(0, 0, 2**31 - 1, "of the paths that are drawn")


@dataclass(frozen=True)
class LandscapeSettings:
    """Which part of the space of weights is looked at, and how closely."""

    dimensions: str = choice("2", ("1", "2"), "1: along a line, 2: over a plane")
    finest: str = choice("17", ("5", "9", "17", "33"), "points along a side in the end")
    reach: float = number(1.0, 0.001, 10.0, "farthest distance; at 1 each filter is moved by its own length")
    plane: str = choice("random", ("random", "training"), "random, or in which the weights moved most in training")
    images: int = whole(128, 8, 1000, "held-out images that the loss is the mean over")
    directions: int = whole(1, 1, 8, "lines through the weights, in one dimension; the band spans them")
    power: int = whole(20, 0, 200, "power iterations at most for the sharpest curvature; 0: none")
    surface: bool = switch(False, "draw the plane as a surface in three dimensions")
    seed: int = whole(0, 0, 2**31 - 1, "seed of the directions")


@dataclass(frozen=True)
class IdentitySettings:
    """How the stacks learn."""

    deepest: int = whole(9, 1, 64, "units in the deepest stack; another has a third of them, and so on down to 1")
    steps: int = whole(200, 10, 5000, "training steps, each on 16 new images of noise")
    rate: float = number(0.003, 1e-5, 1.0, "learning rate of Adam")
    channels: int = whole(8, 1, 256, "channels; doubled until the unit's words can split them")
    seed: int = whole(0, 0, 2**31 - 1, "seed of weights and noise")


@dataclass(frozen=True)
class SolverSettings:
    """Which branch is followed, and with how small steps."""

    halvings: int = whole(6, 1, 9, "how often the step is halved")
    time: float = number(1.0, 0.01, 10.0, "time that is integrated over along a branch; 1: one step of the unit")
    unit: int = whole(0, 0, 1202, "unit whose branch is followed, from 1; 0: the middle one that keeps the shape")
    images: int = whole(4, 1, 16, "held-out images that the branch is followed from")
    seed: int = whole(0, 0, 2**31 - 1, "seed of the linear field")


@dataclass(frozen=True)
class LatencySettings:
    """How the lanes are timed."""

    batch: int = whole(8, 1, 512, "images in a batch; fewer for large networks, so that a turn stays short")
    rounds: int = whole(20, 1, 200, "turns that each lane takes")
    seed: int = whole(0, 0, 2**31 - 1, "seed of the order of turns in each round")


@dataclass(frozen=True)
class ReceptiveSettings:
    """How the effective receptive field is measured."""

    images: int = whole(32, 1, 512, "held-out images that the gradients are taken at")
    seed: int = whole(0, 0, 1_000_000, "of the random sum over channels")


@dataclass(frozen=True)
class FeaturesSettings:
    """Which image is sent through, and which maps are drawn."""

    image: int = whole(0, 0, 999, "number of a held-out image")
    picture: str = picture("an image of one's own instead: the RGB bytes of 32 by 32 pixels in base64")
    channel: int = whole(0, 0, 65536, "0: the mean size over channels; or the channel of this rank by energy")
    stage: int = whole(0, 0, 16, "stage whose units are drawn; 0: some of every stage")
