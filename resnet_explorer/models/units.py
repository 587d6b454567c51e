"""The network, the one residual unit, and the steps that merge. `export` copies these classes as they stand."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from resnet_explorer.models.blocks import Decoder


class Network(nn.Module):
    """Stem, stages of units, head; a head may ask for the output of an early stage."""

    def __init__(self, stem: nn.Sequential, stages: nn.Sequential, head: nn.Sequential) -> None:
        super().__init__()
        self.stem = stem
        self.stages = stages
        self.head = head

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        early = []
        for stage in self.stages:
            x = stage(x)
            early.append(x)
        for layer in self.head:
            x = layer(x, early[layer.stage - 1]) if isinstance(layer, Decoder) else layer(x)
        return x


class Residual(nn.Module):
    """A unit: what stands before the fork, the branch, the shortcut, the step that joins them, what follows."""

    def __init__(
        self, pre: nn.Sequential, branch: nn.Module, skip: nn.Sequential, merge: nn.Module, post: nn.Sequential
    ) -> None:
        super().__init__()
        self.pre = pre
        self.branch = branch
        self.skip = skip
        self.merge = merge
        self.post = post

    def forward(self, x: Tensor) -> Tensor:
        x = self.pre(x)
        y: Tensor = self.post(self.merge(self.branch, self.skip, x))
        return y


class Through(nn.Module):
    """No shortcut: a plain unit."""

    def forward(self, branch: nn.Module, skip: nn.Module, x: Tensor) -> Tensor:
        y: Tensor = branch(x)
        return y


class Add(nn.Module):
    """Shortcut plus branch."""

    def forward(self, branch: nn.Module, skip: nn.Module, x: Tensor) -> Tensor:
        y: Tensor = skip(x) + branch(x)
        return y


class Blend(nn.Module):
    """Exclusive gating: g(x) of the branch and 1 - g(x) of the shortcut."""

    def __init__(self, c_in: int, c_out: int, stride: int = 1, bias: float = -6.0) -> None:
        super().__init__()
        self.gate = nn.Conv2d(c_in, c_out, 1, stride=stride)
        nn.init.constant_(self.gate.bias, bias)  # type: ignore[arg-type]

    def forward(self, branch: nn.Module, skip: nn.Module, x: Tensor) -> Tensor:
        g = torch.sigmoid(self.gate(x))
        y: Tensor = g * branch(x) + (1 - g) * skip(x)
        return y


class RungeKutta(nn.Module):
    """One explicit step: stage i sees h + sum a[i][j] k_j, the unit gives h + sum b[j] k_j, h the shortcut."""

    def __init__(self, a: Sequence[Sequence[float]], b: Sequence[float]) -> None:
        super().__init__()
        self.a = a
        self.b = b

    def forward(self, branch: nn.ModuleList, skip: nn.Module, x: Tensor) -> Tensor:
        h = skip(x)
        k = [branch[0](x)]
        for i, row in enumerate(self.a, start=1):
            stage = branch[min(i, len(branch) - 1)]
            k.append(stage(self.step(h, row, k)))
        return self.step(h, self.b, k)

    def step(self, h: Tensor, weights: Sequence[float], k: list[Tensor]) -> Tensor:
        for weight, slope in zip(weights, k, strict=True):
            if weight:
                h = h + weight * slope
        return h
