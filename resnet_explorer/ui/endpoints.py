"""Every verb under its name, for HTTP, gradio_client and MCP: same arguments, same answers, same errors in words."""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from inspect import signature
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import gradio as gr
from gradio.events import api as endpoint

from resnet_explorer.api import gradients
from resnet_explorer.api import networks as api
from resnet_explorer.api.probe_runner import ProbeRunner
from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import ExplorerError, NetworkError

Verb = Callable[..., Any]


def verbs(runs: Runs, runner: ProbeRunner) -> dict[str, Verb]:
    """All verbs by name, about networks and about the runs of a home; passes run where the runner says."""
    every: tuple[Verb, ...] = (
        api.describe,
        api.outline,
        api.compare,
        api.export,
        api.notebook,
        api.equation,
        api.draw,
        bind(gradients.probe, runner=runner),
        bind(api.second_opinion, computer=runner.computer),
        api.catalog,
        runs.train,
        runs.reader.runs,
        runs.reader.show,
        runs.stop,
        runs.stop_all,
        runs.resume,
        runs.remove,
        runs.reader.curves,
        runs.reader.export_run,
        runs.import_run,
    )
    return {verb.__name__: verb for verb in every}


def bind(verb: Verb, **ours: object) -> Verb:
    """The verb without the arguments that no visitor gives, such as where it computes."""

    @wraps(verb)
    def bound(*args: object, **kwargs: object) -> object:
        return verb(*args, **kwargs, **ours)

    whole = signature(verb)
    visible = [parameter for name, parameter in whole.parameters.items() if name not in ours]
    bound.__signature__ = whole.replace(parameters=visible)  # type: ignore[attr-defined]
    return bound


def add_endpoints(runs: Runs, runner: ProbeRunner) -> None:
    """Give the page in whose context this is called an endpoint for each verb."""
    for name, verb in verbs(runs, runner).items():
        endpoint(_as_endpoint(verb), api_name=name)


def arguments(body: bytes) -> dict[str, object]:
    """The arguments that a request's body holds."""
    try:
        given = json.loads(body or b"{}")
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise NetworkError("a question is a JSON object of arguments")
    return given


def call_verb(verb: Verb, arguments: Mapping[str, object]) -> object:
    """Say a verb with arguments from outside; what is not of the verb's own types is refused in one sentence."""
    hints, parameters, called = get_type_hints(verb), signature(verb).parameters, verb.__name__.strip("_")
    for name, value in arguments.items():
        if name not in parameters:
            raise NetworkError(f"{called} has no argument {name[:40]!r}; it takes {', '.join(parameters)}")
        if not _fits(value, hints[name]):
            raise NetworkError(f"{name} of {called} has the wrong type: {str(value)[:40]!r}")
    for name, parameter in parameters.items():
        if parameter.default is parameter.empty and name not in arguments:
            raise NetworkError(f"{called} needs the argument {name!r}")
    return verb(**arguments)


def _fits(value: object, hint: Any) -> bool:
    """Whether a JSON value is of an annotated type: a plain one, a list or dict of such, or one of several."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is UnionType:
        return any(_fits(value, one) for one in inner)
    if origin is list:
        return isinstance(value, list) and all(_fits(one, inner[0]) for one in value)
    if origin is dict:
        return isinstance(value, dict) and all(_fits(k, inner[0]) and _fits(v, inner[1]) for k, v in value.items())
    return isinstance(value, hint) and (hint is bool or not isinstance(value, bool))


def _as_endpoint(verb: Verb) -> Verb:
    """The verb, whose refusals reach the client as the sentence they are."""

    @wraps(verb)
    def said(*args: object, **kwargs: object) -> object:
        try:
            return call_verb(verb, {**dict(zip(signature(verb).parameters, args, strict=False)), **kwargs})
        except ExplorerError as error:
            raise gr.Error(str(error), print_exception=False) from None

    return said
