"""Cutting units of a network that stays loaded, for whoever waits for the answer to a press."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from resnet_explorer.analyses.request import SubjectRequest
from resnet_explorer.analyses.schedules import cut
from resnet_explorer.analyses.subject import Subject, load_subject
from resnet_explorer.training.predictions import CPU


def cut_units(request: SubjectRequest, home: Path, units: tuple[int, ...]) -> dict[str, Any]:
    """What is left without these units (counted from 0); how many images there are, and what weights in words."""
    subject = _subject(request, home)
    return {**cut(subject, units)._asdict(), "of": len(subject.x), "subject": subject.words}


@lru_cache(2)
def _subject(request: SubjectRequest, home: Path) -> Subject:
    return load_subject(request, home, CPU)
