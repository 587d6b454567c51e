"""What torch.nn lacks inside a chain of layers. `export` copies these classes as they stand."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class PadChannels(nn.Module):
    """Option A: every stride-th pixel, and new channels of zeros."""

    def __init__(self, c_in: int, c_out: int, stride: int = 1, symmetric: bool = False) -> None:
        super().__init__()
        self.stride = stride
        new = c_out - c_in
        before = new // 2 if symmetric else 0
        self.padding = (0, 0, 0, 0, before, new - before)

    def forward(self, x: Tensor) -> Tensor:
        return F.pad(x[:, :, :: self.stride, :: self.stride], self.padding)


class Scale(nn.Module):
    """Times a number, learned or not."""

    def __init__(self, value: float, learned: bool = False) -> None:
        super().__init__()
        self.value = nn.Parameter(torch.tensor(float(value))) if learned else value

    def forward(self, x: Tensor) -> Tensor:
        return x * self.value


class DropPath(nn.Module):
    """Stochastic depth: an image's whole input is set to zero with probability p while training."""

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or not self.p:
            return x
        shape = (x.shape[0],) + (1,) * (x.dim() - 1)
        return x * x.new_empty(shape).bernoulli_(1 - self.p).div_(1 - self.p)


class LayerNorm2d(nn.Module):
    """Layer normalisation over the channels at each place."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        y = F.layer_norm(x.movedim(1, -1), self.weight.shape, self.weight, self.bias)
        return y.movedim(-1, 1)


class SqueezeExcite(nn.Module):
    """Each channel scaled by a gate computed from the means of all channels."""

    def __init__(self, channels: int, reduction: int = 16) -> None:
        super().__init__()
        hidden = max(1, channels // reduction)
        self.squeeze = nn.Conv2d(channels, hidden, 1)
        self.excite = nn.Conv2d(hidden, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        mean = x.mean((2, 3), keepdim=True)
        y: Tensor = x * torch.sigmoid(self.excite(F.relu(self.squeeze(mean))))
        return y


class Gate(nn.Module):
    """Shortcut-only gating: x times 1 - g(x)."""

    def __init__(self, channels: int, bias: float = -6.0) -> None:
        super().__init__()
        self.gate = nn.Conv2d(channels, channels, 1)
        nn.init.constant_(self.gate.bias, bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = x * (1 - torch.sigmoid(self.gate(x)))
        return y


class Res2(nn.Module):
    """Splits of the channels, each convolved after adding the result of the one before; the last is passed on.

    In the first unit of a stage nothing is added, and the last split is pooled (or convolved too).
    """

    def __init__(
        self, channels: int, scale: int, stride: int = 1, first: int = 0, groups: int = 1, pool: bool = True
    ) -> None:
        super().__init__()
        self.width = channels // scale
        self.first = bool(first)
        self.pool = nn.AvgPool2d(3, stride=stride, padding=1) if first and pool else None
        convs = scale if first and not pool else scale - 1
        self.convs = nn.ModuleList(self.conv(stride, groups) for _ in range(convs))

    def conv(self, stride: int, groups: int) -> nn.Sequential:
        w = self.width
        layers = [nn.Conv2d(w, w, 3, stride=stride, padding=1, groups=groups, bias=False), nn.BatchNorm2d(w), nn.ReLU()]
        return nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        splits = torch.split(x, self.width, dim=1)
        done: list[Tensor] = []
        for split, conv in zip(splits, self.convs, strict=False):
            done.append(conv(split if self.first or not done else split + done[-1]))
        for split in splits[len(done) :]:
            done.append(split if self.pool is None else self.pool(split))
        return torch.cat(done, dim=1)


class Wasp(nn.Module):
    """UniPose's waterfall of dilated convolutions, with a pooled branch beside it."""

    def __init__(self, c_in: int, c_out: int, rates: Sequence[int]) -> None:
        super().__init__()
        self.entry = self.unit(c_in, c_out, 1)
        self.falls = nn.ModuleList(self.unit(c_out, c_out, 3, rate) for rate in rates)
        self.shared = nn.Conv2d(c_out, c_out, 1, bias=False)
        self.pooled = nn.Sequential(nn.AdaptiveAvgPool2d(1), *self.unit(c_in, c_out, 1))
        self.joined = nn.Sequential(*self.unit(c_out * (len(rates) + 2), c_out, 1), nn.Dropout(0.5))

    def unit(self, c_in: int, c_out: int, k: int, rate: int = 1) -> nn.Sequential:
        conv = nn.Conv2d(c_in, c_out, k, padding=rate * (k // 2), dilation=rate, bias=False)
        return nn.Sequential(conv, nn.BatchNorm2d(c_out), nn.ReLU())

    def forward(self, x: Tensor) -> Tensor:
        falls = [self.entry(x)]
        for fall in self.falls:
            falls.append(fall(falls[-1]))
        pooled = F.interpolate(self.pooled(x), size=x.shape[2:], mode="bilinear", align_corners=True)
        y: Tensor = self.joined(torch.cat([*(self.shared(self.shared(fall)) for fall in falls), pooled], dim=1))
        return y


class Aspp(nn.Module):
    """DeepLab's pyramid of dilated convolutions side by side, with a pooled branch beside them."""

    def __init__(self, c_in: int, c_out: int, rates: Sequence[int]) -> None:
        super().__init__()
        self.entry = self.unit(c_in, c_out, 1)
        self.branches = nn.ModuleList(self.unit(c_in, c_out, 3, rate) for rate in rates)
        self.pooled = nn.Sequential(nn.AdaptiveAvgPool2d(1), *self.unit(c_in, c_out, 1))
        self.joined = nn.Sequential(*self.unit(c_out * (len(rates) + 2), c_out, 1), nn.Dropout(0.5))

    def unit(self, c_in: int, c_out: int, k: int, rate: int = 1) -> nn.Sequential:
        conv = nn.Conv2d(c_in, c_out, k, padding=rate * (k // 2), dilation=rate, bias=False)
        return nn.Sequential(conv, nn.BatchNorm2d(c_out), nn.ReLU())

    def forward(self, x: Tensor) -> Tensor:
        pooled = F.interpolate(self.pooled(x), size=x.shape[2:], mode="bilinear", align_corners=True)
        parts = [self.entry(x), *(branch(x) for branch in self.branches), pooled]
        y: Tensor = self.joined(torch.cat(parts, dim=1))
        return y


class Decoder(nn.Module):
    """UniPose's decoder: the features joined with those of an early stage, to a heatmap a joint and one more."""

    def __init__(self, c_in: int, c_early: int, joints: int, low: int, width: int, stage: int = 1) -> None:
        super().__init__()
        self.stage = stage
        self.early = nn.Sequential(
            nn.Conv2d(c_early, low, 1, bias=False), nn.BatchNorm2d(low), nn.ReLU(), nn.MaxPool2d(3, stride=2, padding=1)
        )
        self.maps = nn.Sequential(
            *self.unit(c_in + low, width, 0.5), *self.unit(width, width, 0.1), nn.Conv2d(width, joints + 1, 1)
        )

    def unit(self, c_in: int, c_out: int, p: float) -> nn.Sequential:
        conv = nn.Conv2d(c_in, c_out, 3, padding=1, bias=False)
        return nn.Sequential(conv, nn.BatchNorm2d(c_out), nn.ReLU(), nn.Dropout(p))

    def forward(self, x: Tensor, early: Tensor) -> Tensor:
        early = self.early(early)
        x = F.interpolate(x, size=early.shape[2:], mode="bilinear", align_corners=True)
        y: Tensor = self.maps(torch.cat([x, early], dim=1))
        return y
