"""Launching what answers a question: an analysis, or a study. The same question has the same run."""

import threading
from contextlib import suppress

from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import JournalError
from resnet_explorer.runs.analysis_results import ResultsCache
from resnet_explorer.runs.events import LIVE, Queued
from resnet_explorer.runs.run_folder import Job, RunFolder, refuse_unwritable

# two who ask the same at once get one run
LAUNCHING = threading.Lock()


def launch_question(runs: Runs, job: Job, results: ResultsCache, owner: str = "", again: bool = False) -> None:
    """Queue the run of a question, unless it is at work or done; a stopped one begins anew."""
    folder = RunFolder(runs.home / "runs" / job.run)
    with LAUNCHING:
        if not folder.path.is_dir():
            runs.check_owner_limit(1, owner)
            RunFolder.create(runs.home, job)
            runs.quota.launched([job.run], job.owner)
            return
    state = results.read(folder).progress.state
    if state in LIVE or (state == "finished" and not again):
        return
    runs.check_owner_limit(1, owner)
    # somebody else may just have asked the same
    with refuse_unwritable(folder), suppress(JournalError), folder.writer() as events:
        if events.state not in LIVE:
            folder.write_command("run")
            events.append(Queued())
            runs.quota.launched([job.run], job.owner)
