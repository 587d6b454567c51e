from resnet_explorer.api.planning import build_plan
from resnet_explorer.describe.structure_sentences import structure_sentences

ORDERINGS = (
    "original",
    "bn-after-addition",
    "relu-before-addition",
    "relu-only-preactivation",
    "full-preactivation",
    "plain",
)


def sentences(*networks: str) -> list[str]:
    lanes = [("ABCDEF"[i], build_plan(network)[1]) for i, network in enumerate(networks)]
    return [str(sentence) for sentence in structure_sentences(lanes)]


def test_six_orderings_are_told_apart_in_three_sentences() -> None:
    assert sentences(*(f"cifar-basic-56:{name}" for name in ORDERINGS)) == [
        "C, D and E keep the identity path exact inside their stages.",
        "On the trunk between two additions: relu in A; bn relu in B; F has no shortcut.",
        "All have 853,018 parameters (with BN).",
    ]


def test_one_exact_lane_is_every_lane_and_nothing_stands_on_it() -> None:
    assert sentences("cifar-basic-20:full-preactivation") == [
        "Every lane keeps the identity path exact inside its stages.",
        "It has 269,722 parameters (with BN).",
    ]


def test_plain_lanes_have_no_shortcut_and_sizes_are_ordered() -> None:
    assert sentences("cifar-basic-56:plain", "cifar-basic-20:plain") == [
        "No lane keeps the identity path exact inside its stages.",
        "A and B have no shortcut.",
        "Parameters differ (with BN): B 269,722; A 853,018.",
    ]


def test_a_blend_without_other_ops_is_no_plain_unit() -> None:
    assert "no shortcut" not in " ".join(sentences("cifar-basic-20:conv bn relu conv bn blend", "cifar-basic-20"))


def test_no_lanes_say_nothing() -> None:
    assert sentences() == []
