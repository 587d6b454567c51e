"""The job that answers a question about networks, with the texts that lists of runs show and search."""

from resnet_explorer.analyses.request import AnalysisRequest
from resnet_explorer.runs.commit import program_commit
from resnet_explorer.runs.run_folder import ANALYSE, Job

# of a setting
MOST_LETTERS = 40


def analysis_job(request: AnalysisRequest, owner: str = "", group: str = "") -> Job:
    """The job of a question; the same question has the same run."""
    data = sorted({lane.data for lane in request.lanes if not lane.run})
    what = {
        "analysis": request.analysis,
        "line": ", ".join(lane.line for lane in request.lanes),
        "data": ", ".join(data),
        "recipe": "",
        "settings": {name: str(value)[:MOST_LETTERS] for name, value in request.settings.items()},
        "commit": program_commit(),
        "request": request.to_json(),
    }
    return Job(request.id, ANALYSE, what, owner, group)
