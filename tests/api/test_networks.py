"""The verbs: typed answers that are JSON."""

import inspect
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from resnet_explorer.api import gradients
from resnet_explorer.api import network_answers as answers
from resnet_explorer.api import networks as api
from resnet_explorer.errors import BudgetError, ExplorerError, NetworkError
from resnet_explorer.language.orderings import ORDERINGS, PAPERS
from resnet_explorer.language.registry import OPS
from resnet_explorer.networks.families import FAMILIES
from tests.fixtures.paths import ROOT

Answer = dict[str, Any]
NETWORK = "cifar-basic-20"
WORLD: dict[str, tuple[type, Callable[[], object]]] = {
    "describe": (answers.Description, lambda: api.describe(NETWORK)),
    "compare": (answers.Comparison, lambda: api.compare([NETWORK, f"{NETWORK}:full-preactivation"])),
    "export": (answers.SourceAnswer, lambda: api.export(NETWORK)),
    "equation": (answers.EquationAnswer, lambda: api.equation(NETWORK)),
    "catalog": (answers.Catalog, lambda: api.catalog()),
}
VERBS = [
    verb
    for module in (api, gradients)
    for _, verb in inspect.getmembers(module, inspect.isfunction)
    if verb.__module__ == module.__name__
]
PUBLIC = [verb for verb in VERBS if not verb.__name__.startswith("_")]
LIGHT = """
import sys
import resnet_explorer.api.gradients, resnet_explorer.api.networks, resnet_explorer.cli.main
resnet_explorer.api.networks.describe("cifar-basic-20")
print(*{name.split(".")[0] for name in sys.modules} & {"torch", "gradio", "plotly", "sqlite3", "numpy"})
"""


def misfits(answer: object, kind: Any, where: str = "answer") -> list[str]:
    """Where an answer is not what its type says: keys there are too few or too many of, values of another type."""
    if is_typeddict(kind):
        hints = get_type_hints(kind)
        if not isinstance(answer, dict) or set(answer) != set(hints):
            return [where]
        return [one for name, hint in hints.items() for one in misfits(answer[name], hint, f"{where}.{name}")]
    if get_origin(kind) is list:
        assert isinstance(answer, list)
        return [one for item in answer for one in misfits(item, get_args(kind)[0], f"{where}[]")]
    if get_origin(kind) is dict:
        assert isinstance(answer, dict)
        return [one for item in answer.values() for one in misfits(item, get_args(kind)[1], f"{where}{{}}")]
    return [] if isinstance(answer, kind) else [where]


@pytest.mark.parametrize("verb", WORLD)
def test_an_answer_is_what_its_type_says(verb: str) -> None:
    kind, ask = WORLD[verb]
    assert misfits(ask(), kind) == []


@pytest.mark.parametrize("verb", WORLD)
def test_an_answer_is_json_and_nothing_else(verb: str) -> None:
    answer = WORLD[verb][1]()
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer


@pytest.mark.parametrize("verb", PUBLIC, ids=lambda verb: verb.__name__)
def test_a_verb_says_what_each_argument_is_or_which_other_does(verb: Callable[..., object]) -> None:
    docstring = inspect.getdoc(verb) or ""
    parameters = inspect.signature(verb).parameters.values()
    # what stands behind the star is the server's, not a visitor's
    visible = [parameter.name for parameter in parameters if parameter.kind is not parameter.KEYWORD_ONLY]
    named = [] if docstring.startswith("Like `") else visible
    assert [name for name in named if f"\n    {name}: " not in docstring] == []


def test_a_description_has_what_was_promised() -> None:
    promised = {"id", "name", "block", "params", "params_without_bn", "macs", "memory", "trunk", "units", "layers"}
    assert promised <= set(api.describe(NETWORK))
    assert {"exact", "ops"} <= set(api.describe(NETWORK)["trunk"])


@pytest.mark.parametrize("text", [family.example for family in FAMILIES])
def test_the_layers_of_a_description_add_up_to_its_totals(text: str) -> None:
    description = api.describe(text, batch=2)
    totals = [description["params"], description["macs"], description["memory"]["activations"]]
    assert totals == [sum(layer[size] for layer in description["layers"]) for size in ("params", "macs", "memory")]


def test_the_memory_of_a_description_is_the_sum_of_its_parts() -> None:
    memory = api.describe(NETWORK)["memory"]
    parts = [memory["weights"], memory["gradients"], memory["optimiser"], memory["activations"], memory["working"]]
    assert memory["training"] == sum(parts)


@pytest.mark.parametrize("ordering", ORDERINGS)
def test_a_network_may_be_asked_for_in_one_line_or_in_fields(ordering: str) -> None:
    line = api.describe(f"{NETWORK}:{ordering};classes=100;shortcut=B")
    assert api.describe(NETWORK, ordering=ordering, settings={"classes": "100", "shortcut": "B"}) == line


def test_a_sentence_may_be_given_in_its_own_field() -> None:
    assert api.describe(NETWORK, block="weight batchnorm +")["id"] == api.describe(f"{NETWORK}:conv bn +")["id"]


def test_only_a_comparison_of_two_has_a_difference() -> None:
    names = [NETWORK, "cifar-basic-26", "cifar-basic-32"]
    assert api.compare(names)["difference"] == []
    assert api.compare(names[:2])["difference"] != []


@pytest.mark.parametrize("count", [0, 1, 13])
def test_a_comparison_takes_two_to_twelve(count: int) -> None:
    with pytest.raises(NetworkError, match=f"compare takes 2 to 12 networks, not {count}"):
        api.compare([NETWORK] * count)


def test_a_limit_is_held_before_anything_is_spelled_out() -> None:
    with pytest.raises(BudgetError, match="the limit is 1 MB"):
        api.describe(NETWORK, limit="1MB")


@pytest.mark.parametrize("verb", [api.describe, api.export, api.equation])
def test_every_verb_refuses_what_does_not_exist(verb: Callable[[str], object]) -> None:
    with pytest.raises(ExplorerError, match="the nearest: 20 and 26"):
        verb("cifar-basic-21")


def test_the_catalogue_lists_all_there_is() -> None:
    catalog = api.catalog()
    assert [family["example"] for family in catalog["families"]] == [family.example for family in FAMILIES]
    assert [one["name"] for one in catalog["orderings"]] == list(ORDERINGS)
    assert [word["name"] for word in catalog["words"]] == list(OPS)
    assert list(catalog["papers"]) == list(PAPERS)


def test_describing_loads_no_heavy_library() -> None:
    process = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True, cwd=ROOT)
    assert process.stdout.split() == []
