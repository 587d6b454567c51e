"""Batches: a function of seed and step alone, cropped, mirrored and normalised as one does it image by image."""

from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from resnet_explorer.errors import DataError
from resnet_explorer.runs.datasets import AUGMENT, NORMALISE, Data
from resnet_explorer.training.data.batches import Batches
from resnet_explorer.training.data.images import Images
from resnet_explorer.training.data.normalise import normaliser_for

SIZE, COUNT = 16, 50
IMAGES = Images(
    torch.randint(256, (COUNT, 3, SIZE, SIZE), dtype=torch.uint8, generator=torch.Generator().manual_seed(0)),
    torch.arange(COUNT),
)
PLAIN = Data(augment="none")


def batches(data: Data = PLAIN, batch: int = 8, seed: int = 0, channels_last: bool = False) -> Batches:
    return Batches(IMAGES, data, batch, seed, channels_last)


def one_by_one(images: Images, data: Data, labels: Tensor) -> list[Tensor]:
    """Every crop, as it is and mirrored, of the images behind labels; each normalised before it is padded."""
    border = SIZE // 8 if "crop" in data.augment else 0
    scale = normaliser_for(images.pixels, data.normalise)
    augmented = []
    for label in labels:
        pixels = images.pixels[label].float()
        if data.normalise == "channel":
            whole = (F.pad(pixels, (border,) * 4) - scale.mean) * scale.factor
        else:
            whole = F.pad((pixels - scale.mean) * scale.factor, (border,) * 4)
        places = range(2 * border + 1)
        crops = [whole[:, i : i + SIZE, j : j + SIZE] for i in places for j in places]
        augmented.append(torch.stack([*crops, *(crop.flip(2) for crop in crops)] if "flip" in data.augment else crops))
    return augmented


@pytest.mark.parametrize("channels_last", [False, True])
@pytest.mark.parametrize("normalise", NORMALISE)
@pytest.mark.parametrize("augment", AUGMENT)
def test_each_image_is_one_of_the_crops_made_one_by_one(augment: str, normalise: str, channels_last: bool) -> None:
    data = Data(augment=augment, normalise=normalise)
    x, labels = batches(data, channels_last=channels_last).at(3)
    for image, crops in zip(x, one_by_one(IMAGES, data, labels), strict=True):
        assert (crops - image).abs().amax((1, 2, 3)).min() < 1e-4


@pytest.mark.parametrize("normalise", NORMALISE)
def test_the_layout_in_memory_changes_no_number(normalise: str) -> None:
    data = Data(normalise=normalise)
    first, last = (batches(data, channels_last=wanted).at(7)[0] for wanted in (False, True))
    assert torch.equal(first, last)
    assert first.is_contiguous()
    assert last.is_contiguous(memory_format=torch.channels_last)


def test_a_step_follows_from_seed_and_step_alone() -> None:
    crooked, straight = batches(Data()), batches(Data())
    seen = {step: crooked.at(step) for step in (20, 3, 21, 0, 3)}
    for step, (x, labels) in seen.items():
        assert torch.equal(straight.at(step)[0], x)
        assert torch.equal(straight.at(step)[1], labels)


@pytest.mark.parametrize("augment", AUGMENT)
def test_another_seed_sees_another_order(augment: str) -> None:
    data = Data(augment=augment)
    assert not torch.equal(batches(data, seed=0).at(0)[1], batches(data, seed=1).at(0)[1])


def test_an_epoch_shows_each_image_at_most_once_and_the_next_in_another_order() -> None:
    run_batches = batches(batch=8)
    epochs = [torch.cat([run_batches.at(step)[1] for step in range(start, start + 6)]) for start in (0, 6)]
    assert run_batches.steps_per_epoch == 6
    assert [len(set(epoch.tolist())) for epoch in epochs] == [48, 48]
    assert not torch.equal(*epochs)


def test_every_crop_and_both_mirrorings_come_up() -> None:
    lone = Images(IMAGES.pixels[:1], IMAGES.labels[:1])
    data = Data(augment="crop-flip")
    run_batches = Batches(lone, data, 1, 0)
    (crops,) = one_by_one(lone, data, lone.labels)
    nearest = {int((crops - run_batches.at(step)[0]).abs().amax((1, 2, 3)).argmin()) for step in range(600)}
    assert len(crops) == 50
    assert len(nearest) == 50


def test_the_global_generator_is_left_alone() -> None:
    before = torch.get_rng_state()
    batches(Data()).at(9)
    assert torch.equal(before, torch.get_rng_state())


def test_training_images_have_mean_0_and_deviation_1_by_channel() -> None:
    scale = normaliser_for(IMAGES.pixels, "channel")
    x = scale(IMAGES.pixels)
    assert x.mean((0, 2, 3)).tolist() == pytest.approx([0, 0, 0], abs=1e-5)
    assert x.std((0, 2, 3), correction=0).tolist() == pytest.approx([1, 1, 1], abs=1e-5)


def test_the_mean_image_is_subtracted_by_pixel() -> None:
    x = normaliser_for(IMAGES.pixels, "pixel")(IMAGES.pixels)
    assert x.mean(0).abs().max() < 1e-6
    assert torch.allclose(x[0] - x[1], (IMAGES.pixels[0].float() - IMAGES.pixels[1].float()) / 255, atol=1e-6)


def test_a_channel_that_never_changes_gives_no_infinity() -> None:
    grey = Images(torch.full((4, 1, 8, 8), 7, dtype=torch.uint8), torch.zeros(4, dtype=torch.int64))
    assert torch.equal(Batches(grey, PLAIN, 2, 0).at(0)[0], torch.zeros(2, 1, 8, 8))


@pytest.mark.parametrize("channels_last", [False, True])
def test_evaluation_sees_every_image_once_on_the_training_scale(channels_last: bool) -> None:
    run_batches = batches(replace(PLAIN, augment="crop-flip"), channels_last=channels_last)
    many = Images(IMAGES.pixels.repeat(30, 1, 1, 1), IMAGES.labels.repeat(30))
    parts = list(run_batches.all(many))
    assert [len(labels) for _, labels in parts] == [1000, 500]
    assert torch.equal(torch.cat([labels for _, labels in parts]), many.labels)
    assert torch.equal(parts[0][0][:COUNT], run_batches.normaliser(IMAGES.pixels))


def test_a_batch_larger_than_the_set_is_refused() -> None:
    with pytest.raises(DataError, match="a batch of 51 needs as many training images, and there are 50"):
        batches(batch=51)


def test_a_batch_as_large_as_the_set_is_an_epoch() -> None:
    assert sorted(batches(batch=50).at(4)[1].tolist()) == list(range(50))
