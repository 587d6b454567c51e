"""What a job does, by the dotted name of a generator function, which is entered when a worker has it in hand."""

import json
from collections.abc import Callable, Generator, Mapping

from resnet_explorer.analyses.catalog import find_analysis
from resnet_explorer.analyses.request import AnalysisRequest
from resnet_explorer.executors.base import StopRequest, drain, home_of
from resnet_explorer.executors.dotted_name import resolve
from resnet_explorer.runs.datasets import require_known
from resnet_explorer.runs.events import Event, Noted
from resnet_explorer.runs.experiment import Experiment
from resnet_explorer.runs.processes import GPUS, PROCESSES
from resnet_explorer.runs.run_folder import ANALYSE, JUDGE, PROBE, SWEEP, TOURNAMENT, TRAIN, Job, RunFolder

Work = Callable[[Job, RunFolder, str, int], Generator[Event | None]]
KINDS: Mapping[str, str] = {
    TRAIN: "resnet_explorer.executors.jobs:train",
    ANALYSE: "resnet_explorer.executors.jobs:analyse",
    JUDGE: "resnet_explorer.executors.jobs:judge",
    SWEEP: "resnet_explorer.executors.jobs:sweep",
    PROBE: "resnet_explorer.executors.jobs:probe",
    TOURNAMENT: "resnet_explorer.executors.jobs:tournament",
}


def run(
    folder: RunFolder, attempt: int, kinds: Mapping[str, str], device: str, threads: int, stop: StopRequest
) -> None:
    """Work on one attempt of a run, unless another attempt has begun meanwhile; the journal holds what happens."""
    with folder.writer() as writer:
        if (writer.state, writer.attempt) == ("queued", attempt):
            drain(folder, _events(folder, kinds, device, threads), writer, stop)


def train(job: Job, folder: RunFolder, device: str, threads: int) -> Generator[Event]:
    """Train an experiment; what its launch had to remark comes first."""
    if note := job.what.get("note"):
        yield Noted(note)
    experiment = Experiment.from_json(json.dumps(job.what["experiment"]))
    place = experiment, folder.path, home_of(folder)
    devices = device.split(",")
    if GPUS in job.what:
        on_gpus = resolve("resnet_explorer.training.parallel.train:train_on_gpus")
        yield from on_gpus(*place, job.what[GPUS], devices, threads)
    elif PROCESSES in job.what:
        in_processes = resolve("resnet_explorer.training.parallel.train:train_in_processes")
        yield from in_processes(*place, ["cpu"] * job.what[PROCESSES])
    else:
        yield from resolve("resnet_explorer.training.loop:train")(*place, device, threads)


def analyse(job: Job, folder: RunFolder, device: str, threads: int) -> Generator[Event]:
    """Answer a question about networks."""
    request = AnalysisRequest.from_json(job.what["request"])
    module = find_analysis(request.analysis).module
    methods = resolve(f"{module}:measure"), resolve(f"{module}_findings:findings")
    run_analysis = resolve("resnet_explorer.analyses.runner:analyse")
    yield from run_analysis(request, *methods, home_of(folder), device, threads)


def judge(job: Job, folder: RunFolder, _device: str, slots: int) -> Generator[Event | None]:
    """Judge a claim, with as many runs at once as there are slots."""
    yield from resolve("resnet_explorer.studies.runner:judge")(job, home_of(folder), slots)


def sweep(job: Job, folder: RunFolder, _device: str, slots: int) -> Generator[Event | None]:
    """Have every run of a sweep trained, as many at once as there are slots."""
    yield from resolve("resnet_explorer.studies.sweep_runner:sweep")(job, home_of(folder), slots)


def probe(job: Job, folder: RunFolder, device: str, threads: int) -> Generator[Event]:
    """Probe every entry of an atlas at its initial weights."""
    yield from resolve("resnet_explorer.analyses.atlas_probe:probe")(job, folder, home_of(folder), device, threads)


def tournament(job: Job, folder: RunFolder, _device: str, slots: int) -> Generator[Event | None]:
    """Have the entries of an atlas trained in rounds, as many at once as there are slots."""
    yield from resolve("resnet_explorer.studies.tournament_runner:tournament")(job, home_of(folder), slots)


def _events(folder: RunFolder, kinds: Mapping[str, str], device: str, threads: int) -> Generator[Event | None]:
    # inside the generator, so that a job that cannot be read fails as any other
    job = folder.job()
    require_known("kind of job", job.kind, kinds)
    work: Work = resolve(kinds[job.kind])
    yield from work(job, folder, device, threads)
