"""What a teacher gives to a class: the address of the page in the network, and of each step of the lesson."""

import os
import socket
from contextlib import suppress

from resnet_explorer.api.lessons import Lesson

# an address that is set aside for documents; nothing is sent to it
SOMEWHERE = ("192.0.2.1", 9)


def hand_out(lesson: Lesson, port: int, root: str = "") -> str:
    """The lesson as lines for a board or a mail; `root` is the page's address where a proxy gives it one."""
    address = root.rstrip("/") or f"http://{network_name()}:{port}"
    each = f"{lesson.runs} runs at once and {lesson.measurements} measurements a minute for each of {lesson.pupils}"
    steps = [
        line
        for number, step in enumerate(lesson.steps, 1)
        for line in (f"{number}. {step.title}: {step.task}".rstrip(": "), f"   {address}/{step.link}")
    ]
    return "\n".join((f"{lesson.title}: {address}/", f"({each})", *steps))


def network_name() -> str:
    """The name or number under which others of this network reach this machine."""
    named = os.environ.get("GRADIO_SERVER_NAME", "")
    if named not in ("", "0.0.0.0", "::"):  # noqa: S104
        return named
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        # the system chooses the way out; a datagram's socket sends nothing by that
        probe.connect(SOMEWHERE)
        return str(probe.getsockname()[0])
    return socket.gethostname()
