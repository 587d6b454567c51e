"""The trained networks that come with the program are what is said of them, and analyses look at them."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from resnet_explorer.analyses.request import SubjectRequest
from resnet_explorer.analyses.subject import load_subject
from resnet_explorer.errors import AnalysisError, RunError
from resnet_explorer.runs.recorded_networks import NETWORKS_DIR, RecordedNetwork, checksum, find_recorded, list_recorded
from resnet_explorer.training import packed_weights
from resnet_explorer.training.data.normalise import normaliser_for
from resnet_explorer.training.predictions import CPU, load_present
from resnet_explorer.training.state import build_network

LINE = "cifar-basic-20:full-preactivation"
MOST_BYTES = 6_000_000


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for all, so that the shapes are drawn once."""
    return tmp_path_factory.mktemp("home")


def test_all_of_them_are_small_and_whole() -> None:
    files = list(NETWORKS_DIR.glob("*.npz"))
    assert sum(path.stat().st_size for path in files) <= MOST_BYTES
    assert sorted(files) == sorted(network.path for network in list_recorded())


@pytest.mark.parametrize("network", list_recorded(), ids=lambda network: network.name)
def test_the_weights_are_those_of_the_network(network: RecordedNetwork) -> None:
    net = build_network(network.experiment, CPU)
    net.load_state_dict(packed_weights.read(network.path))
    assert checksum(network.path) == network.weights
    assert network.provenance.commit
    assert network.provenance.hardware


def test_it_does_as_well_as_is_said(home: Path) -> None:
    network = find_recorded(LINE, "shapes")
    loaded = load_present(network.experiment, home)
    net = build_network(network.experiment, CPU).eval()
    net.load_state_dict(packed_weights.read(network.path))
    x = normaliser_for(loaded.train.pixels, network.experiment.data.normalise)(loaded.test.pixels)
    with torch.no_grad():
        guesses = torch.cat([net(x[start : start + 500]).argmax(1) for start in range(0, len(x), 500)])
    right = int((guesses == loaded.test.labels).sum())
    assert right / len(x) == pytest.approx(network.accuracy, abs=1e-3)


def test_a_subject_has_the_recorded_weights(home: Path) -> None:
    network = find_recorded(LINE, "shapes")
    subject = load_subject(SubjectRequest(LINE, data="shapes", recorded=network.weights), home, CPU)
    assert subject.trained
    assert f"{network.steps:,} steps on shapes" in subject.words
    state, kept = subject.net.state_dict(), packed_weights.read(network.path)
    assert all(torch.equal(state[name], kept[name]) for name in kept)


def test_other_weights_than_those_asked_for_are_refused(home: Path) -> None:
    with pytest.raises(AnalysisError, match="other weights of cifar-basic-20:full-preactivation come with"):
        load_subject(SubjectRequest(LINE, data="shapes", recorded="0" * 16), home, CPU)


def test_a_network_without_weights_is_named_with_those_that_have_some() -> None:
    with pytest.raises(
        RunError, match=r"no weights of cifar-basic-8 on shapes come with the program; there are .*basic-20"
    ):
        find_recorded("cifar-basic-8", "shapes")


def test_weights_are_kept_in_half_precision_and_damage_is_said(tmp_path: Path) -> None:
    state: dict[str, Tensor] = {"a": torch.tensor([1 / 3, 2.0]), "n": torch.tensor(7)}
    packed_weights.write(tmp_path / "x.npz", state)
    kept = packed_weights.read(tmp_path / "x.npz")
    assert torch.equal(kept["a"], state["a"].half().float())
    assert torch.equal(kept["n"], state["n"])
    # two bytes a number
    assert np.load(tmp_path / "x.npz")["low"].nbytes + np.load(tmp_path / "x.npz")["high"].nbytes == 4
    (tmp_path / "x.npz").write_bytes(b"PK nothing")
    with pytest.raises(RunError, match=r"x\.npz cannot be read"):
        packed_weights.read(tmp_path / "x.npz")
