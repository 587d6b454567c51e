"""The verbs about networks, for the page, the command line, HTTP and MCP: typed arguments in, JSON out.

NETWORK is a name from the catalogue, with an ordering or a sentence after a colon and fields after
semicolons: `cifar-basic-56:full-preactivation;shortcut=B`.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeVar, cast

from resnet_explorer.api.catalog import family_answer, outline_answer, word_answer
from resnet_explorer.api.drawing_answers import Drawings, SecondOpinion, drawings_answer, second_opinion_answer
from resnet_explorer.api.network_answers import (
    Catalog,
    ChangeAnswer,
    Comparison,
    Description,
    DifferenceAnswer,
    EquationAnswer,
    LayerAnswer,
    OrderingAnswer,
    Outline,
    PaperAnswer,
    SourceAnswer,
    UnitAnswer,
)
from resnet_explorer.api.planning import build_plan, row_to_json, summarise
from resnet_explorer.describe import equation as unit_equation
from resnet_explorer.describe.compare import diff
from resnet_explorer.describe.difference_summary import summarise as summarise_difference
from resnet_explorer.describe.drawing import diagram
from resnet_explorer.describe.source import network as network_source
from resnet_explorer.describe.source import notebook as notebook_source
from resnet_explorer.describe.table import layer_rows, unit_rows
from resnet_explorer.errors import NetworkError
from resnet_explorer.executors.compute import Call, Computer, InProcess, compute_one
from resnet_explorer.language.orderings import ORDERINGS, PAPERS
from resnet_explorer.language.registry import OPS
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
) -> Description:
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
    request, plan = build_plan(network, ordering, block, settings, batch, precision, limit)
    sums = summarise(request, plan, batch, precision)
    units = [cast(UnitAnswer, row_to_json(row)) for row in unit_rows(plan, batch, precision)]
    layers = [cast(LayerAnswer, row_to_json(row)) for row in layer_rows(plan, batch, precision)]
    return Description(**sums, units=units, layers=layers)


@_explain_network_arguments
def outline(network: str, ordering: str = "", block: str = "", settings: dict[str, str] | None = None) -> Outline:
    """Say what a network is in short: totals, stages, shapes in and out, and the fields that can be set."""
    request, plan = build_plan(network, ordering, block, settings)
    return outline_answer(summarise(request, plan, 128, "fp32"), request, plan)


def compare(networks: list[str], batch: int = 128, precision: str = "fp32") -> Comparison:
    """Put networks side by side: totals, and for exactly two the difference, in a few sentences and layer by layer.

    Args:
        networks: NETWORK[:ORDERING] each, such as cifar-basic-56:original
        batch: images in a training step, for the memory
        precision: fp32, tf32, bf16 or fp16, for the memory
    """
    if not 2 <= len(networks) <= MAX_COMPARED:
        raise NetworkError(f"compare takes 2 to {MAX_COMPARED} networks, not {len(networks)}")
    plans = [build_plan(text, "", "", None, batch, precision, "") for text in networks]
    rows = diff(plans[0][1], plans[1][1]) if len(plans) == 2 else []
    return Comparison(
        networks=[summarise(request, plan, batch, precision) for request, plan in plans],
        summary=[
            ChangeAnswer(sentence=group.sentence, units=[list(unit) for unit in group.units], where=group.where)
            for group in summarise_difference(rows)
        ],
        difference=[cast(DifferenceAnswer, row_to_json(row)) for row in rows],
    )


@_explain_network_arguments
def export(network: str, ordering: str = "", block: str = "", settings: dict[str, str] | None = None) -> SourceAnswer:
    """Write a network as readable PyTorch source that needs nothing but torch."""
    request, plan = build_plan(network, ordering, block, settings)
    return SourceAnswer(name=request.name, code=network_source.export(plan, request.name))


@_explain_network_arguments
def equation(
    network: str, ordering: str = "", block: str = "", settings: dict[str, str] | None = None
) -> EquationAnswer:
    """Give a unit's forward and backward rule in LaTeX, and say whether the identity path is exact."""
    request, plan = build_plan(network, ordering, block, settings)
    rules = unit_equation.equation(plan)
    return EquationAnswer(
        name=request.name,
        block=request.network.block,
        forward=rules.forward,
        branch=rules.branch,
        backward=rules.backward,
        unrolled=rules.unrolled,
        exact=rules.exact,
        verdict=rules.verdict,
    )


def draw(
    networks: list[str], unit: str = "inside", theme: str = "", slots: list[int] | None = None, format: str = "svg"
) -> Drawings:
    """Draw one unit of each network as SVG, to one scale and with all additions on one height.

    Args:
        networks: NETWORK[:ORDERING] each, such as cifar-basic-56:original
        unit: inside (of a stage), first, transition, last, or a place like 2.3: stage 2, unit 3
        theme: light or dark, to get all drawings as one picture with colours of its own too
        slots: the lane of each network, 0 to 5, for its letter and colour on that picture
        format: of that picture: svg, tikz, or pdf in base64
    """
    if not 1 <= len(networks) <= MAX_COMPARED:
        raise NetworkError(f"draw takes 1 to {MAX_COMPARED} networks, not {len(networks)}")
    plans = [(request.name, plan) for request, plan in map(build_plan, networks)]
    drawn = diagram.draw(plans, unit)
    return drawings_answer([name for name, _ in plans], drawn, theme, slots, format)


@_explain_network_arguments
def notebook(network: str, ordering: str = "", block: str = "", settings: dict[str, str] | None = None) -> SourceAnswer:
    """Write a network as a notebook (.ipynb) that builds, checks and trains it a little with nothing but torch."""
    request, plan = build_plan(network, ordering, block, settings)
    return SourceAnswer(name=request.name, code=notebook_source.notebook(plan, request.name))


@_explain_network_arguments
def second_opinion(
    network: str,
    ordering: str = "",
    block: str = "",
    settings: dict[str, str] | None = None,
    *,
    computer: Computer | None = None,
) -> SecondOpinion:
    """Let torchinfo count the built module, and say whether it agrees with the plan."""
    request, plan = build_plan(network, ordering, block, settings)
    budget.check(request.name, plan, 1, limits=BUILD_LIMITS)
    counts, text = compute_one(computer or InProcess(), Call("resnet_explorer.models.torchinfo:count", (plan,)))
    return second_opinion_answer(request.name, plan, counts, text)


def catalog() -> Catalog:
    """List the families, orderings, words, papers and settable fields there are."""
    return Catalog(
        families=[family_answer(family) for family in FAMILIES],
        orderings=[
            OrderingAnswer(
                name=ordering.name,
                block=ordering.sentence(BASIC),
                paper=PAPERS[ordering.paper].authors,
                year=PAPERS[ordering.paper].year,
                errors={f"{depth}": error for depth, error in ordering.errors},
            )
            for ordering in ORDERINGS.values()
        ],
        words=[word_answer(op) for op in OPS.values()],
        palette={group: list(words) for group, words in PALETTE.items()},
        papers={name: cast(PaperAnswer, asdict(paper)) for name, paper in PAPERS.items()},
        settings=list(SETTINGS),
    )
