"""Batches from images that stay on the device: a strided window for the crop, mirrored, then normalised.

No worker process and no second copy of the set: a window is a view, and a batch is gathered from it.
"""

import hashlib
from collections.abc import Iterator, Sequence

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from resnet_explorer.errors import DataError
from resnet_explorer.runs.datasets import Data
from resnet_explorer.training.data.images import Images
from resnet_explorer.training.data.normalise import normaliser_for
from resnet_explorer.training.parallel.process_group import ALONE, ProcessGroup

# images of one batch in evaluation
MOST_EVALUATED = 1000


class Batches:
    """The batches of a run; that of a step follows from the seed and the step alone."""

    def __init__(
        self,
        images: Images,
        data: Data,
        batch: int,
        seed: int,
        channels_last: bool = False,
        mirrored_names: Sequence[int] = (),
        group: ProcessGroup = ALONE,
    ) -> None:
        """Pad the images once; raises DataError for a batch of more images than there are.

        `mirrored_names` says for each point which one it is in the mirror, where some are on the left or right. A
        process of a group gets its part of each batch.
        """
        count, _, size, _ = images.pixels.shape
        if batch > count:
            raise DataError(f"a batch of {batch:,} needs as many training images, and there are {count:,}")
        self.part, self.group = group.part(batch), group
        self.batch, self.seed, self.steps_per_epoch = batch, seed, count // batch
        self.normaliser = normaliser_for(images.pixels, data.normalise)
        self._image_count, self._labels, self._channels_last = count, images.labels, channels_last
        self._size, self._mirrored_names = size, list(mirrored_names)
        self._border = size // 8 if "crop" in data.augment else 0
        self._mirrors = "flip" in data.augment
        self._windows = self._crop_windows(images.pixels, size)
        # added after the factor; computed once, as each launch counts in a small step on a GPU
        shift = -self.normaliser.mean * self.normaliser.factor
        self._shift, self._factor = self._match_layout(shift), self._match_layout(self.normaliser.factor)
        # a mean image is cropped as the image is, so that the border is 0 after it is subtracted (He 2015)
        whole = self.normaliser.mean.shape[-1] > 1
        self._shifts = self._crop_windows(shift[None], size)[0] if whole else None
        self._epoch, self._draws = -1, torch.empty(0)

    def at(self, step: int) -> tuple[Tensor, Tensor]:
        """Normalised images and labels of a step, counted from 0."""
        crops, i, j, mirrored, labels = self._crops_at(step)
        x = self._mirror(crops, mirrored).float()
        shift = self._shift if self._shifts is None else self._mirror(self._shifts[i, j], mirrored)
        x = torch.addcmul(shift, x, self._factor)
        return x.permute(0, 3, 1, 2) if self._channels_last else x, labels

    def pixels_at(self, step: int) -> tuple[Tensor, Tensor]:
        """The same images before they are normalised (uint8), to be looked at."""
        crops, _, _, mirrored, labels = self._crops_at(step)
        pixels = self._mirror(crops, mirrored)
        return pixels.permute(0, 3, 1, 2) if self._channels_last else pixels, labels

    def all(self, images: Images) -> Iterator[tuple[Tensor, Tensor]]:
        """Every image once, in order, not augmented, with the normalisation of the training images."""
        form = torch.channels_last if self._channels_last else torch.contiguous_format
        for start in range(0, len(images.labels), MOST_EVALUATED):
            pixels, labels = images.part(slice(start, start + MOST_EVALUATED))
            yield self.normaliser(pixels).contiguous(memory_format=form), labels

    def _crops_at(self, step: int) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """The crops of a step, their rows and columns, which are mirrored, and their labels."""
        epoch, number = divmod(step, self.steps_per_epoch)
        if epoch != self._epoch:
            self._epoch, self._draws = epoch, self._draw(epoch).to(self._labels.device)
        chosen, i, j, mirrored = self._draws[:, number * self.batch : (number + 1) * self.batch][:, self.part].unbind()
        return self._windows[chosen, i, j], i, j, mirrored, self._labels_of(chosen, i, j, mirrored)

    def _labels_of(self, chosen: Tensor, i: Tensor, j: Tensor, mirrored: Tensor) -> Tensor:
        """The classes of images; or their points, moved with the crop and mirrored, NaN where they are cut off."""
        labels = self._labels[chosen]
        if labels.dim() == 1:
            return labels
        points = labels + (self._border - torch.stack([j, i], 1))[:, None] / self._size
        if self._mirrors:
            flipped = torch.stack([1 - points[:, :, 0], points[:, :, 1]], 2)
            flipped = flipped[:, self._mirrored_names] if self._mirrored_names else flipped
            points = torch.where(mirrored.bool()[:, None, None], flipped, points)
        inside = ((points >= 0) & (points <= 1)).all(2, keepdim=True)
        return torch.where(inside, points, torch.nan)

    def _crop_windows(self, images: Tensor, size: int) -> Tensor:
        """A view of every crop, by image, row and column; the crop itself in the memory format of a batch."""
        padded = F.pad(images, (self._border,) * 4)
        if not self._channels_last:
            return padded.unfold(2, size, 1).unfold(3, size, 1).permute(0, 2, 3, 1, 4, 5)
        padded = padded.permute(0, 2, 3, 1).contiguous()
        return padded.unfold(1, size, 1).unfold(2, size, 1).permute(0, 1, 2, 4, 5, 3)

    def _match_layout(self, each: Tensor) -> Tensor:
        """A value for each channel, in the order of a crop's dimensions."""
        return each.permute(1, 2, 0) if self._channels_last else each

    def _mirror(self, crops: Tensor, mirrored: Tensor) -> Tensor:
        if not self._mirrors:
            return crops
        across = 2 if self._channels_last else 3
        # `where` over all, as rows selected by a mask would make a GPU wait for their number
        return torch.where(mirrored.bool().view(-1, 1, 1, 1), crops.flip(across), crops)

    def _draw(self, epoch: int) -> Tensor:
        """The order of an epoch, and row, column and mirroring of each crop: one table, moved to the device once."""
        text = f"batches of seed {self.seed}, epoch {epoch}"
        generator = Generator().manual_seed(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]))
        order = torch.randperm(self._image_count, generator=generator)
        crops = torch.randint(2 * self._border + 1, (2, self._image_count), generator=generator)
        mirrored = torch.randint(2, (1, self._image_count), generator=generator)
        return torch.cat([order[None], crops, mirrored])
