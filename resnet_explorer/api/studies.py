"""The verbs about claims: which there are with their verdicts, judge some. A study is a run as any other.

The same study in the same form has the same run, so that nothing is trained twice; `runs` stops, resumes and
removes it.
"""

from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter
from pathlib import Path

from resnet_explorer.api.question_launch import launch_question
from resnet_explorer.api.run_rows import hash_owner
from resnet_explorer.api.runs import Runs
from resnet_explorer.api.study_answers import ClaimAnswer, VerdictAnswer, claim_answer, verdict_answer
from resnet_explorer.errors import ExplorerError, StudyError
from resnet_explorer.networks.plan import plan
from resnet_explorer.runs.analysis_results import ResultsCache
from resnet_explorer.runs.datasets import CLASSES, DATA_SETS, FOLDERS, read_data, require_known
from resnet_explorer.runs.experiment import Experiment
from resnet_explorer.runs.run_folder import JUDGE, SHORT, Job, RunFolder, find_run
from resnet_explorer.studies.catalog import STUDIES, find_study
from resnet_explorer.studies.measuring import trainings
from resnet_explorer.studies.recorded_verdicts import recorded_verdicts
from resnet_explorer.studies.request import FORMS, SHORT_FORM, StudyRequest, study_job
from resnet_explorer.studies.rules import LOOKS
from resnet_explorer.studies.statistics import holm
from resnet_explorer.studies.study import FIRST_SEED, Form, Study

MOST_SEEDS = 20
JUDGED_ON = [name for name, row in DATA_SETS.items() if row.task == CLASSES and name not in FOLDERS]
# a study's runs that are listed to find its newest verdict
MOST_LISTED = 1000
# of a lane of an analysis, in multiply-adds of training, for the order of studies alone
ANALYSIS_WORK = 1e10


class Studies:
    """Judges claims in one home, and reads the verdicts there and those that came with the program."""

    def __init__(self, runs: Runs) -> None:
        self.runs = runs
        self._results = ResultsCache()

    def claims(self, owner: str = "") -> list[ClaimAnswer]:
        """List the claims of the papers: what is measured, by which rule, and what came out here or was recorded.

        Args:
            owner: marks the verdicts of this owner as yours
        """
        newest = self._newest_verdicts(owner)
        return _corrected([self._claim(study, newest) for study in STUDIES])

    def claim(self, claim: str, owner: str = "") -> ClaimAnswer:
        """One claim with its newest verdict.

        Args:
            claim: an id that `claims` gives, such as degradation
            owner: marks the verdict as yours if it is
        """
        find_study(claim)
        # from the list, as the correction is for all that was judged
        return next(answer for answer in self.claims(owner) if answer["id"] == claim)

    def judge(
        self,
        claims: list[str],
        form: str = SHORT_FORM,
        seeds: int = 0,
        first_seed: int = FIRST_SEED,
        data: str = "",
        owner: str = "",
        again: bool = False,
    ) -> list[VerdictAnswer]:
        """Judge claims here; answers at once with what is known, and `verdict` tells how each goes on.

        Args:
            claims: ids that `claims` gives, such as ["degradation", "cure"]; they start in this order
            form: short (two cores, a few minutes each) or full (a GPU, hours)
            seeds: the most that a verdict is looked for after, 3, 5 or 8 where intervals decide; 0: what the form says
            first_seed: others than 100 repeat it with new seeds
            data: what runs train on where a claim leaves it open; empty: cifar10 where it was fetched, else shapes
            owner: a text of your own that marks the runs as yours
            again: judge once more even if it is done; what it trained is taken as it is there
        """
        data = data or default_data(self.runs.home)
        requests = [self._request(find_study(claim), form, seeds, first_seed, data) for claim in dict.fromkeys(claims)]
        if not requests:
            raise StudyError(f"judge takes ids of claims, such as {STUDIES[0].id}")
        for request in requests:
            launch_question(self.runs, study_job(request, hash_owner(owner)), self._results, owner, again)
        return [self.verdict(request.id, owner) for request in requests]

    def verdict(self, run: str, owner: str = "") -> VerdictAnswer:
        """What the run of a study knows so far.

        Args:
            run: the id of its run, or its first letters
            owner: marks it as yours if it is
        """
        folder = find_run(self.runs.home, run)
        return self._answer(folder, _require_study(folder.job()), owner)

    def cheapest_first(self, form: str = SHORT_FORM) -> list[str]:
        """The claims that have a form, in an order in which the cheap ones are done first; not a verb."""
        work = {study.id: _work(study, form) for study in STUDIES if _has_form(study, form)}
        return sorted(work, key=lambda name: work[name])

    def _claim(self, study: Study, newest: dict[str, VerdictAnswer]) -> ClaimAnswer:
        recorded = recorded_verdicts().get(study.id)
        expected = {form: self._expected_seconds(study, form) for form in FORMS}
        return claim_answer(study, newest.get(study.id), recorded, expected)

    def _expected_seconds(self, study: Study, form: str) -> float | None:
        """What earlier runs here say that the trainings of a form take."""
        if not _has_form(study, form):
            return None
        experiments = _experiments(study.id, form)
        estimate = self.runs.reader.estimate(experiments, 1) if experiments else None
        return estimate.seconds if estimate else None

    def _request(self, study: Study, form: str, seeds: int, first_seed: int, data: str) -> StudyRequest:
        require_known("form", form, FORMS)
        if not _has_form(study, form):
            raise StudyError(f"{study.id} has no {form} form; {study.parts[0].form(form)}")
        if seeds and not 1 <= seeds <= MOST_SEEDS:
            raise StudyError(f"seeds are 1 to {MOST_SEEDS} (intervals are looked at after {LOOKS}), not {seeds}")
        if not 0 <= first_seed < 2**31 - MOST_SEEDS:
            raise StudyError(f"first_seed is a whole number from 0 to 2,147,483,627, not {first_seed}")
        if read_data(data).name not in JUDGED_ON:
            raise StudyError(f"claims are judged on {', '.join(JUDGED_ON)}, not on {data[:40]}")
        rules = tuple(part.hash for part in study.parts)
        return StudyRequest(study.id, form, rules, seeds, first_seed, data)

    def _newest_verdicts(self, owner: str) -> dict[str, VerdictAnswer]:
        """Of each study the newest run that is under its rules now, else the newest."""
        newest: dict[str, VerdictAnswer] = {}
        answers = [answer for folder in self._folders() if (answer := self._readable(folder, owner))]
        for answer in sorted(answers, key=itemgetter("date")):
            known = newest.get(answer["study"])
            if known is None or known["older_rule"] >= answer["older_rule"]:
                newest[answer["study"]] = answer
        return newest

    def _folders(self) -> Sequence[RunFolder]:
        listed = self.runs.reader.runs(limit=MOST_LISTED, kind=JUDGE)["runs"]
        return [RunFolder(self.runs.home / "runs" / run["run"]) for run in listed]

    def _readable(self, folder: RunFolder, owner: str) -> VerdictAnswer | None:
        """The verdict of a run, or None where it was removed meanwhile or its study is no more."""
        try:
            return self._answer(folder, folder.job(), owner)
        except (ExplorerError, FileNotFoundError):
            return None

    def _answer(self, folder: RunFolder, job: Job, owner: str) -> VerdictAnswer:
        mine = bool(owner) and job.owner == hash_owner(owner)
        return verdict_answer(job, find_study(job.what["study"]), self._results.read(folder), mine)


def _require_study(job: Job) -> Job:
    if job.kind != JUDGE:
        raise StudyError(f"run {job.run[:SHORT]} judges no claim")
    return job


def _has_form(study: Study, form: str) -> bool:
    return any(isinstance(part.form(form), Form) for part in study.parts)


@lru_cache(64)
def _experiments(claim: str, form: str) -> tuple[Experiment, ...]:
    """All that a form trains if it needs its most seeds, each once for every seed."""
    parts = [each for part in find_study(claim).parts if isinstance(each := part.form(form), Form)]
    seeds: dict[str, tuple[Experiment, int]] = {}
    for part in parts:
        for experiment in trainings(part, "shapes"):
            known = seeds.get(experiment.id, (experiment, 0))[1]
            seeds[experiment.id] = experiment, max(known, part.seeds)
    return tuple(experiment for experiment, count in seeds.values() for _ in range(count))


def _work(study: Study, form: str) -> float:
    """Multiply-adds of all trainings of a form, and a little for each analysis."""
    parts = [each for part in study.parts if isinstance(each := part.form(form), Form)]
    recipes = [(plan(each.network).macs, each.recipe) for each in _experiments(study.id, form)]
    trained = sum(macs * recipe.batch * recipe.steps for macs, recipe in recipes)
    return float(trained) + ANALYSIS_WORK * sum(part.seeds * len(part.lanes) for part in parts)


def default_data(home: Path) -> str:
    """What claims are judged on unless it is said: CIFAR-10 where it was fetched, else drawn shapes."""
    return "cifar10" if (home / "downloads" / "cifar10").is_dir() else "shapes"


def _corrected(answers: list[ClaimAnswer]) -> list[ClaimAnswer]:
    """The answers, with the p values of all parts that were judged corrected for their number."""
    judged = [
        part for answer in answers for part in (answer["verdict"] or answer["recorded"] or {"parts": []})["parts"]
    ]
    tested = [part for part in judged if isinstance(part["p"], int | float)]
    for part, p in zip(tested, holm([float(part["p"] or 0) for part in tested]), strict=True):
        part["holm"] = p
    return answers
