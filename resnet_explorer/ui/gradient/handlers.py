"""What the controls of the gradient view set going: streams of figures, of which a visitor's newest counts."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from typing import Any

import gradio as gr

from resnet_explorer.api.probe_runner import ProbeRunner
from resnet_explorer.errors import ExplorerError
from resnet_explorer.ui.components.figure.figure import FigureValue
from resnet_explorer.ui.components.lanes.lanes import Lane
from resnet_explorer.ui.gradient import depth_stream, flow_stream
from resnet_explorer.ui.gradient.request import GradientRequest, gradient_request, read_images
from resnet_explorer.ui.work_queue import WorkQueue

# seconds in which another change of a slider replaces the request
PAUSE = 0.04
NO_LANE = "No lane can be read yet."
WAITING = "Waiting for a place; other visitors are being answered."
Answers = AsyncIterator[tuple[Any, ...]]
Handler = Callable[..., Any]


def flow_handler(runner: ProbeRunner, queue: WorkQueue) -> Handler:
    """Streams figure, findings, stages and numbers of the flow."""

    async def flow(request: gr.Request, lanes: list[Lane], *values: Any) -> Answers:
        wanted = _request(lanes, *values)
        name = f"gradient-flow-{wanted.config.metrics[0]}"
        if not wanted.lanes:
            yield FigureValue(name=name, empty=NO_LANE), "", "", ""
            return
        unchanged = gr.skip(), gr.skip(), gr.skip()
        yield FigureValue(name=name, coming=wanted.slots), *unchanged
        steps = queue.answer(flow_stream.steps(runner, wanted), f"flow {request.session_hash}", pause=PAUSE)
        async with aclosing(steps):
            async for step in steps:
                if step is None:
                    yield FigureValue(name=name, empty=WAITING, coming=wanted.slots), *unchanged
                elif step.words:
                    yield step.figure, step.words.findings, step.words.stages, step.words.numbers
                else:
                    yield step.figure, *unchanged

    return flow


def depth_handler(runner: ProbeRunner, queue: WorkQueue) -> Handler:
    """Streams figure and words of the ratio against depth, and which of the two buttons there is: start or stop."""

    async def depths(request: gr.Request, lanes: list[Lane], *values: Any) -> Answers:
        visitor = _depth_visitor(request)
        wanted = depth_stream.depth_request(_request(lanes, *values))
        stream = depth_stream.DepthStream(wanted)
        yield FigureValue(name=depth_stream.NAME, coming=wanted.slots), "", *_buttons(running=True)
        steps = queue.answer(depth_stream.steps(runner, stream), visitor, patient=True)
        async with aclosing(steps):
            async for step in steps:
                if step:
                    yield step.figure, step.words, gr.skip(), gr.skip()
        # a newer request of the visitor goes on with the same figure
        if visitor not in queue.newest:
            last = stream.whole()
            yield last.figure, last.words, *_buttons(running=False)

    return depths


def stop_handler(queue: WorkQueue) -> Handler:
    """Lets the visitor's depths end after the step they are in."""

    def stop(request: gr.Request) -> None:
        queue.stop(_depth_visitor(request))

    return stop


def stale_handler(queue: WorkQueue) -> Handler:
    """Stops depths of other lanes or conditions, and shows what was recorded, or fades what stands there."""

    def stale(request: gr.Request, lanes: list[Lane], *values: Any) -> tuple[FigureValue, str]:
        queue.stop(_depth_visitor(request))
        step = depth_stream.recorded(depth_stream.depth_request(_request(lanes, *values)))
        return step.figure, step.words

    return stale


def refuse_files(files: Sequence[str] | None) -> str:
    """A sentence on the first file that is no image, or nothing."""
    try:
        read_images(tuple(files or ()))
    except ExplorerError as error:
        return str(error)
    return ""


def _request(lanes: list[Lane], *values: Any) -> GradientRequest:
    """What the controls ask for; without images where a file is none, which is said beside the files."""
    try:
        return gradient_request(lanes, *values)
    except ExplorerError:
        metric, seeds, batch, _, files, *rest = values
        if refuse_files(files):
            return gradient_request(lanes, metric, seeds, batch, "noise", None, *rest)
        raise


def _depth_visitor(request: gr.Request) -> str:
    return f"cliff {request.session_hash}"


def _buttons(running: bool) -> tuple[Any, Any]:
    return gr.update(visible=not running), gr.update(visible=running)
