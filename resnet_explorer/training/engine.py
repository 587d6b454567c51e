"""Ways to run the same step: as it stands, with a compiled network, or as one CUDA graph."""

from abc import ABC, abstractmethod
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch._dynamo.exc import TorchDynamoException

from resnet_explorer.runs.recipes import Recipe
from resnet_explorer.training.device import DeviceConfig
from resnet_explorer.training.step import StepOutputs, TrainStep


class Engine(ABC):
    """Takes steps; `reason` says why it gave up its own way and goes on eagerly, if it did."""

    name: str
    # what a reader should know who sees no first step for long
    waits = ""

    def __init__(self, work: TrainStep) -> None:
        self.work = work
        self.reason = ""

    @property
    def now(self) -> str:
        """The name of the way that steps are taken by now."""
        return Eager.name if self.reason else self.name

    @abstractmethod
    def step(self, x: Tensor, labels: Tensor, lr: float, wanted: StepOutputs) -> Tensor | None:
        """Train on one batch; the numbers stay on the device until somebody reads them."""


class Eager(Engine):
    """The step as it stands."""

    name = "eager"

    def step(self, x: Tensor, labels: Tensor, lr: float, wanted: StepOutputs) -> Tensor | None:
        self.work.optimiser.set(lr)
        return self.work(x, labels, wanted, self.work.net)


class Compile(Engine):
    """The network through torch.compile."""

    name = "compile"
    waits = "the first step waits for the compiler, a minute or more"

    def __init__(self, work: TrainStep) -> None:
        super().__init__(work)
        self.compiled: Callable[[Tensor], Tensor] = torch.compile(work.net, dynamic=False)

    def step(self, x: Tensor, labels: Tensor, lr: float, wanted: StepOutputs) -> Tensor | None:
        self.work.optimiser.set(lr)
        # hooks would be compiled too, and compiled again when they are gone
        forward = self.work.net if wanted.measured or self.reason else self.compiled
        try:
            return self.work(x, labels, wanted, forward)
        except TorchDynamoException as error:
            self.reason = sentence(error)
            return self.work(x, labels, wanted, self.work.net)


class Graph(Engine):
    """The whole step captured once and replayed: one launch a step instead of thousands.

    The first steps run eagerly beside the main stream, as a capture asks for; a graph is captured for
    each kind of step when it is first wanted, and all share one pool of memory.
    """

    name = "graph"
    WARM = 3

    def __init__(self, work: TrainStep) -> None:
        super().__init__(work)
        self.side = torch.cuda.Stream(work.place.device)  # type: ignore[no-untyped-call]
        self.taken = 0
        self.batch: tuple[Tensor, Tensor] | None = None
        self.captured: dict[StepOutputs, tuple[torch.cuda.CUDAGraph, Tensor | None]] = {}
        self.pool = torch.cuda.graph_pool_handle()

    def step(self, x: Tensor, labels: Tensor, lr: float, wanted: StepOutputs) -> Tensor | None:
        self.work.optimiser.set(lr)
        if self.reason:
            return self.work(x, labels, wanted, self.work.net)
        self.taken += 1
        if self.taken <= self.WARM:
            return self._beside(x, labels, wanted)
        try:
            graph, numbers = self._graph(x, labels, wanted)
        except torch.OutOfMemoryError:
            raise
        except RuntimeError as error:
            self.reason = sentence(error)
            return self.work(x, labels, wanted, self.work.net)
        graph.replay()
        return numbers

    def _beside(self, x: Tensor, labels: Tensor, wanted: StepOutputs) -> Tensor | None:
        main = torch.cuda.current_stream(self.work.place.device)
        self.side.wait_stream(main)
        with torch.cuda.stream(self.side):
            numbers = self.work(x, labels, wanted, self.work.net)
        main.wait_stream(self.side)
        return numbers

    def _graph(self, x: Tensor, labels: Tensor, wanted: StepOutputs) -> tuple[torch.cuda.CUDAGraph, Tensor | None]:
        """The graph for this kind of step, with the batch where it reads it."""
        if self.batch is None:
            self.batch = x.clone(), labels.clone()
        else:
            self.batch[0].copy_(x)
            self.batch[1].copy_(labels)
        if wanted not in self.captured:
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph, pool=self.pool, stream=self.side):
                numbers = self.work(*self.batch, wanted, self.work.net)
            self.captured[wanted] = graph, numbers
        return self.captured[wanted]


ENGINES: dict[str, type[Engine]] = {"eager": Eager, "compile": Compile, "graph": Graph}


def engine(net: nn.Module, recipe: Recipe, place: DeviceConfig) -> Engine:
    """The engine a recipe asks for; `auto` is the graph on a GPU and eager on a CPU."""
    cuda = place.device.type == "cuda"
    name = ("graph" if cuda else "eager") if recipe.engine == "auto" else recipe.engine
    reason = _obstacle(recipe, cuda) if name == "graph" else ""
    if reason:
        name = Eager.name
    # a graph reads its learning rate from the device
    lr = torch.tensor(recipe.lr, device=place.device) if name == "graph" else recipe.lr
    made = ENGINES[name](TrainStep(net, recipe, place, lr))
    made.reason = reason
    return made


def _obstacle(recipe: Recipe, cuda: bool) -> str:
    if not cuda:
        return "engine=graph needs a GPU; this run goes on eagerly"
    if recipe.optimiser == "muon":
        return "torch's Muon reads its learning rate on the host, so no graph holds it; this run goes on eagerly"
    return ""


def sentence(error: Exception) -> str:
    """The first line of an error, as a reason to go on eagerly."""
    return f"went on eagerly: {(str(error).strip().splitlines() or [type(error).__name__])[0][:200]}"
