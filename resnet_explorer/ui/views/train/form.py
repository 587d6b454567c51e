"""What a run is made of, as widgets: data, recipe, seeds, and every field of the recipe behind "More"."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from resnet_explorer.api.run_answers import Choices
from resnet_explorer.api.run_form import MEANINGS, NAMES
from resnet_explorer.errors import RunError
from resnet_explorer.runs.datasets import Data
from resnet_explorer.runs.experiment import settings_of
from resnet_explorer.runs.recipes import RANGES, RECIPES, Recipe
from resnet_explorer.ui.controls import Control, controls_for, text_of, value_of
from resnet_explorer.ui.i18n import i18n
from resnet_explorer.ui.page import Page

LONGEST = 400
MOST_SEEDS = 12
# what a press trains when nothing is changed: the orderings that begin to learn are the same on every seed
RECIPE, SEEDS = "steady", "3"


@dataclass
class Form:
    """The widgets; `changes` is the text "lr=0.05;steps=40" of the fields that differ from the recipe."""

    data: gr.Dropdown
    recipe: gr.Dropdown
    seeds: gr.Dropdown
    changes: gr.Textbox


def build_form(page: Page, choices: Choices) -> Form:
    """The widgets in one row, all kept in the link."""
    sets = [
        (f"{each['name']} ({each['download']})" if each["download"] else each["name"], each["name"])
        for each in choices["data"]
    ]
    data = gr.Dropdown(sets, value="shapes", label=i18n("Data"), allow_custom_value=choices["folders"], min_width=120)
    recipe = gr.Dropdown(list(RECIPES), value=RECIPE, label=i18n("Recipe"), min_width=96)
    seeds = gr.Dropdown(["1", "3", "5"], value=SEEDS, label=i18n("Seeds"), allow_custom_value=True, min_width=72)
    changes = gr.Textbox("", visible="hidden")
    for name, control in (("data", data), ("recipe", recipe), ("seeds", seeds), ("set", changes)):
        page.keep(f"train_{name}", control)
    return Form(data, recipe, seeds, changes)


def build_fields(form: Form) -> None:
    """Every field of a recipe, folded away; one that differs from the recipe is marked and says what that has."""
    with gr.Accordion(i18n("More"), open=False, elem_classes=["train-fields"]):
        with gr.Row(elem_classes=["fields"]):
            controls = field_controls()
        reset = gr.Button(i18n("As the recipe has it"), size="sm", elem_classes=["quiet"])
    silent: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
    reset.click(lambda: "", None, form.changes, **silent)
    for name, control in controls.items():
        control.input(partial(change, name), [form.changes, form.recipe, control], form.changes, **silent)
    gr.on(
        [form.changes.change, form.recipe.change],
        partial(show_fields, controls),
        [form.changes, form.recipe],
        list(controls.values()),
        trigger_mode="always_last",
        **silent,
    )


def field_controls() -> dict[str, Control]:
    """The widget of each field, as the first recipe has it."""
    ranges = {name: (least, most) for name, least, most in RANGES}
    controls = {
        **controls_for(Recipe, NAMES, ranges, MEANINGS),
        **controls_for(Data, NAMES, {}, MEANINGS, skip=("name", "path", "level")),
        "width": gr.Textbox(label="width", info=MEANINGS["width"], max_lines=1),
    }
    for name, text in settings_of(RECIPE).items():
        controls[name].value = value_of(controls[name], text)
    return controls


def change(name: str, changes: str, recipe: str, value: object) -> str:
    """The text of the changes after one field was given a value; the recipe's own value is no change."""
    fields, text = read_changes(changes), text_of(value)
    if text in ("", settings_of(recipe)[name]):
        fields.pop(name, None)
    else:
        fields[name] = text
    return ";".join(f"{field}={value}" for field, value in fields.items())[:LONGEST]


def show_fields(controls: Mapping[str, Control], changes: str, recipe: str) -> list[Any]:
    """An update for each field's widget: its value, and where it differs from the recipe a mark and what that has."""
    fields, usual = read_changes(changes), settings_of(recipe)
    return [
        gr.update(
            value=value_of(control, fields.get(name, usual[name])),
            info=f"{MEANINGS[name]} · the recipe has {usual[name] or '–'}" if name in fields else MEANINGS[name],
            elem_classes=["field", "changed"] if name in fields else ["field"],
        )
        for name, control in controls.items()
    ]


def read_changes(text: str) -> dict[str, str]:
    """The fields of "lr=0.05;steps=40"; what is not FIELD=VALUE is left out."""
    parts = [part.partition("=") for part in text[:LONGEST].split(";")]
    return {name.strip(): value.strip() for name, equals, value in parts if equals}


def read_seeds(text: str) -> list[int]:
    """ "3" is three seeds from 0 on, "4,9" those two; refused if it is neither."""
    parts = str(text).replace(",", " ").split()
    if not parts or not all(part.isdecimal() and len(part) <= 10 for part in parts):
        raise RunError(f"seeds are a number of them, or a list such as 4,9, not {str(text)[:40]!r}")
    if len(parts) > 1 or "," in str(text):
        return list(dict.fromkeys(map(int, parts)))
    if not 1 <= int(parts[0]) <= MOST_SEEDS:
        raise RunError(f"1 to {MOST_SEEDS} seeds are trained together, not {int(parts[0])}")
    return list(range(int(parts[0])))
