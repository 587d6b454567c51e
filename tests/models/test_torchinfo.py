import pytest

from resnet_explorer.api import networks as api
from resnet_explorer.errors import BudgetError
from resnet_explorer.networks.families import FAMILIES

UNUSUAL = [
    "cifar-basic-20:relu | conv bn relu conv se blend bn",
    "cifar-basic-20:bn relu conv wasp rk4(shared=true) scale(2, learned=true) gn;skip=gate",
    "cifar-basic-20:ln2d conv(bias=true) gn(4) + scale(1, learned=true)",
]


@pytest.mark.parametrize("name", [*(family.example for family in FAMILIES), *UNUSUAL])
def test_torchinfo_agrees_with_the_plan_once_norms_and_biases_are_taken_off(name: str) -> None:
    counts = api.second_opinion(name)
    assert counts["torchinfo_params"] == counts["params"]
    assert counts["torchinfo_macs"] - counts["normalisation"] - counts["biases"] == counts["macs"]
    assert counts["agrees"]


def test_the_sentence_says_what_was_taken_off() -> None:
    counts = api.second_opinion("cifar-basic-56")
    assert "853,018 parameters in the built module, the same as the plan" in counts["sentence"]
    assert "4,064" in counts["sentence"]
    assert "125,485,696 are left, the same as the plan" in counts["sentence"]


def test_a_network_of_too_many_layers_is_refused_before_it_is_built() -> None:
    with pytest.raises(BudgetError, match="layers; the limit is 6,000"):
        api.second_opinion("cifar-basic-2000")
