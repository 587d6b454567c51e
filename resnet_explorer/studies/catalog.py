"""The table of studies: every claim, the paper's own first, each one entry in the file of its paper or subject."""

from difflib import get_close_matches

from resnet_explorer.errors import StudyError
from resnet_explorer.studies import ensembles, families, he2015, he2016, initialisation
from resnet_explorer.studies.study import Study

STUDIES: tuple[Study, ...] = (
    *he2015.STUDIES,
    *he2016.STUDIES,
    *ensembles.STUDIES,
    *initialisation.STUDIES,
    *families.STUDIES,
)
_BY_ID = {study.id: study for study in STUDIES}


def find_study(name: str) -> Study:
    """The study of an id; raises StudyError for one that there is not."""
    if name not in _BY_ID:
        close = get_close_matches(name[:40], _BY_ID, 1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(_BY_ID)}"
        raise StudyError(f"unknown claim {name[:40]!r}; {hint}", tuple(close))
    return _BY_ID[name]
