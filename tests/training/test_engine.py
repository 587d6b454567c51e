"""The ways to take a step: which is chosen, and, where there is a GPU, that its graph takes the same steps."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from resnet_explorer.runs.events import Evaluated, Event, Finished, Measured, Noted, Started, Stepped
from resnet_explorer.runs.experiment import prepare
from resnet_explorer.runs.recipes import ENGINES as NAMES
from resnet_explorer.runs.recipes import Recipe
from resnet_explorer.training.device import DeviceConfig
from resnet_explorer.training.engine import ENGINES, Eager, fallback_reason, make_engine
from resnet_explorer.training.loop import train
from resnet_explorer.training.state import build_network
from resnet_explorer.training.step import StepOutputs
from tests.fixtures.tiny_run import NOISY, OPTIMISERS_HERE, experiment, only

CPU = DeviceConfig(torch.device("cpu"), "fp32", 1)
needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")


def on_gpu(folder: Path, line: str = "cifar-basic-8", **settings: str) -> list[Event]:
    return list(train(experiment(line, **settings), folder, folder, device="cuda"))


def losses(events: list[Event]) -> list[float]:
    return [event.loss for event in only(Stepped, events)]


def test_every_name_but_auto_has_its_engine() -> None:
    assert {"auto", *ENGINES} == set(NAMES)


def test_auto_is_eager_on_a_cpu() -> None:
    chosen = make_engine(build_network(experiment(), CPU), Recipe(), CPU)
    assert (chosen.running, chosen.fallback) == ("eager", "")


def test_a_graph_needs_a_gpu_and_says_so() -> None:
    chosen = make_engine(build_network(experiment(), CPU), Recipe(engine="graph"), CPU)
    assert isinstance(chosen, Eager)
    assert "needs a GPU" in chosen.fallback


def test_nothing_is_compiled_in_a_process_that_may_have_no_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resnet_explorer.training.engine.current_process", lambda: SimpleNamespace(daemon=True))
    chosen = make_engine(build_network(experiment(), CPU), Recipe(engine="compile"), CPU)
    assert isinstance(chosen, Eager)
    assert "processes of its own" in chosen.fallback


def test_a_step_gives_what_it_is_asked_for() -> None:
    chosen = make_engine(build_network(experiment(), CPU), Recipe(), CPU)
    x, labels = torch.randn(16, 3, 8, 8), torch.arange(16) % 10
    silent, reported, measured = (
        chosen.step(x, labels, 0.1, outputs)
        for outputs in (StepOutputs(False, False), StepOutputs(True, False), StepOutputs(True, True))
    )
    assert silent is None
    assert reported is not None
    assert len(reported) == 3 + len(chosen.train_step.names)
    assert measured is not None
    assert len(measured) == len(reported) + 4 + 3 + 3 + 4


@pytest.mark.parametrize("error", [RuntimeError("line one\nline two"), RuntimeError()])
def test_the_reason_for_going_on_eagerly_is_one_line(error: Exception) -> None:
    assert fallback_reason(error) in ("went on eagerly: line one", "went on eagerly: RuntimeError")


@needs_gpu
@pytest.mark.parametrize("optimiser", OPTIMISERS_HERE)
def test_a_graph_takes_the_same_steps_as_the_eager_engine(tmp_path: Path, optimiser: str) -> None:
    settings = {"steps": "12", "optimiser": optimiser, "lr": "0.01", "clip": "1", "ema": "0.9"}
    eager, graph = (on_gpu(tmp_path / name, engine=name, **settings) for name in ("eager", "graph"))
    assert losses(graph) == pytest.approx(losses(eager), rel=1e-2)
    assert only(Measured, graph)[-1].gradients == pytest.approx(only(Measured, eager)[-1].gradients, rel=5e-2)
    assert only(Evaluated, graph)[-1].loss == pytest.approx(only(Evaluated, eager)[-1].loss, rel=1e-2)


@needs_gpu
def test_auto_is_a_graph_on_a_gpu_that_needs_no_excuse(tmp_path: Path) -> None:
    events = on_gpu(tmp_path, NOISY, engine="auto", precision="auto", steps="12")
    (started,) = only(Started, events)
    assert (started.engine, started.precision) == ("graph", "bf16")
    assert only(Noted, events) == []
    assert isinstance(events[-1], Finished)


@needs_gpu
def test_dropout_in_a_graph_differs_from_step_to_step(tmp_path: Path) -> None:
    settings = {"lr": "0", "subset": "16", "augment": "none", "warmup": "0", "steps": "12", "measure": "0"}
    assert len(set(losses(on_gpu(tmp_path, NOISY, engine="graph", **settings)))) == 12


@needs_gpu
def test_points_are_learned_in_a_graph_as_they_are_eagerly(tmp_path: Path) -> None:
    settings = {"size": "16", "subset": "256", "test": "32", "steps": "12", "batch": "16", "precision": "fp32"}
    curves = []
    for engine in ("graph", "eager"):
        line = "cifar-basic-8;head=conv1(bias=true)"
        wanted = prepare(line, "points", "short", 0, settings | {"engine": engine, "augment": "crop-flip"})
        events = list(train(wanted, tmp_path / engine, tmp_path, device="cuda"))
        assert only(Started, events)[0].engine == engine
        curves.append(losses(events))
    assert curves[0][:6] == pytest.approx(curves[1][:6], rel=0.05)


@needs_gpu
def test_a_graph_goes_on_where_a_checkpoint_left_it(tmp_path: Path) -> None:
    graphed = experiment(engine="graph", steps="12", save="6")
    whole = list(train(graphed, tmp_path / "whole", tmp_path, device="cuda"))
    (tmp_path / "parts" / "checkpoints").mkdir(parents=True)
    (tmp_path / "whole" / "checkpoints" / "000000006.pt").rename(tmp_path / "parts" / "checkpoints" / "000000006.pt")
    parts = list(train(graphed, tmp_path / "parts", tmp_path, device="cuda"))
    assert [event.step for event in only(Stepped, parts)] == list(range(7, 13))
    assert losses(parts) == pytest.approx(losses(whole)[6:], rel=1e-2)
