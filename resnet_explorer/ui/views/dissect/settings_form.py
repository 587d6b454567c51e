"""The settings of every analysis as widgets, of which those of the chosen one are in sight.

What differs from its default is one text, such as "signal.images=16;lesion.trials=3", which the link keeps.
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

LONGEST = 600
SILENT: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


class SettingsForm:
    """A group of widgets for each analysis; `changes` is the text of all that differ from their defaults."""

    def __init__(self, page: Page, analysis: gr.Radio) -> None:
        self.page, self.analysis = page, analysis
        self.changes: gr.Textbox = page.keep("dissect_set", gr.Textbox("", visible="hidden", render=False))
        self.controls: dict[str, dict[str, Control]] = {}
        self.groups: list[gr.Column] = []

    def build(self) -> None:
        """Place the widgets and say what they depend on."""
        self.changes.render()  # type: ignore[no-untyped-call]
        for row in ANALYSES:
            with gr.Column(visible=row is ANALYSES[0], elem_classes=["dissect-fields"]) as group:
                self.controls[row.name] = setting_controls(row)
            self.groups.append(group)
        reset = gr.Button(i18n("Usual settings"), size="sm", elem_classes=["quiet"])
        reset.click(without, [self.changes, self.analysis], self.changes, **SILENT)
        everything = [control for group in self.controls.values() for control in group.values()]
        for name, controls in self.controls.items():
            for setting, control in controls.items():
                write = partial(change, name, setting)
                control.input(write, [self.changes, control], self.changes, **SILENT)
        assert self.page.shown is not None, "a view is built inside its tab"
        gr.on(
            [self.page.shown.refresh, self.changes.change, self.analysis.change],
            self._show,
            [self.changes, self.analysis, *everything],
            [*self.groups, *everything],
            trigger_mode="always_last",
            **SILENT,
        )

    def _show(self, changes: str, chosen: str, *values: Any) -> list[Any]:
        """The group of the chosen analysis, with its values, and a mark where one is not the default."""
        groups = [gr.update(visible=row.name == chosen) for row in ANALYSES]
        held, updates = iter(values), []
        for name, controls in self.controls.items():
            changed, usual = changes_of(changes, name), find_analysis(name).defaults()
            for setting, control in controls.items():
                update = _update(control, next(held), usual[setting], changed.get(setting))
                updates.append(update if name == chosen else gr.skip())
        return [*groups, *updates]


def _update(control: Control, held: Any, usual: Any, changed: str | None) -> Any:
    """How a widget looks; what it holds is left alone where it says the same, since somebody may be typing."""
    look: dict[str, Any] = {"elem_classes": ["field"] if changed is None else ["field", "changed"]}
    text = text_of(usual) if changed is None else changed
    return gr.update(**look) if text_of(held) == text else gr.update(**look, value=value_of(control, text))


def setting_controls(row: Analysis) -> dict[str, Control]:
    """A widget for each setting of an analysis; bounds are said and not enforced, so that a refusal is a sentence."""
    declared = fields(row.settings)
    choices = {each.name: each.metadata["choices"] for each in declared if "choices" in each.metadata}
    return controls_for(row.settings, choices, meanings={each.name: _meaning(each.metadata) for each in declared})


def _meaning(metadata: Mapping[str, Any]) -> str:
    """What a setting does, and between what bounds."""
    if "bounds" not in metadata:
        return str(metadata["help"])
    least, most = metadata["bounds"]
    return f"{metadata['help']} · {least:,} to {most:,}"


def changes_of(text: str, analysis: str) -> dict[str, str]:
    """The settings of one analysis in the text of all changes."""
    start = f"{analysis}."
    return {name.removeprefix(start): value for name, value in _read(text).items() if name.startswith(start)}


def change(analysis: str, setting: str, changes: str, value: object) -> str:
    """The text of the changes after a setting was given a value; the default is no change."""
    known, name, text = _read(changes), f"{analysis}.{setting}", text_of(value)
    if text in ("", text_of(find_analysis(analysis).defaults()[setting])):
        known.pop(name, None)
    else:
        known[name] = text
    return _write(known)


def without(changes: str, analysis: str) -> str:
    """The text of the changes without those of one analysis."""
    return _write({name: value for name, value in _read(changes).items() if not name.startswith(f"{analysis}.")})


def _read(text: str) -> dict[str, str]:
    parts = [part.partition("=") for part in text[:LONGEST].split(";")]
    return {name.strip(): value.strip() for name, equals, value in parts if equals}


def _write(changes: Mapping[str, str]) -> str:
    return ";".join(f"{name}={value}" for name, value in changes.items())[:LONGEST]
