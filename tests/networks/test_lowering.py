"""Sentences to layers: widths, strides, the three rules of pre-activation, and what is refused."""

import pytest

from resnet_explorer.errors import PlanError
from resnet_explorer.networks.lowering import LoweredUnit
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request


def units(name: str) -> list[LoweredUnit]:
    return [position.unit for position in plan(parse_request(name).network).units()]


def sentences(unit: LoweredUnit) -> dict[str, str]:
    return {part: " ".join(layer.word for layer in layers) for part, layers in unit.parts() if layers}


FULL = "cifar-basic-20:full-preactivation"


def test_the_first_unit_is_bare_where_the_stem_ends_with_its_activations() -> None:
    assert sentences(units(FULL)[0]) == {"branch": "conv bn relu conv", "merge": "+"}


def test_a_transition_shares_its_activations_between_branch_and_shortcut() -> None:
    assert sentences(units(FULL)[3]) == {"pre": "bn relu", "branch": "conv bn relu conv", "skip": "pad", "merge": "+"}


def test_any_other_unit_keeps_its_activations_in_the_branch() -> None:
    assert sentences(units(FULL)[1]) == {"branch": "bn relu conv bn relu conv", "merge": "+"}


def test_the_head_closes_with_the_activations_of_the_unit() -> None:
    head = plan(parse_request(FULL).network).head
    assert [layer.word for layer in head] == ["bn", "relu", "gap", "flatten", "fc"]


@pytest.mark.parametrize(
    ("rule", "place", "part", "expected"),
    [("bare", 0, "branch", "bn relu conv bn relu conv"), ("share", 3, "branch", "bn relu conv bn relu conv")],
)
def test_a_rule_that_is_off_leaves_the_branch_whole(rule: str, place: int, part: str, expected: str) -> None:
    assert sentences(units(f"{FULL};{rule}=off")[place])[part] == expected


def test_close_off_leaves_the_head_as_it_is_written() -> None:
    head = plan(parse_request(f"{FULL};close=off").network).head
    assert [layer.word for layer in head] == ["gap", "flatten", "fc"]


def test_a_stem_that_only_pools_after_its_activations_still_makes_the_first_unit_bare() -> None:
    assert sentences(units("imagenet-18:full-preactivation")[0])["branch"] == "conv bn relu conv"


def test_words_before_the_bar_stand_before_every_fork() -> None:
    lowered = units("cifar-basic-20:relu | conv bn +;bare=off")
    assert {sentences(unit)["pre"] for unit in lowered} == {"relu"}


def strides(name: str) -> list[int]:
    """The strides of the branch of the first unit that shrinks the image."""
    unit = next(unit for unit in units(name) if unit.x.h != unit.y.h)
    return [layer.stride for layer in unit.branches[0] if layer.call == "Conv2d"]


def test_the_first_kernel_larger_than_one_takes_the_stride() -> None:
    assert strides("imagenet-50;stride_at=spatial") == [1, 2, 1]


def test_the_first_convolution_takes_it_as_in_the_authors_code() -> None:
    assert strides("imagenet-50") == [2, 1, 1]


def test_pooling_between_stages_takes_the_stride_and_the_unit_has_none() -> None:
    first = next(unit for unit in units("vgg-16") if unit.between)
    assert [layer.stride for layer in (*first.between, *first.branches[0])] == [2, 1, 1]


def test_the_last_word_that_widens_gets_the_units_width_and_earlier_ones_a_part_of_it() -> None:
    unit = units("imagenet-50")[0]
    assert [layer.shape.c for layer in unit.branches[0] if layer.call == "Conv2d"] == [64, 64, 256]


@pytest.mark.parametrize(("merge", "stages"), [("+", 1), ("blend", 1), ("rk2", 2), ("rk3", 3), ("rk4", 4)])
def test_a_merge_step_has_a_branch_for_each_of_its_stages(merge: str, stages: int) -> None:
    assert {len(unit.branches) for unit in units(f"cifar-basic-20:conv bn relu conv bn {merge}")} == {stages}


def test_shared_stages_count_their_weights_once_and_their_work_every_time() -> None:
    separate, shared = (
        plan(parse_request(f"cifar-basic-20:conv {merge}").network) for merge in ("rk4", "rk4(shared=true)")
    )
    assert shared.macs == separate.macs
    assert shared.params < separate.params


REFUSED = [
    ("cifar-basic-20:relu +", "stage 2, unit 1 must go from 16 to 32 channels, but its branch has no conv to do so"),
    ("cifar-basic-20:relu +;widths=16,16,16", "stage 2, unit 1 must shrink 16×32² by 2"),
    ("cifar-basic-20:conv(groups=3) +", "stage 1, unit 1: conv cannot split 16 input channels into 3 groups"),
    ("cifar-basic-20;widths=16,8,8", "stage 2, unit 1: pad cannot go from 16 to 8 channels"),
    ("cifar-basic-20;down=", "set down to 'pad' or 'conv1 bn'"),
    ("cifar-basic-20:conv maxpool(stride=2) +", "'+' needs equal shapes"),
    ("cifar-basic-20;head=fc", "head: fc needs numbers in a row, but its input is 64×8²; write 'gap flatten fc'"),
    ("cifar-basic-20;head=gap flatten bn fc", "head: bn needs an image"),
    ("cifar-basic-20;head=gap", "head: gives 64 channels for 10 classes"),
    ("cifar-basic-20;ratio=3", "stage 1: a width of 16 divided by the ratio 3 is not a whole number of channels"),
    ("cifar-basic-20:conv bn dropout(1.5) +", "dropout needs a probability from 0 to below 1, not 1.5"),
    ("cifar-basic-20:conv res2(5) +", "res2 cannot split 16 input channels into 5 groups"),
    ("cifar-basic-20:conv res2(999) +", "scale must be at most 64, not 999"),
    ("cifar-basic-20:conv + flatten", "stage 1, unit 1 must give an image, not 16384 numbers in a row"),
    ("cifar-basic-20:conv(width=20) bn relu", "must give the 16 channels of its stage, not 20"),
    ("cifar-basic-20;head=decoder(stage=4)", "decoder wants the output of stage 4, but there are 3 stages before it"),
    ("cifar-basic-20;image=1;stem=conv maxpool2", "maxpool(2) cannot shrink 16×1² any further"),
]


@pytest.mark.parametrize(("name", "reason"), REFUSED)
def test_what_does_not_fit_is_refused_with_place_and_sizes(name: str, reason: str) -> None:
    with pytest.raises(PlanError) as refused:
        plan(parse_request(name).network)
    assert reason in str(refused.value)
