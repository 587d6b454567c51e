"""The verbs about analyses: which there are, ask one, and read what it knows. An analysis is a run as any other.

The same question has the same run, so that nothing is computed twice; `runs` stops, resumes and removes it.
"""

import json
from collections.abc import Mapping, Sequence

from resnet_explorer.analyses.analysis_job import analysis_job
from resnet_explorer.analyses.catalog import ANALYSES, WITHOUT_WEIGHTS, Analysis, find_analysis
from resnet_explorer.analyses.request import INITIAL, RECORDED, WEIGHTS, AnalysisRequest, SubjectRequest
from resnet_explorer.analyses.setting_fields import read_settings
from resnet_explorer.api import analysis_answers, analysis_table
from resnet_explorer.api.analysis_answers import AnalysisAnswer, AnalysisRow
from resnet_explorer.api.question_launch import launch_question
from resnet_explorer.api.run_answers import FileAnswer
from resnet_explorer.api.run_rows import hash_owner
from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import AnalysisError
from resnet_explorer.networks import budget
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request
from resnet_explorer.runs.analysis_results import ResultsCache
from resnet_explorer.runs.datasets import CLASSES, read_data
from resnet_explorer.runs.experiment import Experiment, prepare
from resnet_explorer.runs.recorded_networks import find_recorded
from resnet_explorer.runs.run_folder import ANALYSE, SHORT, SLOTS, find_run, require_training

MAX_LANES = SLOTS
# images that a lane sends through its network at once, at most
BATCH = 128


class Analyses:
    """Asks analyses of the networks and runs of one home, and reads their answers."""

    def __init__(self, runs: Runs) -> None:
        self.runs = runs
        self._results = ResultsCache()

    def analyses(self) -> list[AnalysisRow]:
        """List what can be measured inside networks: questions, where they come from, settings, what is counted."""
        return [analysis_answers.row(analysis) for analysis in ANALYSES]

    def analyse(
        self,
        analysis: str,
        networks: list[str] | None = None,
        settings: dict[str, str | bool | int | float] | None = None,
        run: str = "",
        runs: list[str] | None = None,
        seed: int = 0,
        data: str = "shapes",
        weights: str = INITIAL,
        owner: str = "",
        slots: list[int] | None = None,
        again: bool = False,
    ) -> AnalysisAnswer:
        """Ask what happens inside networks; answers at once with what is known, and `analysis` tells how it goes on.

        Args:
            analysis: a name that `analyses` gives, such as receptive
            networks: NETWORK[:ORDERING] each
            settings: settings of the analysis, such as {"images": 64}
            run: one more lane with the weights of a run, RUN or RUN@STEP
            runs: more lanes with the weights of runs, such as ["k3w7ab", "k3w7ab@200"]
            seed: of the initial weights
            data: the images that are sent through these networks
            weights: of these networks: initial, or recorded, where such come with the program
            owner: a text of your own that marks the run as yours
            slots: the lane of each, 0 to 5, for its letter and colour; first the networks, then the runs
            again: compute it once more even if it is known
        """
        trained = [*([run] if run else []), *(runs or [])]
        request = self.question(analysis, networks or [], settings or {}, trained, seed, data, weights, slots)
        launch_question(self.runs, analysis_job(request, hash_owner(owner)), self._results, owner, again)
        return self.analysis(request.id)

    def question(
        self,
        analysis: str,
        networks: Sequence[str] = (),
        settings: Mapping[str, str | bool | int | float] = {},
        runs: Sequence[str] = (),
        seed: int = 0,
        data: str = "shapes",
        weights: str = INITIAL,
        slots: Sequence[int] | None = None,
    ) -> AnalysisRequest:
        """What `analyse` would launch, whose id is that of its run; refused where it cannot be asked; not a verb."""
        row = find_analysis(analysis)
        lanes = self._lanes(row, networks, runs, seed, data, weights, slots)
        values = {**row.defaults(), **vars(read_settings(row.settings, settings))}
        return AnalysisRequest(row.name, row.version, values, tuple(lanes))

    def analysis(self, run: str) -> AnalysisAnswer:
        """What an analysis knows so far, lane by lane, and what follows from it.

        Args:
            run: the id of its run, or its first letters
        """
        folder = find_run(self.runs.home, run)
        job = folder.job()
        if job.kind != ANALYSE:
            raise AnalysisError(f"run {folder.run[:SHORT]} is no analysis")
        request = AnalysisRequest.from_json(job.what["request"])
        return analysis_answers.answer(
            folder.run, request, find_analysis(request.analysis).counts, self._results.read(folder)
        )

    def export_analysis(self, run: str) -> FileAnswer:
        """What an analysis knows so far as a CSV file: lane, network, value, index in the value, number.

        Args:
            run: the id of its run, or its first letters
        """
        return analysis_table.csv_file(self.analysis(run))

    def _lanes(
        self,
        row: Analysis,
        networks: Sequence[str],
        trained: Sequence[str],
        seed: int,
        data: str,
        weights: str,
        slots: Sequence[int] | None,
    ) -> list[SubjectRequest]:
        """The lanes in the order of their letters; refused where an analysis cannot look at them."""
        count = len(networks) + len(trained)
        if count > MAX_LANES or (not count and row.needs != "nothing"):
            raise AnalysisError(f"an analysis looks at 1 to {MAX_LANES} lanes, not {count}")
        if weights not in WEIGHTS:
            raise AnalysisError(f"weights are {' or '.join(WEIGHTS)}, not {weights[:40]!r}")
        if networks and row.needs == "trained" and weights != RECORDED:
            raise AnalysisError(f"{row.name} looks at trained networks; name runs, or take recorded weights")
        places = list(range(count)) if slots is None else list(slots)
        if len(places) != count or len(set(places)) != count or not all(0 <= slot < MAX_LANES for slot in places):
            raise AnalysisError(f"slots names a lane of its own, 0 to {MAX_LANES - 1}, for each of {count} networks")
        if networks:
            data, _ = self.runs.jobs.resolve_data(data)
            _require_classes(data)
        named = self._recorded if weights == RECORDED and row.needs not in WITHOUT_WEIGHTS else self._untrained
        lanes = [named(row, line, slot, seed, data) for line, slot in zip(networks, places)]
        lanes += [self._trained(run, slot) for run, slot in zip(trained, places[len(networks) :], strict=True)]
        return sorted(lanes, key=lambda lane: lane.slot)

    def _untrained(self, row: Analysis, line: str, slot: int, seed: int, data: str) -> SubjectRequest:
        planned = row.needs == "plan"
        network = parse_request(line).network if planned else prepare(line, data, "short", seed).network
        budget.check(line, plan(network), 1 if planned else BATCH, limits=self.runs.jobs.limits)
        return SubjectRequest(line, slot, seed=seed, data=data)

    def _recorded(self, row: Analysis, line: str, slot: int, seed: int, data: str) -> SubjectRequest:
        """The lane with the weights that come with the program; they have a seed of their own."""
        network = find_recorded(line, data)
        return SubjectRequest(line, slot, seed=network.seed, data=data, recorded=network.weights)

    def _trained(self, text: str, slot: int) -> SubjectRequest:
        """The lane of RUN or RUN@STEP; the newest step is the one that is the newest now."""
        run, at, step = text.partition("@")
        if at and not step.isdecimal():
            raise AnalysisError(f"a run's weights are named RUN or RUN@STEP, not {text[:40]!r}")
        folder = self.runs.reader.find(run)
        job = require_training(folder.job())
        _require_classes(job.what["data"])
        kept = sorted(int(path.stem) for path in folder.path.glob("checkpoints/*.pt") if path.stem.isdecimal())
        if not kept:
            raise AnalysisError(f"run {folder.run[:SHORT]} has no weights yet; they are kept at its end, or at a stop")
        if int(step or 0) not in (0, *kept):
            raise AnalysisError(f"run {folder.run[:SHORT]} keeps its weights of step {' and '.join(map(str, kept))}")
        experiment = Experiment.from_json(json.dumps(job.what["experiment"])).id
        return SubjectRequest(job.what["line"], slot, folder.run, int(step or 0) or kept[-1], experiment=experiment)


def _require_classes(data: str) -> None:
    """Refuse data that has no class an image; analyses send images of classes through networks."""
    if read_data(data).task != CLASSES:
        raise AnalysisError(f"{read_data(data).name} has points to be found; analyses look at data with classes")
