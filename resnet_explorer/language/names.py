"""Other names for the words of the language: synonyms, and what a name that is no word may have meant."""

from difflib import get_close_matches

from resnet_explorer.errors import LanguageError
from resnet_explorer.language.registry import OPS
from resnet_explorer.language.tokens import Token

SYNONYMS = {
    "weight": "conv",
    "conv1x1": "conv1",
    "conv3x3": "conv3",
    "batchnorm": "bn",
    "groupnorm": "gn",
    "layernorm": "ln2d",
    "swish": "silu",
    "id": "identity",
    "linear": "fc",
    "add": "+",
    "euler": "+",
    "rk1": "+",
    "squeezeexcitation": "se",
}
ACTIVATIONS, NORMALISATIONS = ("relu", "gelu", "silu"), ("bn", "gn", "ln2d")
# names that the language lacks, and its words of the same kind
RELATED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("leakyrelu", "prelu", "rrelu", "elu", "selu", "celu", "softplus", "mish"), ACTIVATIONS),
    **dict.fromkeys(("hardswish", "hardtanh", "tanh", "sigmoid", "hardsigmoid"), ACTIVATIONS),
    **dict.fromkeys(("instancenorm", "instancenorm2d", "syncbatchnorm", "rmsnorm", "batchnorm1d"), NORMALISATIONS),
    **dict.fromkeys(("conv1d", "conv3d", "convtranspose2d", "deconv", "convolution"), ("conv",)),
    **dict.fromkeys(("dropout1d", "dropout2d", "alphadropout"), ("dropout",)),
    **dict.fromkeys(("dropblock", "dropblock2d", "survival"), ("droppath",)),
    **dict.fromkeys(("sum", "plus", "residual"), ("+",)),
    **dict.fromkeys(("adaptivemaxpool2d", "globalavgpool", "globalpool", "mean"), ("gap",)),
}
# of a spelling: below it two words have little more in common than some letters
LEAST_CLOSE = 0.7
SHOWN = ("conv", "bn", "relu", "dropout", "se", "maxpool", "+")


def unknown_error(token: Token, name: str) -> LanguageError:
    """The error for a name that is no word: the nearest spelling, words of its kind, or some of those there are."""
    words = tuple(get_close_matches(name[:40], [*OPS, *SYNONYMS], n=1, cutoff=LEAST_CLOSE))
    short = name if len(name) <= 40 else name[:37] + "..."
    if words:
        hint = f"did you mean {words[0]!r}?"
    elif name in RELATED:
        words = RELATED[name]
        hint = f"it is not in the language; near it is {' or '.join(map(repr, words))}"
    else:
        hint = f"it is not in the language, which has {', '.join(SHOWN)} and {len(OPS) - len(SHOWN)} more words"
    reason = f"unknown word {short!r} at column {token.column}; {hint}"
    arguments = token.text[len(token.text.partition("(")[0]) :]
    # words of a kind need not take the same arguments
    whole = [word if name in RELATED else word + arguments for word in words]
    return LanguageError(reason, token.column, words[0] if words else "", tuple(map(token.replaced, whole)))
