"""How many processes train a run together: a matter of how it is carried out, so of its job and not its experiment."""

from resnet_explorer.runs.run_folder import Job

# the arguments of a job that name the number: on as many GPUs, or on as many cores
GPUS, PROCESSES = "gpus", "processes"


def processes_of(job: Job) -> int:
    """The processes of a run, with a GPU or a core each, so the slots that it takes."""
    counts = [job.what.get(name, 1) for name in (GPUS, PROCESSES)]
    return max(1, *(count for count in counts if isinstance(count, int)))
