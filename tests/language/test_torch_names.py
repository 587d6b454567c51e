"""Sentences typed with the names that PyTorch gives to the words."""

import pytest
from torch import nn

from resnet_explorer.errors import LanguageError
from resnet_explorer.language.layer import LayerContext, Shape
from resnet_explorer.language.parser import parse_block, parse_chain
from resnet_explorer.language.registry import OPS
from resnet_explorer.language.torch_names import TORCH_NAMES
from resnet_explorer.models.build import build_layer

# torch's spelling of each word for eight channels, which we read without the channels
ALIKE = {
    "conv2d": nn.Conv2d(8, 8, 3, stride=2, padding=2, dilation=2, groups=4, bias=False),
    "batchnorm2d": nn.BatchNorm2d(8),
    "groupnorm": nn.GroupNorm(4, 8),
    "relu": nn.ReLU(),
    "silu": nn.SiLU(),
    "dropout": nn.Dropout(p=0.3),
    "maxpool2d": nn.MaxPool2d(2),
    "linear": nn.Linear(8, 20),
    "flatten": nn.Flatten(),
}
TYPED = {
    "conv2d": "nn.Conv2d(kernel_size=3, stride=2, padding=2, dilation=2, groups=4, bias=False)",
    "batchnorm2d": "nn.BatchNorm2d",
    "groupnorm": "nn.GroupNorm(num_groups=4)",
    "relu": "nn.ReLU()",
    "silu": "nn.SiLU(inplace=False)",
    "dropout": "nn.Dropout(p=0.3)",
    "maxpool2d": "nn.MaxPool2d(2)",
    "linear": "nn.Linear(out_features=20)",
    "flatten": "nn.Flatten(start_dim=1)",
}


def refusal(text: str) -> LanguageError:
    with pytest.raises(LanguageError) as caught:
        parse_block(text)
    return caught.value


@pytest.mark.parametrize("name", ALIKE)
def test_a_name_of_torch_is_the_module_that_torch_makes(name: str) -> None:
    (op,) = parse_chain(TYPED[name])
    x = Shape(8) if name == "linear" else Shape(8, 16, 16)
    layer = op.spec.build_layer(x, LayerContext("here", 8), **op.arguments)
    assert repr(build_layer(layer)) == repr(ALIKE[name])


@pytest.mark.parametrize(("name", "word"), [(name, torch_name.word) for name, torch_name in TORCH_NAMES.items()])
def test_a_name_alone_is_its_word_alone(name: str, word: str) -> None:
    assert parse_block(name) == parse_block(f"torch.nn.{name}()") == parse_block(word)


@pytest.mark.parametrize("torch_name", TORCH_NAMES.values(), ids=list(TORCH_NAMES))
def test_every_parameter_that_is_renamed_has_ours_to_be(torch_name: object) -> None:
    names = {parameter.name for parameter in OPS[torch_name.word].parameters}  # type: ignore[attr-defined]
    assert set(torch_name.names.values()) <= names  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("Conv2d BatchNorm2d ReLU Conv2d BatchNorm2d + ReLU", "conv bn relu conv bn + relu"),
        ("nn.Conv2d(kernel_size=1) F.relu torch.nn.functional.silu Identity +", "conv1 relu silu identity +"),
        ("Conv2d(1, groups=2) +", "conv1(groups=2) +"),
        ("Conv2d(kernel_size=5, padding='same') +", "conv5 +"),
        ("ReLU(True) conv +", "relu conv +"),
        ("StochasticDepth(0.2, 'row') +", "droppath(0.2) +"),
        ("MaxPool2d(kernel_size=3, stride=2, padding=1) conv", "maxpool(stride=2) conv"),
        ("AvgPool2d(2) conv", "avgpool2(stride=2) conv"),
        ("AdaptiveAvgPool2d(1) Flatten Linear(7)", "gap flatten fc(7)"),
    ],
)
def test_the_canonical_text_has_our_words(text: str, canonical: str) -> None:
    assert str(parse_block(text)) == canonical


@pytest.mark.parametrize(
    ("text", "reason", "mended"),
    [
        (
            "nn.Conv2d(16, 16, 3, padding=1, bias=False) bn +",
            "in_channels and out_channels follow from the place of a word in its network; write 'conv'",
            "conv bn +",
        ),
        ("conv BatchNorm2d(64) +", "bn at column 6: num_features follow", "conv bn +"),
        ("GroupNorm(4, 64) conv +", "num_channels follow", "gn(4) conv +"),
        ("Conv2d(3, padding=0) +", "the padding that keeps the size is 1, not '0'; write 'conv'", "conv +"),
        ("Conv2d(1, padding_mode='reflect') +", "padding_mode is always zeros, not 'reflect'", "conv1 +"),
        ("ReLU(inplace=7) conv +", "inplace is always true or false, not '7'", "relu conv +"),
    ],
)
def test_what_differs_here_is_refused_with_the_sentence_to_write(text: str, reason: str, mended: str) -> None:
    error = refusal(text)
    assert reason in str(error)
    assert error.suggestions == (mended,)
    assert str(parse_block(mended)) == mended


@pytest.mark.parametrize("text", ["Conv2d(kernel_size=4)", "Conv2d(colour=1)", "MaxPool2d(3, 2, 1, 1, 1, 1, 1)"])
def test_an_argument_that_neither_has_is_refused(text: str) -> None:
    assert refusal(text).suggestions == ()
