"""The verbs about networks, for the page, the command line, HTTP and MCP: typed arguments in, JSON out.

NETWORK is a name from the catalogue, with an ordering or a sentence after a colon and fields after
semicolons: `cifar-basic-56:full-preactivation;shortcut=B`.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeVar, cast

from resnet_explorer.api import catalog as controls
from resnet_explorer.api import drawing_answers as structure_answers
from resnet_explorer.api import network_answers as answers
from resnet_explorer.api.planning import build_plan, row_to_json, summarise
from resnet_explorer.describe import compare as comparing
from resnet_explorer.describe import equation as mathematics
from resnet_explorer.describe.drawing import diagram
from resnet_explorer.describe.source import network as printing
from resnet_explorer.describe.source import notebook as notebooks
from resnet_explorer.describe.table import layer_rows, unit_rows
from resnet_explorer.errors import NetworkError
from resnet_explorer.executors.compute import Call, Computer, InProcess, compute_one
from resnet_explorer.language import orderings
from resnet_explorer.language import registry as words
from resnet_explorer.networks import budget
from resnet_explorer.networks.families import BASIC, FAMILIES
from resnet_explorer.networks.options import PALETTE
from resnet_explorer.networks.request import SETTINGS

MAX_COMPARED = 12
# torchinfo walks every module: a depth of 1202 takes it a few seconds
BUILD_LIMITS = budget.Limits(layers=6000)
NETWORK_ARGUMENTS = """Args:
    network: a name from the catalogue
    ordering: a named ordering
    block: a sentence for the unit instead
    settings: fields to set"""
Verb = TypeVar("Verb", bound=Callable[..., Any])


def _explain_network_arguments(verb: Verb) -> Verb:
    """Add to a verb's docstring, which HTTP and MCP show, what the four arguments that name a network are."""
    verb.__doc__ = f"{verb.__doc__}\n\n{NETWORK_ARGUMENTS}"
    return verb


def describe(
    network: str,
    ordering: str = "",
    block: str = "",
    settings: dict[str, str] | None = None,
    batch: int = 128,
    precision: str = "fp32",
    limit: str = "",
) -> answers.Description:
    """Spell out a network: every unit and layer with shape, parameters, MACs and memory, and the totals.

    Args:
        network: a name from the catalogue, such as cifar-basic-56 or wrn-28-10
        ordering: a named ordering, such as full-preactivation
        block: a sentence for the unit instead, such as 'bn relu conv bn relu conv +'
        settings: fields to set, such as {"shortcut": "B", "classes": "100"}
        batch: images in a training step, for the memory
        precision: fp32, tf32, bf16 or fp16, for the memory
        limit: refuse a network that needs more memory than this, such as 16GB
    """
    asked, spelled = build_plan(network, ordering, block, settings, batch, precision, limit)
    sums = summarise(asked, spelled, batch, precision)
    units = [cast(answers.UnitAnswer, row_to_json(row)) for row in unit_rows(spelled, batch, precision)]
    layers = [cast(answers.LayerAnswer, row_to_json(row)) for row in layer_rows(spelled, batch, precision)]
    return answers.Description(**sums, units=units, layers=layers)


@_explain_network_arguments
def outline(
    network: str, ordering: str = "", block: str = "", settings: dict[str, str] | None = None
) -> answers.Outline:
    """Say what a network is in short: totals, stages, shapes in and out, and the fields that can be set."""
    asked, spelled = build_plan(network, ordering, block, settings)
    return controls.outline_answer(summarise(asked, spelled, 128, "fp32"), asked, spelled)


def compare(networks: list[str], batch: int = 128, precision: str = "fp32") -> answers.Comparison:
    """Put networks side by side: totals, and for exactly two the difference layer by layer.

    Args:
        networks: NETWORK[:ORDERING] each, such as cifar-basic-56:original
        batch: images in a training step, for the memory
        precision: fp32, tf32, bf16 or fp16, for the memory
    """
    if not 2 <= len(networks) <= MAX_COMPARED:
        raise NetworkError(f"compare takes 2 to {MAX_COMPARED} networks, not {len(networks)}")
    asked = [build_plan(text, "", "", None, batch, precision, "") for text in networks]
    lines = comparing.diff(asked[0][1], asked[1][1]) if len(asked) == 2 else []
    return answers.Comparison(
        networks=[summarise(known, spelled, batch, precision) for known, spelled in asked],
        difference=[cast(answers.DifferenceAnswer, row_to_json(line)) for line in lines],
    )


@_explain_network_arguments
def export(
    network: str, ordering: str = "", block: str = "", settings: dict[str, str] | None = None
) -> answers.SourceAnswer:
    """Write a network as readable PyTorch source that needs nothing but torch."""
    asked, spelled = build_plan(network, ordering, block, settings)
    return answers.SourceAnswer(name=asked.name, code=printing.export(spelled, asked.name))


@_explain_network_arguments
def equation(
    network: str, ordering: str = "", block: str = "", settings: dict[str, str] | None = None
) -> answers.EquationAnswer:
    """Give a unit's forward and backward rule in LaTeX, and say whether the identity path is exact."""
    asked, spelled = build_plan(network, ordering, block, settings)
    derived = mathematics.equation(spelled)
    return answers.EquationAnswer(
        name=asked.name,
        block=asked.network.block,
        forward=derived.forward,
        branch=derived.branch,
        backward=derived.backward,
        unrolled=derived.unrolled,
        exact=derived.exact,
        verdict=derived.verdict,
    )


def draw(
    networks: list[str], unit: str = "inside", theme: str = "", slots: list[int] | None = None
) -> structure_answers.Drawings:
    """Draw one unit of each network as SVG, to one scale and with all additions on one height.

    Args:
        networks: NETWORK[:ORDERING] each, such as cifar-basic-56:original
        unit: inside (of a stage), first, transition, last, or a place like 2.3: stage 2, unit 3
        theme: light or dark, to get all drawings as one picture with colours of its own too
        slots: the lane of each network, 0 to 5, for its letter and colour on that picture
    """
    if not 1 <= len(networks) <= MAX_COMPARED:
        raise NetworkError(f"draw takes 1 to {MAX_COMPARED} networks, not {len(networks)}")
    asked = [build_plan(text) for text in networks]
    drawn = diagram.draw([(known.name, spelled) for known, spelled in asked], unit)
    names = [known.name for known, _ in asked]
    return structure_answers.drawings_answer(names, drawn, theme, slots)


@_explain_network_arguments
def notebook(
    network: str, ordering: str = "", block: str = "", settings: dict[str, str] | None = None
) -> answers.SourceAnswer:
    """Write a network as a notebook (.ipynb) that builds, checks and trains it a little with nothing but torch."""
    asked, spelled = build_plan(network, ordering, block, settings)
    return answers.SourceAnswer(name=asked.name, code=notebooks.notebook(spelled, asked.name))


@_explain_network_arguments
def second_opinion(
    network: str,
    ordering: str = "",
    block: str = "",
    settings: dict[str, str] | None = None,
    *,
    computer: Computer | None = None,
) -> structure_answers.SecondOpinion:
    """Let torchinfo count the built module, and say whether it agrees with the plan."""
    asked, spelled = build_plan(network, ordering, block, settings)
    budget.check(asked.name, spelled, 1, limits=BUILD_LIMITS)
    counts, text = compute_one(computer or InProcess(), Call("resnet_explorer.models.torchinfo:count", (spelled,)))
    return structure_answers.second_opinion_answer(asked.name, spelled, counts, text)


def catalog() -> answers.Catalog:
    """List the families, orderings, words, papers and settable fields there are."""
    papers = orderings.PAPERS
    return answers.Catalog(
        families=[controls.family_answer(known) for known in FAMILIES],
        orderings=[
            answers.OrderingAnswer(
                name=known.name,
                block=known.sentence(BASIC),
                paper=papers[known.paper].authors,
                year=papers[known.paper].year,
                errors={f"{depth}": error for depth, error in known.errors},
            )
            for known in orderings.ORDERINGS.values()
        ],
        words=[controls.word_answer(known) for known in words.OPS.values()],
        palette={group: list(known) for group, known in PALETTE.items()},
        papers={name: cast(answers.PaperAnswer, asdict(paper)) for name, paper in papers.items()},
        settings=list(SETTINGS),
    )
