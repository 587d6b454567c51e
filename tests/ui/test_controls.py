"""Widgets from settings: which one a type gets, what it is called, and text there and back."""

from dataclasses import dataclass
from typing import Literal

import gradio as gr
import pytest

from resnet_explorer.api.runs import Runs
from resnet_explorer.runs.recipes import RANGES, Recipe
from resnet_explorer.ui.controls import Control, controls_for, text_of, value_of


@dataclass
class Settings:
    """Settings of every kind."""

    name: str
    steps: int = 40
    rate: float = 0.1
    nesterov: bool = True
    schedule: Literal["constant", "cosine"] = "cosine"
    loader: str = "memory"
    widths: tuple[int, ...] = (8, 16)
    limit: int | None = None


def test_a_type_decides_the_widget_and_the_default_its_value() -> None:
    controls = controls_for(Settings, {"loader": ("memory", "disk")}, {"steps": (1, 100)}, {"rate": "how fast"})
    kinds = {name: (type(control), control.value) for name, control in controls.items()}
    assert kinds == {
        "name": (gr.Textbox, ""),
        "steps": (gr.Number, 40),
        "rate": (gr.Number, 0.1),
        "nesterov": (gr.Checkbox, True),
        "schedule": (gr.Dropdown, "cosine"),
        "loader": (gr.Dropdown, "memory"),
        "widths": (gr.Textbox, "8/16"),
        "limit": (gr.Number, None),
    }
    steps, rate = controls["steps"], controls["rate"]
    assert isinstance(steps, gr.Number)
    assert isinstance(rate, gr.Number)
    assert (steps.minimum, steps.maximum, steps.precision) == (1, 100, 0)
    assert (rate.label, rate.info, rate.precision) == ("rate", "how fast", None)


def test_a_verb_gives_widgets_that_its_docstring_explains() -> None:
    controls = controls_for(Runs.train, skip=("slots",))
    assert list(controls) == ["networks", "data", "recipe", "seeds", "settings", "owner", "gpus", "processes"]
    assert controls["owner"].info == "a text of your own that marks the runs as yours"
    assert controls["recipe"].value == "short"


def test_every_field_of_a_recipe_has_a_widget_with_its_range() -> None:
    ranges = {name: (least, most) for name, least, most in RANGES}
    controls = controls_for(Recipe, bounds=ranges)
    assert set(ranges) <= set(controls)
    lr = controls["lr"]
    assert isinstance(lr, gr.Number)
    assert (lr.minimum, lr.maximum) == ranges["lr"]


@pytest.mark.parametrize(
    ("control", "text", "value"),
    [
        (gr.Checkbox(), "on", True),
        (gr.Checkbox(), "off", False),
        (gr.Number(precision=0), "40", 40),
        (gr.Number(), "0.05", 0.05),
        (gr.Dropdown(["sgd", "adam"]), "adam", "adam"),
        (gr.Textbox(), "8/16", "8/16"),
    ],
)
def test_a_text_is_shown_and_read_back(control: Control, text: str, value: object) -> None:
    assert value_of(control, text) == value
    assert text_of(value) == text


@pytest.mark.parametrize("control", [gr.Number(precision=0), gr.Number(), gr.Dropdown(["sgd"])])
def test_a_text_that_cannot_be_shown_leaves_the_widget_empty(control: Control) -> None:
    assert value_of(control, "fast") is None
    assert text_of(None) == ""
