"""Both ways of the gradient through a unit of each lane, measured and drawn when somebody asks."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gradio as gr

from resnet_explorer.api.path_drawings import path_drawings
from resnet_explorer.api.probe_runner import LaneFailure, LaneProgress, ProbeRunner, check_memory, error_text
from resnet_explorer.errors import NetworkError
from resnet_explorer.gradients.conditions import caption
from resnet_explorer.ui.components.lanes.lanes import Lane
from resnet_explorer.ui.gradient.request import GradientRequest, gradient_request, memory_limit
from resnet_explorer.ui.i18n import say, translate

NOT_MEASURED = (
    "The gradient at a unit's input, through the shortcut and through the branch; nothing is measured before you ask."
)
Handler = Callable[..., tuple[Any, ...]]


def ways_handler(runner: ProbeRunner) -> Handler:
    """Gives the picture, what was measured and how in words, and a key of what was asked for."""

    def ways(lanes: list[Lane], unit: str, *values: Any) -> tuple[str, str, str]:
        wanted = gradient_request(lanes, *values)
        if not wanted.lanes:
            raise NetworkError("no lane can be read yet")
        measured = _measure(runner, wanted)
        drawn = path_drawings(measured, unit, slots=wanted.slots, say=lambda text: say(text, wanted.language))
        return drawn["picture"], say(caption(measured[0].config), wanted.language), _key(wanted)

    return ways


def keep_or_clear(lanes: list[Lane], key: str, *values: Any) -> tuple[Any, ...]:
    """Take the picture away when it is of other lanes or other conditions."""
    unchanged = gr.skip(), gr.skip(), gr.skip()
    if not key:
        return unchanged
    wanted = gradient_request(lanes, *values)
    if key == _key(wanted):
        return unchanged
    return "", translate(NOT_MEASURED, wanted.language), ""


def _measure(runner: ProbeRunner, wanted: GradientRequest) -> list[LaneProgress]:
    config = replace(wanted.config, metrics=("gradient",), paths=True)
    probes = [lane.probe_lane() for lane in wanted.lanes]
    for probe in probes:
        check_memory(probe, config, memory_limit())
    last: dict[str, LaneProgress] = {}
    for step in runner.measure(probes, config, wanted.images):
        if isinstance(step, LaneFailure):
            raise NetworkError(f"lane {step.lane.letter} cannot be measured: {error_text(step.error)}")
        last[step.lane.letter] = step
    return [last[probe.letter] for probe in probes]


def _key(wanted: GradientRequest) -> str:
    """What the norms depend on."""
    config = replace(wanted.config, metrics=("gradient",))
    return f"{[(lane.slot, lane.spec) for lane in wanted.lanes]} {config} {hash(wanted.images)}"
