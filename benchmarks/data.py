"""Input: batches from resident images against torchvision's DataLoader, and an opened pack against a scan of files.

All do the same work on the same images: a random crop of 32 from 40 pixels, half of them mirrored, normalised by
channel, in batches of 128. Ours gives them as channels last, which is what training on a processor wants.
"""

import os
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

# as the entry points do, before torch is loaded
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "10000")

import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset
from torchvision.datasets import ImageFolder
from torchvision.transforms import Compose, Normalize, RandomCrop, RandomHorizontalFlip, ToTensor

from benchmarks.measure import interleaved, ratios, report
from resnet_explorer.models.build import build
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request
from resnet_explorer.runs.datasets import Data
from resnet_explorer.training.data.batches import Batches
from resnet_explorer.training.data.datasets import load
from resnet_explorer.training.data.images import Images
from resnet_explorer.training.data.shapes import draw

COUNT, SIZE, BATCH = 4096, 32, 128
FILES = 50_000
CPU = torch.device("cpu")


class Held(Dataset[Any]):
    """Images in memory, as torchvision's CIFAR10 holds them: each becomes a PIL image and goes through transforms."""

    def __init__(self, images: Images, transform: Callable[[Any], Any]) -> None:
        """Keep them as an array of H×W×C."""
        self._pixels, self._labels = images.pixels.permute(0, 2, 3, 1).numpy(), images.labels.tolist()
        self._transform = transform

    def __len__(self) -> int:
        return len(self._labels)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        return self._transform(Image.fromarray(self._pixels[index])), self._labels[index]


def main() -> None:
    """An epoch of batches, a training step, and opening a folder again."""
    torch.set_num_threads(1)
    images = Images(*draw(COUNT, SIZE))
    ours = Batches(images, Data(), BATCH, 0, channels_last=True)
    results = ratios(
        f"an epoch of {COUNT:,} images",
        interleaved({"ours": partial(epoch, ours), **loaders(images, ours)}, runs=7),
        {"DataLoader, in this process": "at most 0.05", "DataLoader, two workers": "at most 0.05"},
    )
    for name in ("cifar-basic-20", "cifar-basic-56;width=1/2"):
        step = training_step(name, *ours.at(0))
        times = interleaved({"input": partial(ours.at, 1), f"a step of {name}": step}, runs=9, warm=2)
        results += ratios(f"a batch of {BATCH}", times, {f"a step of {name}": "at most 0.03"})
    with tempfile.TemporaryDirectory() as folder:
        results += ratios(
            f"opening a pack of {FILES:,} JPEGs",
            interleaved(scans(Path(folder)), runs=3),
            {"ImageFolder, each opened by PIL": "at most 0.01"},
        )
    report("data", results)


def epoch(ours: Batches) -> None:
    """Every batch of the first epoch."""
    for step in range(ours.steps_per_epoch):
        ours.at(step)


def loaders(images: Images, ours: Batches) -> dict[str, Callable[[], object]]:
    """What one would write with torchvision: ToTensor, RandomCrop, RandomHorizontalFlip, Normalize."""
    mean, deviation = ours.normaliser.mean.flatten() / 255, 1 / ours.normaliser.factor.flatten() / 255
    normal = Normalize(mean.tolist(), deviation.tolist())
    held = Held(images, Compose([RandomCrop(SIZE, SIZE // 8), RandomHorizontalFlip(), ToTensor(), normal]))
    workers = {"DataLoader, in this process": 0, "DataLoader, two workers": 2}
    data_loaders = {
        name: DataLoader(held, BATCH, True, num_workers=n, persistent_workers=n > 0) for name, n in workers.items()
    }
    return {name: partial(exhaust, loader) for name, loader in data_loaders.items()}


def exhaust(loader: DataLoader[Any]) -> None:
    """Every batch of an epoch."""
    for _ in loader:
        pass


def training_step(name: str, x: Tensor, labels: Tensor) -> Callable[[], None]:
    """Forward, backward and an update in 32 bits, one thread, channels last."""
    net = build(plan(parse_request(name).network)).train().to(memory_format=torch.channels_last)
    optimiser = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)

    def run() -> None:
        optimiser.zero_grad()
        F.cross_entropy(net(x), labels).backward()  # type: ignore[no-untyped-call]
        optimiser.step()

    return run


def scans(folder: Path) -> dict[str, Callable[[], object]]:
    """The same JPEGs: opened again as we keep them, and read file by file."""
    pixels, labels = draw(FILES, SIZE)
    for number, (image, label) in enumerate(zip(pixels, labels.tolist(), strict=True)):
        (file := folder / "files" / str(label) / f"{number}.jpg").parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image.permute(1, 2, 0).numpy()).save(file)
    data = Data("imagefolder", path=str(folder / "files"))
    list(load(data, folder / "home", CPU))
    return {
        "ours": lambda: list(load(data, folder / "home", CPU)),
        "ImageFolder, each opened by PIL": lambda: [image.tobytes() for image, _ in ImageFolder(str(folder / "files"))],
    }


if __name__ == "__main__":
    main()
