"""Engines, which run the same step eagerly, with a compiled network, or as one CUDA graph."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from multiprocessing import current_process

import torch
from torch import Tensor, nn
from torch._dynamo.exc import TorchDynamoException

from resnet_explorer.runs.recipes import Recipe
from resnet_explorer.training.device import DeviceConfig
from resnet_explorer.training.step import StepOutputs, TrainStep
from resnet_explorer.training.task import Task


class Engine(ABC):
    """Takes steps; `fallback` is the reason why it takes them eagerly instead, or empty."""

    name: str
    # a remark for the reader where the first step takes long
    first_step_note = ""

    def __init__(self, train_step: TrainStep) -> None:
        self.train_step = train_step
        self.fallback = ""

    @property
    def running(self) -> str:
        """The name of the engine that takes the steps now: `eager` after a fallback."""
        return Eager.name if self.fallback else self.name

    @abstractmethod
    def step(self, x: Tensor, labels: Tensor, lr: float, outputs: StepOutputs) -> Tensor | None:
        """Train on one batch; returns the numbers of the step, on the device, or None if it is not reported."""


class Eager(Engine):
    """The step as PyTorch runs it."""

    name = "eager"

    def step(self, x: Tensor, labels: Tensor, lr: float, outputs: StepOutputs) -> Tensor | None:
        self.train_step.optimiser.set(lr)
        return self.train_step(x, labels, outputs, self.train_step.forward)


class Compile(Engine):
    """The network through torch.compile."""

    name = "compile"
    first_step_note = "the first step waits for the compiler, a minute or more"

    def __init__(self, train_step: TrainStep) -> None:
        super().__init__(train_step)
        self.compiled: Callable[[Tensor], Tensor] = torch.compile(train_step.net, dynamic=False)

    def step(self, x: Tensor, labels: Tensor, lr: float, outputs: StepOutputs) -> Tensor | None:
        self.train_step.optimiser.set(lr)
        # hooks would be compiled too, and compiled again when they are gone
        forward = self.train_step.net if outputs.measured or self.fallback else self.compiled
        try:
            return self.train_step(x, labels, outputs, forward)
        except TorchDynamoException as error:
            self.fallback = fallback_reason(error)
            return self.train_step(x, labels, outputs, self.train_step.net)


class Graph(Engine):
    """The whole step captured once and replayed: one launch a step instead of thousands.

    The first steps run eagerly on a side stream, as a capture needs; a graph is captured for each
    combination of outputs when it is first needed, and all share one pool of memory.
    """

    name = "graph"
    WARM_UP = 3

    def __init__(self, train_step: TrainStep) -> None:
        super().__init__(train_step)
        self.warm_up_stream = torch.cuda.Stream(train_step.config.device)  # type: ignore[no-untyped-call]
        self.steps_done = 0
        self.batch: tuple[Tensor, Tensor] | None = None
        self.graphs: dict[StepOutputs, tuple[torch.cuda.CUDAGraph, Tensor | None]] = {}
        self.pool = torch.cuda.graph_pool_handle()

    def step(self, x: Tensor, labels: Tensor, lr: float, outputs: StepOutputs) -> Tensor | None:
        self.train_step.optimiser.set(lr)
        if self.fallback:
            return self.train_step(x, labels, outputs, self.train_step.net)
        self.steps_done += 1
        if self.steps_done <= self.WARM_UP:
            return self._warm_up(x, labels, outputs)
        try:
            graph, numbers = self._captured_step(x, labels, outputs)
        except torch.OutOfMemoryError:
            raise
        except RuntimeError as error:
            self.fallback = fallback_reason(error)
            return self.train_step(x, labels, outputs, self.train_step.net)
        graph.replay()
        return numbers

    def _warm_up(self, x: Tensor, labels: Tensor, outputs: StepOutputs) -> Tensor | None:
        main = torch.cuda.current_stream(self.train_step.config.device)
        self.warm_up_stream.wait_stream(main)
        with torch.cuda.stream(self.warm_up_stream):
            numbers = self.train_step(x, labels, outputs, self.train_step.net)
        main.wait_stream(self.warm_up_stream)
        return numbers

    def _captured_step(
        self, x: Tensor, labels: Tensor, outputs: StepOutputs
    ) -> tuple[torch.cuda.CUDAGraph, Tensor | None]:
        """The graph for these outputs, and its numbers; the batch is copied to where the graph reads it."""
        if self.batch is None:
            self.batch = x.clone(), labels.clone()
        else:
            self.batch[0].copy_(x)
            self.batch[1].copy_(labels)
        if outputs not in self.graphs:
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph, pool=self.pool, stream=self.warm_up_stream):
                numbers = self.train_step(*self.batch, outputs, self.train_step.net)
            self.graphs[outputs] = graph, numbers
        return self.graphs[outputs]


ENGINES: dict[str, type[Engine]] = {"eager": Eager, "compile": Compile, "graph": Graph}


def make_engine(net: nn.Module, recipe: Recipe, config: DeviceConfig, task: Task | None = None) -> Engine:
    """The engine a recipe asks for; `auto` is the graph on a GPU and eager on a CPU. No task is to classify."""
    cuda = config.device.type == "cuda"
    name = ("graph" if cuda else "eager") if recipe.engine == "auto" else recipe.engine
    if recipe.engine == "auto" and config.group.size > 1:
        name = Eager.name
    reason = _obstacle(name, recipe, cuda, config.group.size)
    if reason:
        name = Eager.name
    # a graph reads its learning rate from the device
    lr = torch.tensor(recipe.lr, device=config.device) if name == "graph" else recipe.lr
    chosen = ENGINES[name](TrainStep(net, recipe, config, lr, task))
    chosen.fallback = reason
    return chosen


def _obstacle(name: str, recipe: Recipe, cuda: bool, processes: int = 1) -> str:
    """Why the recipe cannot run on this engine here; empty if it can."""
    if name != Eager.name and processes > 1:
        return f"engine={name} is for a run of one process; this one has {processes}, and goes on eagerly"
    if name == "compile" and current_process().daemon:
        return "torch.compile needs processes of its own, which a burst on a lent GPU has not; this run goes on eagerly"
    if name == "graph" and not cuda:
        return "engine=graph needs a GPU; this run goes on eagerly"
    if name == "graph" and recipe.optimiser == "muon":
        return "torch's Muon reads its learning rate on the host, so no graph holds it; this run goes on eagerly"
    return ""


def fallback_reason(error: Exception) -> str:
    """The first line of an error, as a reason to go on eagerly."""
    return f"went on eagerly: {(str(error).strip().splitlines() or [type(error).__name__])[0][:200]}"
