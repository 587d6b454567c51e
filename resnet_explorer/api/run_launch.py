"""From the arguments of a launch to a job that this machine can do, or a refusal in one sentence."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from resnet_explorer.errors import RunError
from resnet_explorer.networks import budget
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request
from resnet_explorer.runs import export
from resnet_explorer.runs.commit import program_commit
from resnet_explorer.runs.datasets import FOLDER, FOLDERS, read_data
from resnet_explorer.runs.experiment import Experiment, prepare_with_note
from resnet_explorer.runs.image_folder import count_classes
from resnet_explorer.runs.point_folder import count_points
from resnet_explorer.runs.processes import GPUS, PROCESSES

OPERATIONS = 10**14
# GPUs of one machine, or cores of it
MOST_PROCESSES = 64


class JobFactory:
    """Makes jobs, within the memory there is; where `shared`, no path is read for a visitor."""

    def __init__(self, memory: int, shared: bool) -> None:
        self.limits = budget.Limits(memory=memory, operations=OPERATIONS)
        self.shared = shared

    def job_args(
        self, line: str, data: str, recipe: str, seed: int, settings: Mapping[str, str], classes: int
    ) -> dict[str, object]:
        """The arguments of a training run; `note` is there where its network could not take the width exactly."""
        experiment, note = prepare_with_note(line, data, recipe, seed, settings, classes)
        budget.check(parse_request(line).name, plan(experiment.network), experiment.recipe.batch, limits=self.limits)
        args: dict[str, object] = {
            "line": line,
            "data": data,
            "recipe": recipe,
            "settings": dict(settings),
            "commit": program_commit(),
        }
        args["experiment"] = experiment.changes()
        return {**args, "note": note} if note else args

    def parallel_args(self, gpus: int, processes: int) -> dict[str, object]:
        """The arguments of a run on several processes: how it is carried out, not what is trained."""
        for name, count in ((GPUS, gpus), (PROCESSES, processes)):
            if type(count) is not int or not 1 <= count <= MOST_PROCESSES:
                raise RunError(f"{name} is a whole number from 1 to {MOST_PROCESSES}, not {str(count)[:20]}")
        if gpus > 1 and processes > 1:
            raise RunError("a run has several GPUs, or several processes on processors, not both")
        if self.shared and max(gpus, processes) > 1:
            raise RunError("a run has one process here: strangers share this machine")
        return {name: count for name, count in ((GPUS, gpus), (PROCESSES, processes)) if count > 1}

    def resolve_data(self, data: str) -> tuple[str, int]:
        """The data set with an absolute path, as any worker finds it; and a folder's classes or points, else 0."""
        data_set = read_data(data)
        if data_set.name not in FOLDERS:
            return data, 0
        if self.shared:
            raise RunError("a folder of this machine cannot be read here: strangers share it")
        path = Path(os.path.abspath(Path(data_set.path).expanduser()))
        count = count_classes if data_set.name == FOLDER else count_points
        return f"{data_set.name}:{path}", count(path)

    def from_card(self, card: str) -> dict[str, object]:
        """The arguments of the run that a run card describes, if its line still means that experiment."""
        fields = export.read_card(card)
        experiment = Experiment.from_json(json.dumps(fields["experiment"]))
        data, classes = self.resolve_data(fields["data"])
        args = self.job_args(fields["line"], data, fields["recipe"], experiment.seed, fields["settings"], classes)
        if args["experiment"] != fields["experiment"]:
            raise RunError(
                f"the run card describes experiment {experiment.id}, but its line and recipe give another here"
            )
        return args
