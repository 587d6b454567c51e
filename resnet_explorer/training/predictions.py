"""What a trained network makes of test images: classes with probabilities, and the maps inside it; plain values out.

The weights are those of a checkpoint (the averaged ones where the run has them), in fp32 on the processor.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from resnet_explorer.errors import RunError
from resnet_explorer.models.units import Network
from resnet_explorer.runs.datasets import DATA_SETS, POINTS
from resnet_explorer.runs.experiment import Experiment
from resnet_explorer.runs.measures import measure_of
from resnet_explorer.training import checkpoint
from resnet_explorer.training.data.batches import Batches
from resnet_explorer.training.data.datasets import load
from resnet_explorer.training.data.images import Images, LoadedDataset, choose_subset, mirrored_names
from resnet_explorer.training.data.normalise import normaliser_for
from resnet_explorer.training.data.pictures import data_uri, grey
from resnet_explorer.training.device import DeviceConfig
from resnet_explorer.training.found_points import all_found, describe_image, nearness, with_points
from resnet_explorer.training.state import build_network
from resnet_explorer.training.task import task_of

CPU = DeviceConfig(torch.device("cpu"), "fp32", 1)
# of the test set, so that a deep network answers within seconds; chosen as evenly over the classes as can be
MOST_PREDICTED = 1000
CHUNK = 100
# which of the images that suit are shown
SEED = 0
# channels of a stage that are shown beside the mean of all: those with the largest mean square
TOP_CHANNELS = 6


@torch.no_grad()
def predictions(experiment_json: str, folder: str, home: str, step: int, count: int) -> dict[str, Any]:
    """Test images with what is right and what the network takes it for: half right, half wrong where there are.

    That is the class and its probability, or points and where they are found.
    """
    experiment = Experiment.from_json(experiment_json)
    net, step = _trained(experiment, Path(folder), step)
    loaded = load_present(experiment, Path(home))
    images = choose_subset(loaded.test, MOST_PREDICTED)
    output = torch.cat([net(x) for x in _inputs(images, loaded, experiment)])
    right, of = task_of(experiment).right(output, images.labels)
    describe = _predict_points if experiment.data.task == POINTS else _predict_classes
    totals = {"step": step, "right": int(right), "of": int(of), "test": len(loaded.test.labels), "seed": SEED}
    measure = measure_of(experiment.data.label).name
    shown = describe(output, images, loaded.classes, count)
    return {**totals, "measure": measure, "classes": list(loaded.classes), "images": shown}


@torch.no_grad()
def feature_maps(experiment_json: str, folder: str, home: str, step: int, image: int) -> dict[str, Any]:
    """One test image, and what the stem and each stage make of it, as grey maps."""
    experiment = Experiment.from_json(experiment_json)
    net, step = _trained(experiment, Path(folder), step)
    loaded = load_present(experiment, Path(home))
    images = choose_subset(loaded.test, MOST_PREDICTED)
    if not 0 <= image < len(images.labels):
        raise RunError(f"image is a number from 0 to {len(images.labels) - 1:,}, not {image:,}")
    one = images.part(slice(image, image + 1))
    (x,) = _inputs(one, loaded, experiment)
    stages = [_stage_maps(name, activations[0]) for name, activations in _activations(net, x)]
    fed = _labelled(one.labels[0], one.pixels[0], loaded.classes)
    return {"step": step, "image": image, **fed, "stages": stages}


def _predict_classes(output: Tensor, images: Images, classes: Sequence[str], count: int) -> list[dict[str, Any]]:
    """Some images with the classes that they have and are taken for."""
    probabilities = output.softmax(1)
    best, predicted = probabilities.max(1)
    right = predicted == images.labels
    return [
        {
            "image": place,
            "label": classes[int(images.labels[place])],
            "predicted": classes[int(predicted[place])],
            "right": bool(right[place]),
            "probability": round(float(best[place]), 4),
            "of_label": round(float(probabilities[place, images.labels[place]]), 4),
            "points": [],
            "png": data_uri(images.pixels[place]),
        }
        for place in _choose(right, count)
    ]


def _predict_points(output: Tensor, images: Images, classes: Sequence[str], count: int) -> list[dict[str, Any]]:
    """Some images with the points that they have, and where those are found."""
    guesses, distances = nearness(output, images.labels)
    chosen = _choose(all_found(distances), count)
    return [describe_image(place, images, guesses, distances, classes) for place in chosen]


def training_images(experiment_json: str, home: str, count: int) -> dict[str, Any]:
    """The first images of a run's first batch as they are fed to the network, cropped and mirrored, before its mean."""
    experiment = Experiment.from_json(experiment_json)
    loaded = load_present(experiment, Path(home))
    batch = min(experiment.recipe.batch, len(loaded.train.labels))
    names = mirrored_names(loaded.classes)
    batches = Batches(loaded.train, experiment.data, batch, experiment.seed, mirrored_names=names)
    pixels, labels = batches.pixels_at(0)
    shown = [_labelled(label, image, loaded.classes) for image, label in zip(pixels[:count], labels[:count])]
    return {"batch": batch, "train": len(loaded.train.labels), "classes": list(loaded.classes), "images": shown}


def _labelled(label: Tensor, pixels: Tensor, classes: Sequence[str]) -> dict[str, str]:
    """An image and its class; or the points that it has, with a ring around each."""
    if not label.dim():
        return {"label": classes[int(label)], "png": data_uri(pixels)}
    names = [name for name, point in zip(classes, label, strict=True) if not point.isnan().any()]
    return {"label": ", ".join(names), "png": data_uri(with_points(pixels, label))}


def load_present(experiment: Experiment, home: Path) -> LoadedDataset:
    """The images of an experiment; refused where they would have to be downloaded first."""
    data_set = experiment.data.name
    # nothing is asked of the network for a data set that no run has fetched
    absent = DATA_SETS[data_set].download and not (home / "downloads" / data_set).exists()
    loading = load(experiment.data, home, CPU.device)
    while not absent:
        try:
            next(loading)
        except StopIteration as end:
            loaded: LoadedDataset = end.value
            return loaded
    raise RunError(f"{experiment.data.label} is not here yet; the first run that trains on it fetches it")


def _trained(experiment: Experiment, folder: Path, step: int) -> tuple[Network, int]:
    """The network with the weights after a step, the newest that was kept for 0; and that step."""
    saved = checkpoint.load_step(folder, experiment.id, step)
    net = build_network(experiment, CPU)
    net.load_state_dict(saved.state["average"] or saved.state["net"])
    assert isinstance(net, Network)
    return net.eval(), saved.step


def _inputs(images: Images, loaded: LoadedDataset, experiment: Experiment) -> Iterator[Tensor]:
    """The images as the network takes them, some at a time."""
    normaliser = normaliser_for(loaded.train.pixels, experiment.data.normalise)
    return (normaliser(part) for part in torch.split(images.pixels, CHUNK))


def _choose(right: Tensor, count: int) -> list[int]:
    """Places of `count` images, half of them right where there are so many, the wrong ones first."""
    order = torch.randperm(len(right), generator=torch.Generator().manual_seed(SEED))
    wrong, correct = order[~right[order]], order[right[order]]
    wrongs = min(len(wrong), max(count // 2, count - len(correct)))
    return [int(place) for place in torch.cat([wrong[:wrongs], correct[: count - wrongs]])]


def _activations(net: Network, x: Tensor) -> Iterator[tuple[str, Tensor]]:
    x = net.stem(x)
    yield "stem", x
    for number, stage in enumerate(net.stages, start=1):
        x = stage(x)
        yield f"stage {number}", x


def _stage_maps(name: str, activations: Tensor) -> dict[str, Any]:
    """The mean over the channels, and the channels with the largest mean square."""
    strength = activations.square().mean((1, 2))
    top = strength.argsort(descending=True, stable=True)[:TOP_CHANNELS].tolist()
    channels = [{"channel": channel, "png": data_uri(grey(activations[channel]))} for channel in top]
    return {
        "name": name,
        "shape": list(activations.shape),
        "mean": data_uri(grey(activations.mean(0))),
        "channels": channels,
    }
