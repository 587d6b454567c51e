"""The verbs about sweeps: launch one, see how far it is and what came out, list them, and take its table away.

A sweep is a run as any other: `runs` stops, resumes and removes it. The same sweep has the same run, and a training
that another sweep or a claim has asked for is taken as it is there.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from resnet_explorer.api.question_launch import launch_question
from resnet_explorer.api.run_answers import FileAnswer
from resnet_explorer.api.run_rows import hash_owner
from resnet_explorer.api.runs import MAX_AT_ONCE, Runs
from resnet_explorer.api.sweep_answers import MEASURES, SweepAnswer, sweep_answer
from resnet_explorer.api.sweep_tables import FORMATS, sweep_table
from resnet_explorer.errors import RunError
from resnet_explorer.runs import export
from resnet_explorer.runs.analysis_results import ResultsCache
from resnet_explorer.runs.datasets import require_known
from resnet_explorer.runs.experiment import Experiment
from resnet_explorer.runs.run_folder import SHORT, SWEEP, Job, RunFolder, find_run
from resnet_explorer.runs.sweep import Sweep, parse_sweep
from resnet_explorer.studies.child_runs import training_id
from resnet_explorer.studies.sweep_runner import sweep_job

MOST_LISTED = 200


class Sweeps:
    """Launches sweeps in one home, and reads what they came to."""

    def __init__(self, runs: Runs) -> None:
        self.runs = runs
        self._results = ResultsCache()

    def sweep(
        self,
        networks: list[str],
        data: list[str] | None = None,
        recipes: list[str] | None = None,
        seeds: list[int] | None = None,
        settings: dict[str, str] | None = None,
        vary: dict[str, list[str]] | None = None,
        title: str = "",
        owner: str = "",
    ) -> SweepAnswer:
        """Train every combination of networks, data, recipes, varied settings and seeds; answers at once.

        Args:
            networks: NETWORK[:ORDERING] each; the others are compared with the first
            data: data sets, such as ["shapes", "cifar10"]; shapes if none is named
            recipes: such as ["short"], which is what it is if none is named
            seeds: such as [0, 1, 2], which are those if none are named
            settings: fields of the recipe for every run, such as {"steps": "400"}
            vary: fields with several values, of which every combination is trained, such as {"lr": ["0.05", "0.1"]}
            title: what the sweep is called in lists
            owner: a text of your own that marks the sweep as yours
        """
        given = {"networks": networks, "data": data, "recipes": recipes, "seeds": seeds, "settings": settings}
        values = {name: value for name, value in {**given, "vary": vary, "title": title}.items() if value is not None}
        return self.launch(parse_sweep(values), owner)

    def launch(self, sweep: Sweep, owner: str = "") -> SweepAnswer:
        """Launch a sweep whose every run can be trained here; not a verb."""
        resolved = dict(self.runs.jobs.resolve_data(data) for data in sweep.data)
        sweep = replace(sweep, data=tuple(resolved))
        count = len(sweep.cells) * len(sweep.seeds)
        if self.runs.shared and count > MAX_AT_ONCE:
            raise RunError(f"strangers share this machine: a sweep has at most {MAX_AT_ONCE} runs here, not {count}")
        for cell in sweep.cells:
            settings = sweep.settings_of(cell)
            self.runs.jobs.job_args(cell.network, cell.data, cell.recipe, sweep.seeds[0], settings, resolved[cell.data])
        launch_question(self.runs, sweep_job(sweep, resolved, hash_owner(owner)), self._results, owner)
        return self.sweep_results(sweep.id, owner=owner)

    def sweep_results(self, run: str, measure: str = "accuracy", owner: str = "") -> SweepAnswer:
        """Where a sweep stands: means, spreads, and differences from its first network with 95 % intervals.

        Args:
            run: the id of a sweep, or its first letters
            measure: accuracy, test_loss, loss or seconds
            owner: marks the sweep as yours if it is
        """
        require_known("measure", measure, MEASURES)
        folder = find_run(self.runs.home, run)
        job = _require_sweep(folder.job())
        known = self._results.read(folder)
        mine = bool(owner) and job.owner == hash_owner(owner)
        return sweep_answer(job, known, measure, self._remaining(job, known.values), mine)

    def sweeps(self, owner: str = "") -> list[SweepAnswer]:
        """List the sweeps of this home, the newest first.

        Args:
            owner: marks the sweeps of this owner as yours
        """
        listed = self.runs.reader.runs(limit=MOST_LISTED, kind=SWEEP)["runs"]
        return [self.sweep_results(run["run"], owner=owner) for run in listed]

    def export_sweep(self, run: str, form: str = "csv", measure: str = "accuracy") -> FileAnswer:
        """The table of a sweep as a file, or the run cards of its trainings as one JSON file.

        Args:
            run: the id of a sweep, or its first letters
            form: csv, latex, markdown or cards
            measure: accuracy, test_loss, loss or seconds
        """
        answer = self.sweep_results(run, measure)
        if form == "cards":
            return FileAnswer(name=f"sweep-{answer['short']}-cards.json", text=self._cards(answer))
        require_known("form", form, (*FORMATS, "cards"))
        return FileAnswer(name=f"sweep-{answer['short']}.{FORMATS[form].ending}", text=sweep_table(answer, form))

    def _cards(self, answer: SweepAnswer) -> str:
        """A JSON list of the run cards of all runs that have ended and are still there."""
        folders = [RunFolder(self.runs.home / "runs" / run["run"]) for row in answer["rows"] for run in row["runs"]]
        there = [folder for folder in folders if folder.path.is_dir()]
        cards = [
            export.card(folder.job(), folder.records()[0], folder.job().what.get("commit", "")) for folder in there
        ]
        return "[\n" + ",\n".join(cards) + "\n]"

    def _remaining(self, job: Job, ended: Mapping[int, Any]) -> float | None:
        """Seconds until all runs have ended, by the speed of earlier runs here; steps that were taken count."""
        experiments = _experiments(json.dumps(job.what["request"]), json.dumps(job.what["classes"]))
        left = [experiment for number, experiment in enumerate(experiments) if number not in ended]
        if not left:
            return 0.0
        rows = self.runs.reader.rows_of([training_id(experiment) for experiment in left])
        steps = {row.job.run: row.progress.step for row in rows if row.progress.state != "failed"}
        todo = [_rest(experiment, steps.get(training_id(experiment), 0)) for experiment in left]
        estimate = self.runs.reader.estimate(todo, 1)
        return estimate.seconds if estimate else None


@lru_cache(32)
def _experiments(request: str, classes: str) -> tuple[Experiment, ...]:
    """What each run of a sweep trains, in their order; kept, as a page asks again and again."""
    sweep, counts = Sweep.from_json(json.loads(request)), json.loads(classes)
    return tuple(sweep.experiment(cell, seed, counts.get(cell.data, 0)) for _, cell, seed in sweep.runs())


def _rest(experiment: Experiment, step: int) -> Experiment:
    """The experiment with the steps alone that it still has to take."""
    recipe = experiment.recipe
    return replace(experiment, recipe=replace(recipe, steps=max(1, recipe.steps - step)))


def _require_sweep(job: Job) -> Job:
    if job.kind != SWEEP:
        raise RunError(f"run {job.run[:SHORT]} is no sweep")
    return job
