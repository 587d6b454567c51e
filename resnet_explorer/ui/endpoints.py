"""Every verb under its name, for HTTP, gradio_client and MCP: same arguments, same answers, same errors in words."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import gradio as gr
from gradio.events import api as endpoint

from resnet_explorer import api
from resnet_explorer.errors import ExplorerError

Verb = Callable[..., Any]
VERBS: dict[str, Verb] = {
    verb.__name__: verb
    for verb in (
        api.describe,
        api.outline,
        api.compare,
        api.export,
        api.notebook,
        api.equation,
        api.draw,
        api.probe,
        api.second_opinion,
        api.catalog,
    )
}


def add_endpoints() -> None:
    """Give the page in whose context this is called an endpoint for each verb."""
    for name, verb in VERBS.items():
        endpoint(_spoken(verb), api_name=name)


def _spoken(verb: Verb) -> Verb:
    """The verb, whose refusals reach the client as the sentence they are."""

    @wraps(verb)
    def said(*args: object, **kwargs: object) -> object:
        try:
            return verb(*args, **kwargs)
        except ExplorerError as error:
            raise gr.Error(str(error), print_exception=False) from None

    return said
