"""What is asked of a study: which one, in which form, after how many seeds at most, from which one, on which data."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from resnet_explorer.runs.commit import program_commit
from resnet_explorer.runs.run_folder import JUDGE, Job, hashed_id
from resnet_explorer.studies.study import FIRST_SEED

FORMS = SHORT_FORM, FULL_FORM = "short", "full"


@dataclass(frozen=True)
class StudyRequest:
    """A study in one form; `seeds` 0: as many as the form says. `rules` are the hashes of its parts when it was asked.

    `data` is what runs train on where the study does not say it itself.
    """

    study: str
    form: str
    rules: tuple[str, ...]
    seeds: int = 0
    first_seed: int = FIRST_SEED
    data: str = "shapes"

    @property
    def id(self) -> str:
        """The id of the run that answers it: the same question has the same."""
        return hashed_id(json.dumps(self.to_json(), sort_keys=True))

    def to_json(self) -> dict[str, Any]:
        """The question as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "StudyRequest":
        """What `to_json` gave."""
        known = {field.name: values[field.name] for field in fields(cls) if field.name in values}
        return cls(**known | {"rules": tuple(values["rules"])})


def study_job(request: StudyRequest, owner: str = "", created: int = 0) -> Job:
    """The job of a study, with the texts that lists of runs show and search."""
    what = {
        "study": request.study,
        "line": request.study,
        "data": request.data,
        "recipe": request.form,
        "settings": {"seeds": str(request.seeds)} if request.seeds else {},
        "commit": program_commit(),
        "request": request.to_json(),
    }
    return Job(request.id, JUDGE, what, owner, request.id, **({"created": created} if created else {}))
