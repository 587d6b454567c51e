"""The page's head: its tokens and frame, a still picture to paint first, and what must be set before Gradio starts."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from resnet_explorer.api.networks import outline
from resnet_explorer.figures.plotly_script import VERSION
from resnet_explorer.ui.components.component import FOLDER, styles
from resnet_explorer.ui.components.lanes.lanes import Lane
from resnet_explorer.ui.theme import variables

HERE = Path(__file__).parent


def head(lanes: Sequence[Lane]) -> str:
    """The lines for the page's head; `lanes` are those of an address that names none."""
    style = f"<style>{variables()}\n{(HERE / 'frame.css').read_text()}</style>"
    drawn_first = f'<style data-of="lanes">{styles("lanes")}</style>'
    early = [f'<link rel="modulepreload" href="{module_url(path)}">' for path in _first_modules()]
    plotly = f'<meta name="plotly-script" content="gradio_api/explorer/plotly/plotly.min.js?{VERSION}">'
    # without it a browser looks for one at the root of the server, where a page that is mounted elsewhere has none
    icon = '<link rel="icon" href="favicon.ico">'
    words = {
        "STILL": (HERE / "still.html").read_text(),
        "FRAME": module_url(FOLDER / "shared" / "frame.js"),
        "FIRST": module_url(FOLDER / "lanes" / "first.js"),
        "USUAL": [asdict(lane) | {"answer": outline(lane.name, lane.unit)} for lane in lanes],
    }
    script = (HERE / "start.js").read_text()
    for name, value in words.items():
        script = script.replace(name, json.dumps(value))
    return "\n".join((style, drawn_first, f"<script>{script}</script>", plotly, icon, *early))


def module_url(path: Path) -> str:
    """Where the page loads a file of the components from, seen from its own address."""
    return f"gradio_api/file={path.as_posix()}"


def _first_modules() -> list[Path]:
    """The modules that every visit draws first."""
    return [
        FOLDER / "shared" / "vendor" / "preact.js",
        *sorted((FOLDER / "lanes").glob("*.js")),
        *sorted((FOLDER / "shared").glob("*.js")),
    ]
