"""Verdicts that were recorded earlier and come with the program, each with when, where and from what it was made."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from resnet_explorer import PACKAGE_DIR
from resnet_explorer.errors import StudyError

VERDICTS = PACKAGE_DIR / "assets" / "recorded" / "verdicts.json"


@cache
def recorded_verdicts(path: Path = VERDICTS) -> dict[str, Any]:
    """The recorded answer of `verdict` for each claim that has one, by the claim's id."""
    try:
        verdicts: dict[str, Any] = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise StudyError(f"the recorded verdicts in {path.name} cannot be read ({type(error).__name__})") from None
    return verdicts
