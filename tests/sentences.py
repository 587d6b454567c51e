"""Random legal sentences, and random ways to type one: every word and argument comes from the vocabulary."""

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from resnet_explorer.language import SYNONYMS
from resnet_explorer.words import VOCABULARY, Parameter, Value, Vocable

Typed = tuple[str, tuple[tuple[str, Value], ...]]

MERGES = [word for word in VOCABULARY.values() if word.merges]
PLAIN = [word for word in VOCABULARY.values() if not word.merges]
GAPS = (" ", "  ", ", ", " -> ", " → ", "\t", "\n")


def values(parameter: Parameter) -> SearchStrategy[Value]:
    if parameter.choices:
        return st.sampled_from(parameter.choices)
    kinds: dict[type, SearchStrategy[Value]] = {
        bool: st.booleans(),
        int: st.integers(0, 9_999_999),
        float: st.integers(-999_999_999, 999_999_999).flatmap(_decimal),
        tuple: st.lists(st.integers(0, 9999), min_size=1, max_size=4).map(tuple),
    }
    return kinds[parameter.kind]


@st.composite
def words(draw: DrawFn, choice: list[Vocable]) -> Typed:
    """A word and some of its arguments, defaults among them."""
    word = draw(st.sampled_from(choice))
    given = [(p.name, draw(values(p) | st.just(p.default))) for p in word.parameters if draw(st.booleans())]
    return word.name, tuple(given)


@st.composite
def sentences(draw: DrawFn, fork: bool = True) -> list[Typed]:
    """The sentence of a unit: with a merge step or plain, with a fork or without."""
    branch = draw(st.lists(words(PLAIN), min_size=1, max_size=4))
    if not draw(st.booleans()):
        return branch
    post = draw(st.lists(words(PLAIN), max_size=2))
    sentence = [*branch, draw(words(MERGES)), *post]
    pre = draw(st.lists(words(PLAIN), max_size=2))
    return [*pre, ("|", ()), *sentence] if fork and draw(st.booleans()) else sentence


@st.composite
def typed(draw: DrawFn, sentence: list[Typed]) -> str:
    """One of the many ways to type a sentence."""
    text = "".join(draw(_typed_word(word)) + draw(st.sampled_from(GAPS)) for word in sentence)
    return text.upper() if draw(st.booleans()) else text


@st.composite
def _typed_word(draw: DrawFn, word: Typed) -> str:
    name, given = word
    spelled = draw(st.sampled_from([name, *(synonym for synonym, meant in SYNONYMS.items() if meant == name)]))
    if name == "|" or not given:
        return name if name == "|" else spelled
    names = [parameter.name for parameter in VOCABULARY[name].parameters]
    in_order = [argument for argument, _ in given] == names[: len(given)]
    count = draw(st.integers(0, len(given))) if in_order else 0
    rest = draw(st.permutations(given[count:]))
    items = [_spelled(value) for _, value in given[:count]]
    items += [f"{argument} = {_spelled(value)}" for argument, value in rest]
    return f"{spelled}({','.join(items)})"


def _decimal(digits: int) -> SearchStrategy[Value]:
    return st.integers(-99, 99).map(lambda power: float(f"{digits}e{power}"))


def _spelled(value: Value) -> str:
    if isinstance(value, float):
        digits, _, power = f"{value:.8e}".partition("e")
        return f"{digits}e{int(power)}" if len(f"{abs(int(power))}") < 3 else f"{value:.9g}"
    return "/".join(map(str, value)) if isinstance(value, tuple) else str(value)
