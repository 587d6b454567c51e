"""The verbs as endpoints for HTTP, gradio_client and MCP: the same arguments, answers and sentences of refusal."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial, wraps
from inspect import signature
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import gradio as gr
from gradio.context import get_blocks_context
from gradio.events import api as endpoint

from resnet_explorer.api import cost_error, examples, gradients, networks, recorded_depths, run_compare
from resnet_explorer.api.analyses import Analyses
from resnet_explorer.api.lesions import Lesions
from resnet_explorer.api.network_drawings import draw_network
from resnet_explorer.api.paper_tables import PaperTables
from resnet_explorer.api.path_drawings import draw_paths
from resnet_explorer.api.probe_runner import ProbeRunner
from resnet_explorer.api.run_images import RunImages
from resnet_explorer.api.runs import Runs
from resnet_explorer.api.studies import Studies
from resnet_explorer.api.sweeps import Sweeps
from resnet_explorer.errors import ExplorerError, NetworkError
from resnet_explorer.ui.controls import documented

Verb = Callable[..., Any]
# what the API page gives for a parameter that has no default
EXAMPLES = {
    "network": "cifar-basic-56:original",
    "networks": ["cifar-basic-56:original", "cifar-basic-56:plain"],
    "run": "k3w7ab",
    "runs": ["k3w7ab", "m2p4qd"],
    "claim": "degradation",
    "claims": ["degradation", "cure"],
}


def verbs(runs: Runs, runner: ProbeRunner) -> dict[str, Verb]:
    """All verbs by name, about networks and about the runs of a home; passes run where the runner says."""
    all_verbs = (*_network_verbs(runner), *_run_verbs(runs, runner))
    return {verb.__name__: verb for verb in all_verbs}


def _network_verbs(runner: ProbeRunner) -> tuple[Verb, ...]:
    return (
        networks.describe,
        networks.outline,
        networks.compare,
        networks.export,
        networks.notebook,
        networks.equation,
        networks.draw,
        draw_network,
        bind(gradients.probe, runner=runner),
        recorded_depths.recorded_cliff,
        bind(draw_paths, runner=runner),
        bind(networks.second_opinion, computer=runner.computer),
        networks.catalog,
        examples.examples,
    )


def _run_verbs(runs: Runs, runner: ProbeRunner) -> tuple[Verb, ...]:
    images, analyses, studies = RunImages(runs, runner.computer), Analyses(runs), Studies(runs)
    sweeps = Sweeps(runs)
    tables = PaperTables(sweeps)
    return (
        runs.train,
        runs.reader.runs,
        runs.reader.find_runs,
        runs.reader.show,
        runs.stop,
        runs.stop_all,
        runs.resume,
        runs.resume_all,
        runs.remove,
        runs.reader.curves,
        runs.reader.export_run,
        runs.import_run,
        bind(run_compare.compare_runs, reader=runs.reader),
        bind(cost_error.cost_error, reader=runs.reader),
        images.predictions,
        images.feature_maps,
        images.training_images,
        analyses.analyses,
        analyses.analyse,
        analyses.analysis,
        analyses.export_analysis,
        Lesions(analyses, runner.computer).cut,
        studies.claims,
        studies.claim,
        studies.judge,
        studies.verdict,
        sweeps.sweep,
        sweeps.sweep_results,
        sweeps.sweeps,
        sweeps.export_sweep,
        tables.paper_tables,
        tables.paper_table,
    )


def bind(verb: Verb, **hidden: object) -> Verb:
    """The verb without the arguments that no visitor gives, such as where it computes."""

    @wraps(verb)
    def bound(*args: object, **kwargs: object) -> object:
        return verb(*args, **kwargs, **hidden)

    verb_signature = signature(verb)
    visible = [parameter for name, parameter in verb_signature.parameters.items() if name not in hidden]
    bound.__signature__ = verb_signature.replace(parameters=visible)  # type: ignore[attr-defined]
    return bound


def add_endpoints(runs: Runs, runner: ProbeRunner) -> None:
    """Give the page in whose context this is called an endpoint for each verb."""
    for name, verb in verbs(runs, runner).items():
        endpoint(_as_endpoint(verb), api_name=name)
        context = get_blocks_context()
        assert context
        _explain(verb, list(context.fns.values())[-1].inputs)


def _explain(verb: Verb, inputs: Sequence[Any]) -> None:
    """Let the API page say of each parameter what the verb's docstring says, with an example."""
    meanings = documented(verb)
    for name, part in zip(signature(verb).parameters, inputs, strict=True):
        part.label = name
        part._api_info = {**part._api_info, "additional_description": meanings.get(name, "")}
        if name in EXAMPLES:
            part.example_payload = part.example_value = partial(EXAMPLES.get, name)


def arguments(body: bytes) -> dict[str, object]:
    """The arguments in the body of a request; refused if it is not a JSON object."""
    try:
        fields = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise NetworkError("a question is a JSON object of arguments")
    return fields


def call_verb(verb: Verb, arguments: Mapping[str, object]) -> object:
    """Call a verb with arguments from outside; a wrong name or type, or one that is missing, is refused in words."""
    hints, parameters = get_type_hints(verb), signature(verb).parameters
    verb_name = verb.__name__.strip("_")
    for name, value in arguments.items():
        if name not in parameters:
            raise NetworkError(f"{verb_name} has no argument {name[:40]!r}; it takes {', '.join(parameters)}")
        if not _has_type(value, hints[name]):
            raise NetworkError(f"{name} of {verb_name} has the wrong type: {str(value)[:40]!r}")
    for name, parameter in parameters.items():
        if parameter.default is parameter.empty and name not in arguments:
            raise NetworkError(f"{verb_name} needs the argument {name!r}")
    return verb(**arguments)


def _has_type(value: object, hint: Any) -> bool:
    """Whether a JSON value is of an annotated type; true and false are no numbers."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is UnionType:
        return any(_has_type(value, option) for option in inner)
    if origin is list:
        return isinstance(value, list) and all(_has_type(item, inner[0]) for item in value)
    if origin is dict:
        return isinstance(value, dict) and all(
            _has_type(k, inner[0]) and _has_type(v, inner[1]) for k, v in value.items()
        )
    return isinstance(value, hint) and (hint is bool or not isinstance(value, bool))


def _as_endpoint(verb: Verb) -> Verb:
    """The verb, with its refusals as the errors that Gradio sends to a client word for word."""

    @wraps(verb)
    def call(*args: object, **kwargs: object) -> object:
        try:
            return call_verb(verb, {**dict(zip(signature(verb).parameters, args, strict=False)), **kwargs})
        except ExplorerError as error:
            raise gr.Error(str(error), print_exception=False) from None

    return call
