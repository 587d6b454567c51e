"""The settings of every analysis as widgets, of which those of the chosen one are in sight.

What differs from its default is a text for each analysis, such as "trials=3;seed=1", which the link keeps.
"""

from collections.abc import Mapping
from dataclasses import fields
from functools import partial
from typing import Any

import gradio as gr

from resnet_explorer.analyses.catalog import ANALYSES, Analysis, find_analysis
from resnet_explorer.ui.controls import Control, controls_for, text_of, value_of
from resnet_explorer.ui.i18n import i18n
from resnet_explorer.ui.page import Page
from resnet_explorer.ui.views.dissect.own_picture import OwnPicture, picture_settings

LONGEST = 600
SILENT: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
ALWAYS_LAST: dict[str, Any] = {**SILENT, "trigger_mode": "always_last"}


class SettingsForm:
    """A group of widgets for each analysis; `changes` has a text for each, of what differs from its defaults.

    Style sheets show the group of the chosen analysis: hiding it by Gradio would take seconds in the browser.
    """

    def __init__(self, page: Page) -> None:
        self.changes: dict[str, gr.Textbox] = {
            row.name: page.keep(link_name(row.name), gr.Textbox("", visible="hidden")) for row in ANALYSES
        }
        self.picture = OwnPicture()

    def build(self) -> None:
        """Place the widgets and say what they depend on."""
        for row in ANALYSES:
            with gr.Column(elem_classes=["dissect-fields", f"of-{row.name}"]):
                controls = setting_controls(row)
                if picture_settings(row):
                    self.picture.build()
                reset = gr.Button(i18n("Usual settings"), size="sm", elem_classes=["quiet"])
            changes = self.changes[row.name]
            reset.click(None, None, changes, js="() => ''", api_visibility="private")
            for setting, control in controls.items():
                write = partial(change, row.name, setting)
                control.input(write, [changes, control], changes, **SILENT)
            show = partial(show_settings, row, controls)
            changes.change(show, [changes, *controls.values()], [*controls.values()], **ALWAYS_LAST)


def link_name(analysis: str) -> str:
    """Under which name the link keeps the settings of an analysis."""
    return f"set_{analysis.replace('-', '_')}"


def show_settings(row: Analysis, controls: Mapping[str, Control], changes: str, *values: Any) -> Any:
    """An update for each widget; what it holds is left alone where it says the same: somebody may be typing."""
    changed, usual = read_changes(changes), row.defaults()
    updates = []
    for (setting, control), held in zip(controls.items(), values, strict=True):
        text = changed.get(setting, text_of(usual[setting]))
        updates.append(gr.skip() if text_of(held) == text else gr.update(value=value_of(control, text)))
    return updates if len(updates) > 1 else updates[0]


def setting_controls(row: Analysis) -> dict[str, Control]:
    """A widget for each setting of an analysis but a picture; bounds are said, so that a refusal is a sentence."""
    declared = fields(row.settings)
    choices = {each.name: each.metadata["choices"] for each in declared if "choices" in each.metadata}
    meanings = {each.name: _meaning(each.metadata) for each in declared}
    controls = controls_for(row.settings, choices, meanings=meanings, skip=picture_settings(row))
    for name, control in controls.items():
        control.label = str(i18n(name))
        if isinstance(control, gr.Dropdown):
            control.choices = [(str(i18n(str(value))), value) for _, value in control.choices]
    return controls


def _meaning(metadata: Mapping[str, Any]) -> str:
    """What a setting does, and between what bounds."""
    if "bounds" not in metadata:
        return str(i18n(metadata["help"]))
    least, most = metadata["bounds"]
    return f"{i18n(metadata['help'])} · {least:,} – {most:,}"


def change(analysis: str, setting: str, changes: str, value: object) -> str:
    """The text of the changes after a setting was given a value; the default is no change."""
    known, text = read_changes(changes), text_of(value)
    if text in ("", text_of(find_analysis(analysis).defaults()[setting])):
        known.pop(setting, None)
    else:
        known[setting] = text
    return ";".join(f"{name}={value}" for name, value in known.items())[:LONGEST]


def read_changes(text: str) -> dict[str, str]:
    """The settings of "trials=3;seed=1"; what is not NAME=VALUE is left out."""
    parts = [part.partition("=") for part in text[:LONGEST].split(";")]
    return {name.strip(): value.strip() for name, equals, value in parts if equals}
