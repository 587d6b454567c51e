"""Gradio widgets from typed settings: one for each field of a dataclass, or for each parameter of a verb."""

import inspect
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, fields, is_dataclass
from types import NoneType
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

import gradio as gr

from resnet_explorer.runs.experiment import format_setting

Control = gr.Checkbox | gr.Dropdown | gr.Number | gr.Textbox


class Setting(NamedTuple):
    """A field or parameter: its name, its type and its default."""

    name: str
    type: Any
    default: Any


def controls_for(
    settings: type | Callable[..., Any],
    choices: Mapping[str, Collection[str]] = {},
    bounds: Mapping[str, tuple[float, float]] = {},
    meanings: Mapping[str, str] = {},
    skip: Collection[str] = (),
) -> dict[str, Control]:
    """A widget for each setting, in the order they are declared, labelled by its name and explained below it.

    A dataclass's fields are explained by `meanings`, a verb's parameters by its docstring where `meanings` is silent.
    """
    explained = {**documented(settings), **meanings}
    return {
        setting.name: _control(
            setting, choices.get(setting.name, ()), bounds.get(setting.name), explained.get(setting.name, "")
        )
        for setting in settings_of(settings)
        if setting.name not in skip
    }


def settings_of(settings: type | Callable[..., Any]) -> list[Setting]:
    """The fields of a dataclass, or the parameters of a function."""
    hints = get_type_hints(settings)
    if is_dataclass(settings):
        return [
            Setting(each.name, hints[each.name], None if each.default is MISSING else each.default)
            for each in fields(settings)
        ]
    parameters = inspect.signature(settings).parameters.values()
    return [Setting(each.name, hints[each.name], _default(each)) for each in parameters if each.name != "self"]


def documented(settings: type | Callable[..., Any]) -> dict[str, str]:
    """What the Args of a docstring say, by name."""
    _, _, arguments = (inspect.getdoc(settings) or "").partition("Args:")
    return dict(re.findall(r"^\s+(\w+): (.+)$", arguments, re.MULTILINE))


def text_of(value: Any) -> str:
    """A widget's value as the text that a verb takes: a check box is on or off."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    return "" if value is None else format_setting(value).strip()


def value_of(control: Control, text: str) -> Any:
    """What a widget shows for a text; None for a text that it cannot show."""
    if isinstance(control, gr.Checkbox):
        return text.lower() in ("on", "true", "yes")
    if isinstance(control, gr.Dropdown):
        return text if text in [value for _, value in control.choices] else None
    if not isinstance(control, gr.Number):
        return text
    try:
        return int(text) if control.precision == 0 else float(text)
    except ValueError:
        return None


def _default(parameter: inspect.Parameter) -> Any:
    return None if parameter.default is inspect.Parameter.empty else parameter.default


def _without_none(kind: Any) -> Any:
    """The type T of T | None; any other as it is."""
    parts = [part for part in get_args(kind) if part is not NoneType]
    return parts[0] if len(parts) == 1 and NoneType in get_args(kind) else kind


def _control(setting: Setting, choices: Collection[str], bounds: tuple[float, float] | None, info: str) -> Control:
    shared: dict[str, Any] = {"label": setting.name, "info": info or None, "value": setting.default}
    kind = _without_none(setting.type)
    if get_origin(kind) is Literal:
        choices = get_args(kind)
    if kind is bool:
        return gr.Checkbox(**shared)
    if choices:
        return gr.Dropdown(list(choices), **shared)
    if kind in (int, float):
        least, most = bounds or (None, None)
        return gr.Number(minimum=least, maximum=most, precision=0 if kind is int else None, **shared)
    return gr.Textbox(**{**shared, "value": text_of(setting.default)}, max_lines=1)
