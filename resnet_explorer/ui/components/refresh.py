"""A component without a face that starts the work of a view: only while the view is in sight, and again when it comes
back into sight and something has changed meanwhile."""

from typing import Any

import gradio as gr
from gradio.events import EventListener

SCRIPT = """
element.style.cssText = "width: 1px; height: 1px";
let stale = false;
const inSight = () => element.checkVisibility();
const refresh = () => { stale = false; trigger("refresh"); };
// lanes that have not been read yet have neither text nor error, and come again
const unread = (one) => one?.spec === "" && !one.error;
const changed = () => [props.value].flat(2).some(unread) || (inSight() ? refresh() : (stale = true));
watch("value", changed);
new IntersectionObserver(() => stale && inSight() && refresh()).observe(element);
if (props.value?.length) changed();
const look = () => props.value !== "idle" && document.visibilityState === "visible" && inSight() && refresh();
if (props.seconds) setInterval(look, 1000 * props.seconds);
"""


class Refresh(gr.HTML):
    """Its value is what the view depends on; `refresh` is triggered when that changes and the view is in sight.

    With `seconds` also each so many seconds, as long as the view is in sight and the value is not "idle".
    """

    EVENTS: list[Any] = [EventListener("refresh")]

    def __init__(self, value: object = None, *, seconds: float = 0, **props: Any) -> None:
        self.seconds = seconds
        super().__init__(
            value,
            html_template="",
            js_on_load=SCRIPT,
            apply_default_css=False,
            seconds=seconds,
            **props,
        )
