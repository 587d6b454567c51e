"""The line at the foot of the page: which program this is; opened, whether all is well with it."""

import gradio as gr

from resnet_explorer import __version__
from resnet_explorer.api.health import Health
from resnet_explorer.describe.sentence import Sentence
from resnet_explorer.runs.commit import program_commit
from resnet_explorer.ui.components.facts.facts import Fact, Facts, FactTable
from resnet_explorer.ui.health_routes import shown
from resnet_explorer.ui.i18n import i18n
from resnet_explorer.ui.page import as_handler
from resnet_explorer.ui.services import Services

COMMIT = 10
TEXT = "About ResNet Explorer {built}"
WORDS = {"ok": "all is well", "degraded": "it works", "failing": "something is wrong"}


def build_footer(services: Services) -> None:
    """The line, in the blocks that are being built; what it opens to is looked up when it is opened."""
    built = " ".join(filter(None, (__version__, program_commit()[:COMMIT])))
    with gr.Accordion(i18n(Sentence(TEXT, {"built": built})), open=False, elem_classes=["about"]) as about:
        facts = Facts()

    def look() -> FactTable:
        return fact_table(services.health(), services.shared)

    about.expand(
        as_handler(look),
        None,
        facts,
        queue=False,
        show_progress="hidden",
        api_visibility="private",
        concurrency_limit=None,
    )


def fact_table(health: Health, shared: bool) -> FactTable:
    """What `/healthz` says, as facts; where strangers come without what is on the machine."""
    seen = shown(health, shared)
    facts = [
        Fact("Version", [health["version"]]),
        Fact("Commit", [health["commit"] or "unknown"]),
        Fact("State", [WORDS[health["status"]], *health["why"]]),
        Fact("Runs", [", ".join(f"{number} {state}" for state, number in sorted(health["runs"].items())) or "none"]),
    ]
    if "devices" in seen:
        packages = [f"{name} {version}" for name, version in health["packages"].items() if version]
        devices = ", ".join(health["devices"]) or "not known yet"
        facts += [
            Fact("Trains on", [devices, *filter(None, [health["sharing"]])]),
            Fact("Python and packages", [", ".join((health["python"], *packages))]),
            Fact("Free disk", [f"{health['free_bytes'] / 1e9:.1f} of {health['total_bytes'] / 1e9:.1f} GB"]),
        ]
    return FactTable("About this page", [Fact(name, ["; ".join(values)]) for name, values in facts])
