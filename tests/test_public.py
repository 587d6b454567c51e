"""What `import resnet_explorer` gives: every name, without loading what is not used."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch

import resnet_explorer as rx
from resnet_explorer.api import gradients, networks
from resnet_explorer.figures.theme import LIGHT
from resnet_explorer.runs.experiment import prepare
from resnet_explorer.training.device import DeviceConfig
from resnet_explorer.training.state import build_network
from tests.fixtures.paths import ROOT

HEAVY = {"torch", "torchvision", "gradio", "plotly", "numpy", "sqlite3", "starlette"}
NAMES = ["cifar-basic-8:original", "cifar-basic-8:full-preactivation"]
TINY = {"size": "8", "batch": "8", "subset": "64", "test": "32", "steps": "8"}


def run(code: str) -> str:
    """What a program of its own prints."""
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("use", ["dir(rx)", "rx.__version__", "rx.ExplorerError", "rx.describe('cifar-basic-8')"])
def test_nothing_heavy_is_loaded_before_it_is_used(use: str) -> None:
    loaded = run(f"import sys, resnet_explorer as rx\n{use}\nprint(*{{name.split('.')[0] for name in sys.modules}})")
    assert HEAVY.isdisjoint(loaded.split())


def test_all_names_are_listed_and_there() -> None:
    assert dir(rx) == sorted(rx.__all__)
    assert all(getattr(rx, name) for name in rx.__all__)


def test_a_name_that_is_not_there_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'describes'"):
        rx.describes  # type: ignore[attr-defined]  # noqa: B018


def test_the_docstring_shows_every_name() -> None:
    assert rx.__doc__
    assert [name for name in rx.__all__ if name not in rx.__doc__.replace("`", " ")] == ["__version__"]


@pytest.mark.parametrize("name", ["describe", "runs"])
def test_a_verb_is_not_hidden_by_a_room_of_its_name(name: str) -> None:
    code = f"from importlib import import_module\nimport resnet_explorer as rx\nimport_module('resnet_explorer.{name}')"
    assert run(f"{code}\nprint(callable(rx.{name}))\nfrom resnet_explorer.{name} import __path__") == "True\n"


@pytest.mark.parametrize("verb", ["describe", "equation", "export", "notebook"])
def test_a_verb_is_the_verb(verb: str) -> None:
    assert getattr(rx, verb) is getattr(networks, verb)
    assert rx.probe is gradients.probe


def test_a_sentence_becomes_an_ordinary_module() -> None:
    net = rx.build("cifar-basic-8:bn relu conv bn relu conv +", settings={"classes": "7"})
    assert isinstance(net, torch.nn.Module)
    assert net(torch.zeros(2, 3, 32, 32)).shape == (2, 7)


def test_a_seed_and_an_init_decide_the_weights() -> None:
    same, again, other = (rx.build("cifar-basic-8", seed=seed).state_dict() for seed in (1, 1, 2))
    orthogonal = rx.build("cifar-basic-8", init="orthogonal", seed=1).state_dict()
    name = next(name for name, tensor in same.items() if tensor.ndim == 4)
    assert torch.equal(same[name], again[name])
    assert not torch.equal(same[name], other[name])
    assert not torch.equal(same[name], orthogonal[name])


def test_a_built_network_begins_as_a_run_with_its_seed_does() -> None:
    experiment = prepare("cifar-basic-8", "shapes", "short", 3, {"width": "1", "size": "32"}, 0)
    trained = build_network(experiment, DeviceConfig(torch.device("cpu"), "fp32", 1))
    built = rx.build("cifar-basic-8", seed=3, settings={"classes": "10"})
    assert all(torch.equal(a, b) for a, b in zip(trained.parameters(), built.parameters(), strict=True))


def test_what_is_refused_is_one_error() -> None:
    with pytest.raises(rx.ExplorerError, match="did you mean 'conv'"):
        rx.build("cifar-basic-8:convv bn +")
    with pytest.raises(rx.ExplorerError, match="unknown init 'xavier'"):
        rx.build("cifar-basic-8", init="xavier")
    with pytest.raises(rx.ExplorerError, match="limit"):
        rx.build("cifar-basic-56", limit="1MB")
    with pytest.raises(rx.ExplorerError, match="a figure takes 1 to 6 networks, not 7"):
        rx.figure(["cifar-basic-8"] * 7)


def test_a_figure_has_a_line_for_each_network_and_what_the_probe_measured() -> None:
    drawn = rx.figure(NAMES, seeds=1, batch=2)
    lines = {trace.name: trace.y for trace in drawn.data if trace.name}
    assert list(lines) == ["A cifar-basic-8", "B cifar-basic-8:full-preactivation"]
    units = rx.probe(NAMES, seeds=1, batch=2)["lanes"][1]["units"]
    assert list(lines["B cifar-basic-8:full-preactivation"]) == pytest.approx(
        [unit["mean"] for unit in units], rel=1e-4
    )


def test_a_figure_shows_theory_where_asked() -> None:
    black = [trace for trace in rx.figure(NAMES, theory=True, seeds=1, batch=2).data if trace.line.color == LIGHT.ink]
    assert len(black) == len([lane for lane in rx.probe(NAMES, seeds=1, batch=2)["lanes"] if lane["theory"]])


def test_training_waits_and_gives_the_curves(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trained = rx.train(NAMES, settings=TINY, home=tmp_path)
    assert [run["run"]["state"] for run in trained] == ["finished", "finished"]
    assert [len(run["curves"]["steps"]["loss"]) for run in trained] == [8, 8]
    assert "2 of 2 runs ended, step 16 of 16" in capsys.readouterr().err
    listed = [run["run"] for run in rx.runs("finished", "cifar-basic-8", home=tmp_path) if not run["recorded"]]
    assert set(listed) == {run["run"]["run"] for run in trained}
    assert rx.curves(listed[0], home=tmp_path)["state"] == "finished"


def test_runs_lie_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_EXPLORER_HOME", str(tmp_path / "named"))
    assert all(run["recorded"] for run in rx.runs())
    assert (tmp_path / "named").exists()


def statements(block: str) -> list[tuple[str, str]]:
    """Each statement of an example, with the result that its comment names, if it does."""
    lines = block.splitlines()
    pairs = []
    for node in ast.parse(block).body:
        code, _, result = "\n".join(lines[node.lineno - 1 : node.end_lineno]).partition("  # ")
        pairs.append((code, result))
    return pairs


README = (ROOT / "README.md").read_text()
EXAMPLES = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_examples_of_the_readme_run_in_order_and_give_what_they_say() -> None:
    names: dict[str, object] = {}
    results = 0
    for code, result in (statement for block in EXAMPLES for statement in statements(block)):
        if result:
            assert str(eval(code, names)) == result
            results += 1
        else:
            exec(code, names)
    assert (len(EXAMPLES), results) == (3, 2)


def test_the_readme_names_only_what_is_public() -> None:
    assert set(re.findall(r"\brx\.(\w+)", README)) <= set(rx.__all__)
