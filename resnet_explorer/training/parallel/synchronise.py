"""A network whose layers see the whole batch, though each process has a part of it.

Batch normalisation takes its statistics from all processes, by torch's SyncBatchNorm on GPUs and by our own on a
processor, where torch has none. Dropout draws for the whole batch and keeps the part of this process, so on a
processor all processes together drop what one would.
"""

from collections.abc import Callable
from inspect import signature
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from resnet_explorer.models.blocks import DropPath
from resnet_explorer.training.parallel.process_group import ProcessGroup

T = TypeVar("T", bound=nn.Module)
# running statistics are the same in all processes already; a later torch has another name for it
RENAMED = "forward_sync_buffers" in signature(DistributedDataParallel.__init__).parameters
KEEP_BUFFERS: dict[str, Any] = {"forward_sync_buffers" if RENAMED else "broadcast_buffers": False}


def synchronise(net: T, group: ProcessGroup, device: torch.device) -> T:
    """The network with layers that see the whole batch, under the same names; as it is for a group of one."""
    if group.size == 1:
        return net
    _replace_layers(net, group, device)
    # a network is no batch normalisation itself, so it is changed and not replaced
    if device.type == "cuda":
        nn.SyncBatchNorm.convert_sync_batchnorm(net)  # type: ignore[no-untyped-call]
    return net


def averaging(net: nn.Module, group: ProcessGroup, device: torch.device) -> Callable[[Tensor], Tensor]:
    """The network's forward pass, whose backward pass averages gradients over all processes."""
    if group.size == 1:
        return net
    devices = [device] if device.type == "cuda" else None
    return DistributedDataParallel(net, device_ids=devices, **KEEP_BUFFERS)


def _replace_layers(module: nn.Module, group: ProcessGroup, device: torch.device) -> None:
    for name, child in module.named_children():
        if type(child) is nn.BatchNorm2d and device.type == "cpu":
            setattr(module, name, SyncedBatchNorm2d(child, group))
        elif type(child) is nn.Dropout:
            setattr(module, name, SharedDropout(child.p, group))
        elif type(child) is DropPath:
            setattr(module, name, SharedDropPath(child.p, group))
        else:
            _replace_layers(child, group, device)


class SyncedBatchNorm2d(nn.BatchNorm2d):
    """Batch normalisation with the statistics of the whole batch, for processes whose parts are equally large."""

    def __init__(self, layer: nn.BatchNorm2d, group: ProcessGroup) -> None:
        super().__init__(layer.num_features, layer.eps, layer.momentum, layer.affine, layer.track_running_stats)
        self.load_state_dict(layer.state_dict())
        self.group = group

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return super().forward(x)
        with torch.no_grad():
            mean, variance = self._whole_batch_statistics(x.float())
            self._follow(mean, variance, x.numel() // x.shape[1] * self.group.size)
        y: Tensor = _Normalise.apply(x, mean, variance, self.weight, self.bias, self)
        return y

    def _whole_batch_statistics(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and biased variance of each channel over all processes, from the means and variances of the parts."""
        variance, mean = torch.var_mean(x, (0, 2, 3), correction=0)
        means, variances = self.group.gather(torch.stack([mean, variance])).unbind(1)
        whole = means.mean(0)
        return whole, (variances + (means - whole).square()).mean(0)

    def _follow(self, mean: Tensor, variance: Tensor, count: int) -> None:
        """Move the running statistics a step, as torch does: with the unbiased variance."""
        if self.running_mean is None or self.running_var is None or self.num_batches_tracked is None:
            return
        self.num_batches_tracked.add_(1)
        share = 1 / float(self.num_batches_tracked) if self.momentum is None else self.momentum
        self.running_mean.lerp_(mean, share)
        self.running_var.lerp_(variance * count / max(count - 1, 1), share)


class _Normalise(torch.autograd.Function):
    """Normalisation by given statistics, whose backward pass knows that they depend on the whole batch."""

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, mean: Tensor, variance: Tensor, weight: Tensor, bias: Tensor, layer: SyncedBatchNorm2d
    ) -> Tensor:
        scale = (variance + layer.eps).rsqrt()
        ctx.save_for_backward(x, mean, scale, weight)
        ctx.group = layer.group
        factor = scale * weight
        return torch.addcmul(_each(bias - mean * factor), x.float(), _each(factor)).to(x.dtype)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        x, mean, scale, weight = ctx.saved_tensors
        gradient = gradients[0].float()
        normalised = (x.float() - _each(mean)) * _each(scale)
        sums = torch.stack([gradient.sum((0, 2, 3)), (gradient * normalised).sum((0, 2, 3))])
        count = gradient.numel() // gradient.shape[1] * ctx.group.size
        constant, slope = (ctx.group.sum(sums) / count).unbind()
        back = (gradient - _each(constant) - normalised * _each(slope)) * _each(scale * weight)
        # those of weight and bias are this part's own: they are averaged with those of the other weights
        return back.to(x.dtype), None, None, sums[1], sums[0], None


def _each(values: Tensor) -> Tensor:
    """A value for each channel, beside images."""
    return values.view(1, -1, 1, 1)


class SharedDropout(nn.Dropout):
    """Dropout that draws for the whole batch and keeps the part of this process."""

    def __init__(self, p: float, group: ProcessGroup) -> None:
        super().__init__(p)
        self.group = group

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or not self.p:
            return x
        whole = x.new_empty(x.shape[0] * self.group.size, *x.shape[1:])
        if x.dim() == 4 and x.is_contiguous(memory_format=torch.channels_last):
            # numbers are drawn in the order in which they are stored
            whole = whole.contiguous(memory_format=torch.channels_last)
        kept = torch.nn.functional.dropout(whole.fill_(1), self.p)
        return x * kept[self.group.part(len(kept))]


class SharedDropPath(DropPath):
    """Stochastic depth that draws for the whole batch and keeps the part of this process."""

    def __init__(self, p: float, group: ProcessGroup) -> None:
        super().__init__(p)
        self.group = group

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or not self.p:
            return x
        kept = x.new_empty(x.shape[0] * self.group.size, *(1,) * (x.dim() - 1)).bernoulli_(1 - self.p)
        return x * kept[self.group.part(len(kept))].div_(1 - self.p)
