"""What a view is built with: the lanes, the services, the link, and a way to say what depends on them."""

from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import wraps
from inspect import isasyncgenfunction, isgeneratorfunction
from typing import Any

import gradio as gr
from gradio.components import Component

from resnet_explorer.errors import ExplorerError
from resnet_explorer.ui.components.lanes.lanes import Lanes
from resnet_explorer.ui.components.refresh import Refresh
from resnet_explorer.ui.link import Link
from resnet_explorer.ui.services import Services

Handler = Callable[..., Any]


@dataclass
class Page:
    """Everything that a view may use; `shown` is the view's own trigger, in its tab."""

    services: Services
    lanes: Lanes
    link: Link = field(default_factory=Link)
    shown: Refresh | None = None
    triggers: list[Refresh] = field(default_factory=list)

    @property
    def launching(self) -> dict[str, Any]:
        """How an event that launches runs is sent: through Gradio's queue where a GPU is lent to who asks."""
        return {"queue": self.services.gpu_is_lent, "show_progress": "hidden", "api_visibility": "private"}

    def add_trigger(self) -> Refresh:
        """A trigger that stands here, and is set off by every change of the lanes while it is in sight."""
        trigger = Refresh(elem_classes=["refresh"])
        self.triggers.append(trigger)
        return trigger

    def keep(self, name: str, control: Component) -> Any:
        """Let the link hold a control under a name, and give the control back."""
        return self.link.keep(name, control)

    def update(
        self,
        handler: Handler,
        controls: Sequence[Any],
        outputs: Sequence[Component],
        **options: Any,
    ) -> Any:
        """Call `handler(lanes, *controls)` when the lanes or a control change, as long as the view is in sight.

        A generator streams what it yields, through Gradio's queue; an answer at once needs no queue.
        """
        assert self.shown is not None, "a view is built inside its tab"
        streams = isgeneratorfunction(handler) or isasyncgenfunction(handler)
        triggers = [self.shown.refresh, *(control.change for control in controls)]
        defaults: dict[str, Any] = {
            "queue": streams,
            "trigger_mode": "multiple" if streams else "always_last",
            "concurrency_limit": None,
            "show_progress": "hidden",
            "api_visibility": "private",
        }
        return gr.on(triggers, as_handler(handler), [self.lanes, *controls], list(outputs), **{**defaults, **options})


def as_handler(handler: Handler) -> Handler:
    """The handler, whose refusals reach the visitor as a message of Gradio's instead of a trace."""
    if isasyncgenfunction(handler):

        @wraps(handler)
        async def flow(*values: Any) -> Any:
            try:
                async with aclosing(handler(*values)) as steps:
                    async for step in steps:
                        yield step
            except ExplorerError as error:
                raise gr.Error(str(error), print_exception=False) from None

        return flow

    if isgeneratorfunction(handler):

        @wraps(handler)
        def stream(*values: Any) -> Any:
            try:
                yield from handler(*values)
            except ExplorerError as error:
                raise gr.Error(str(error), print_exception=False) from None

        return stream

    @wraps(handler)
    def call(*values: Any) -> Any:
        try:
            return handler(*values)
        except ExplorerError as error:
            raise gr.Error(str(error), print_exception=False) from None

    return call
