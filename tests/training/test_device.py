"""How torch is set while a run computes, by the names that this version of torch has."""

import pytest
import torch

from resnet_explorer.training.device import NAMES_PRECISION, tf32_settings


def settings() -> list[object]:
    """What torch does with fp32 in a convolution and in a product."""
    if NAMES_PRECISION:
        return [torch.backends.cudnn.conv.fp32_precision, torch.backends.cuda.matmul.fp32_precision]  # type: ignore[attr-defined]
    return [torch.backends.cudnn.allow_tf32, torch.backends.cuda.matmul.allow_tf32]


@pytest.mark.parametrize("allowed", [True, False])
def test_tf32_is_switched_for_as_long_as_a_run_computes(allowed: bool) -> None:
    before = settings()
    with tf32_settings(allowed):
        assert settings() == (["tf32" if allowed else "ieee"] * 2 if NAMES_PRECISION else [allowed] * 2)
        assert settings() != before
    assert settings() == before
