"""Files to take away: a list of runs as CSV or JSON, and what one run recorded."""

import json
from collections.abc import Sequence

from gradio.components import DownloadButton
from gradio.processing_utils import save_bytes_to_cache

from resnet_explorer.api.run_answers import RunAnswer
from resnet_explorer.describe.spreadsheet import comma_separated
from resnet_explorer.describe.text_tables import Cell

COLUMNS = (
    *("run", "line", "data", "recipe", "settings", "seed", "state", "step", "steps", "measure", "test_accuracy"),
    *("test_loss", "loss", "accuracy", "parameters", "seconds", "created", "hardware", "group", "recorded"),
)


def list_text(runs: Sequence[RunAnswer], form: str) -> str:
    """Runs as csv, or whole as json."""
    if form == "json":
        return json.dumps(runs, indent=1, allow_nan=False)
    return comma_separated(COLUMNS, [[_cell(run[name]) for name in COLUMNS] for run in runs]) + "\n"  # type: ignore[literal-required]


def keep_file(button: DownloadButton, name: str, text: str) -> str:
    """The path of a file of this name where Gradio serves files from, and removes them after a while."""
    path: str = save_bytes_to_cache(text.encode(), name, button.GRADIO_CACHE)
    return path


def _cell(value: object) -> Cell:
    if isinstance(value, dict):
        return " ".join(f"{name}={text}" for name, text in value.items())
    return value if isinstance(value, str | int | float) else ""
