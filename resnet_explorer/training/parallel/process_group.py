"""The processes that train one run together: which one this is, its part of a batch, and sums over all."""

from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor

from resnet_explorer.errors import RunError


@dataclass(frozen=True)
class ProcessGroup:
    """This process among those of a run, counted from 0; a run of one process has a group of one."""

    rank: int = 0
    size: int = 1

    def part(self, count: int) -> slice:
        """This process's share of so many images in order; the shares of all are all images, once."""
        return slice(self.rank * count // self.size, (self.rank + 1) * count // self.size)

    def check_batch(self, batch: int) -> None:
        """Raise RunError unless the processes can share a batch evenly, as a mean over all of it needs."""
        if batch % self.size:
            raise RunError(
                f"a batch of {batch:,} cannot be shared evenly by {self.size} processes; "
                f"{batch - batch % self.size or self.size:,} can"
            )

    def sum(self, x: Tensor) -> Tensor:
        """The sum of this tensor over all processes, the same on each; a group of one gets its own tensor back."""
        if self.size == 1:
            return x
        total = x.clone(memory_format=torch.contiguous_format)
        dist.all_reduce(total)
        return total

    def gather(self, x: Tensor) -> Tensor:
        """The tensors of all processes, stacked in the order of their ranks."""
        parts = [torch.empty_like(x) for _ in range(self.size)]
        dist.all_gather(parts, x)
        return torch.stack(parts)

    def wait(self, device: torch.device) -> None:
        """Return when every process has called this."""
        if self.size > 1:
            self.sum(torch.zeros(1, device=device)).item()


ALONE = ProcessGroup()
