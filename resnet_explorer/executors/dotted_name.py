"""A function by its dotted name: how verbs and workers enter the rooms that hold torch, when they are called."""

from importlib import import_module
from typing import Any


def resolve(name: str) -> Any:
    """What a name such as `package.module:function` names."""
    module, _, function = name.partition(":")
    return getattr(import_module(module), function)
