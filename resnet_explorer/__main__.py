"""The command `resnet-explorer`, and `python -m resnet_explorer`: the verbs of the command line, and the page."""

import sys
from collections.abc import Sequence
from importlib import import_module

from resnet_explorer.cli import main as command_line


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb with these arguments, or those of the process; the exit code."""
    return command_line.main(list(sys.argv[1:] if arguments is None else arguments), _serve)


def _serve(port: int | None, mcp: bool, lesson: str) -> None:
    """Open the page; Gradio is loaded only now, so that the other verbs do not wait for it."""
    import_module("resnet_explorer.ui.serve").serve(port, mcp, lesson)


if __name__ == "__main__":
    sys.exit(main())
