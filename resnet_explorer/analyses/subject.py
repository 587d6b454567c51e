"""What an analysis looks at: the network of a lane with its weights, and images to send through it."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn

from resnet_explorer.analyses.request import SubjectRequest
from resnet_explorer.errors import AnalysisError
from resnet_explorer.models.build import build
from resnet_explorer.models.units import Network, Residual
from resnet_explorer.networks.plan import Plan, plan
from resnet_explorer.networks.request import parse_request
from resnet_explorer.runs.datasets import CLASSES, Data
from resnet_explorer.runs.experiment import Experiment, prepare
from resnet_explorer.runs.recorded_networks import find_recorded
from resnet_explorer.runs.run_folder import SHORT, find_run
from resnet_explorer.training import checkpoint, packed_weights
from resnet_explorer.training.data.images import choose_subset
from resnet_explorer.training.data.normalise import Normaliser, normaliser_for
from resnet_explorer.training.device import DeviceConfig
from resnet_explorer.training.predictions import load_present
from resnet_explorer.training.state import build_network

# of the held-out images; chosen as evenly over the classes as can be
IMAGES = 1000
# images that the statistics of an untrained network's BN are taken from, and in one pass
CALIBRATED, CHUNK = 128, 128


@dataclass(frozen=True)
class Subject:
    """A lane's network in evaluation mode, and held-out images as it takes them, with their labels.

    `words` says what weights these are. BN of an untrained network has the statistics of training images, so that
    evaluation mode means something.
    """

    request: SubjectRequest
    experiment: Experiment
    net: Network
    x: Tensor
    labels: Tensor
    classes: tuple[str, ...]
    words: str
    # of its run, which may keep its weights of earlier steps
    folder: Path | None = None
    # makes of bytes, on the processor, an image that the network takes; none where there are no images
    normaliser: Normaliser | None = None

    @property
    def letter(self) -> str:
        return self.request.letter

    @property
    def trained(self) -> bool:
        return bool(self.request.run or self.request.recorded)

    @cached_property
    def plan(self) -> Plan:
        return plan(self.experiment.network)

    @property
    def units(self) -> list[Residual]:
        """All units in the order that data takes; these are the network's own modules."""
        return [unit for stage in self.net.stages for unit in stage]  # type: ignore[attr-defined]


class Weights(NamedTuple):
    """An experiment, its weights (None: those of its seed), and what they are in words."""

    experiment: Experiment
    state: dict[str, Tensor] | None
    words: str


class Pictures(NamedTuple):
    """What lanes of the same data share: training images for statistics, held-out ones, their classes, and so on."""

    some: Tensor
    x: Tensor
    labels: Tensor
    classes: tuple[str, ...]
    label: str
    normaliser: Normaliser


def load_subject(
    request: SubjectRequest, home: Path, device: DeviceConfig, known: dict[Data, Pictures] | None = None
) -> Subject:
    """The network and images that a request names; raises AnalysisError, RunError or DataError.

    Images that are `known` from an earlier lane are not loaded again.
    """
    experiment, state, words = _weights(request, home)
    if experiment.data.task != CLASSES:
        raise AnalysisError(f"{request.letter} finds points; analyses look at networks that name a class")
    known = {} if known is None else known
    pictures = known.get(experiment.data) or _load_pictures(experiment, home, device)
    known[experiment.data] = pictures
    net = build_network(experiment, device)
    assert isinstance(net, Network)
    if state:
        net.load_state_dict(state)
    else:
        _calibrate(net, pictures.some)
    folder = find_run(home, request.run).path if request.run else None
    words = f"{words}, {pictures.label}"
    held_out = (pictures.x, pictures.labels, pictures.classes)
    return Subject(request, experiment, net.eval(), *held_out, words, folder, pictures.normaliser)


def earlier_weights(subject: Subject) -> list[tuple[int, dict[str, Tensor]]]:
    """The initial weights of a subject's run and those that it keeps of earlier steps, each with its step."""
    if subject.folder is None:
        return []
    device = DeviceConfig(subject.x.device, "fp32", 1)
    with torch.random.fork_rng(devices=[]):
        path = [(0, build_network(subject.experiment, device).state_dict())]
    newest = subject.request.step
    for step in checkpoint.kept_steps(subject.folder):
        if not newest or step < newest:
            state = checkpoint.load_step(subject.folder, subject.experiment.id, step).state
            path.append((step, state["average"] or state["net"]))
    # without a step the newest is the subject's own
    return path if newest else path[:-1]


def plan_subject(request: SubjectRequest, device: DeviceConfig) -> Subject:
    """A lane as its line writes it, at its own image size, without weights or images: for what needs only the plan."""
    experiment = Experiment(network=parse_request(request.line).network, seed=request.seed)
    with torch.device("meta"):
        net = build(plan(experiment.network)).eval()
    none = torch.empty(0, device=device.device)
    return Subject(request, experiment, net, none, none, (), "as its line writes it")


def _weights(request: SubjectRequest, home: Path) -> Weights:
    if request.run:
        return _trained(request, home)
    if request.recorded:
        return _recorded(request)
    experiment = prepare(request.line, request.data, "short", request.seed)
    return Weights(experiment, None, f"initial weights of seed {request.seed}")


def _load_pictures(experiment: Experiment, home: Path, device: DeviceConfig) -> Pictures:
    loaded = load_present(experiment, home)
    normaliser = normaliser_for(loaded.train.pixels, experiment.data.normalise)
    some, images = choose_subset(loaded.train, CALIBRATED), choose_subset(loaded.test, IMAGES)
    x = normaliser(images.pixels).to(device.device)
    labels = images.labels.to(device.device)
    return Pictures(normaliser(some.pixels).to(device.device), x, labels, loaded.classes, loaded.label, normaliser)


def _recorded(request: SubjectRequest) -> Weights:
    network = find_recorded(request.line, request.data)
    if network.weights != request.recorded:
        raise AnalysisError(f"other weights of {request.line[:60]} come with the program now; ask once more")
    words = f"weights that come with the program, {network.words}"
    return Weights(network.experiment, packed_weights.read(network.path), words)


def _trained(request: SubjectRequest, home: Path) -> Weights:
    folder = find_run(home, request.run)
    job = folder.job()
    if "experiment" not in job.what:
        raise AnalysisError(f"run {folder.run[:SHORT]} trains nothing, so it has no weights to look at")
    experiment = Experiment.from_json(json.dumps(job.what["experiment"]))
    saved = checkpoint.load_step(folder.path, experiment.id, request.step)
    words = f"run {request.run[:SHORT]} after step {saved.step:,}"
    return Weights(experiment, saved.state["average"] or saved.state["net"], words)


@torch.no_grad()
def _calibrate(net: nn.Module, x: Tensor) -> None:
    """Give every BN the mean statistics of these images; the weights stay as they are."""
    norms = [module for module in net.modules() if isinstance(module, nn.BatchNorm2d)]
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
    net.train()
    for part in torch.split(x, CHUNK):
        net(part)
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
    net.eval()
