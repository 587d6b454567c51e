"""Write the verdicts of a home, the newest of each claim in its short form, to the file that comes with the program."""

import json
import os

from resnet_explorer.api.runs import Runs
from resnet_explorer.api.studies import Studies
from resnet_explorer.runs.run_folder import resolve_home
from resnet_explorer.studies.recorded_verdicts import VERDICTS
from resnet_explorer.studies.request import SHORT_FORM


def main() -> None:
    """Record them, and say how many there are."""
    home = resolve_home(os.environ.get("RESNET_EXPLORER_HOME", ""))
    recorded = {}
    for claim in Studies(Runs(home)).claims():
        verdict = claim["verdict"]
        if verdict and verdict["verdict"] and verdict["form"] == SHORT_FORM and not verdict["older_rule"]:
            # its runs stay in the home where they were made
            parts = [{**part, "runs": []} for part in verdict["parts"]]
            recorded[claim["id"]] = {**verdict, "parts": parts, "recorded": True, "mine": False}
    VERDICTS.write_text(json.dumps(recorded, indent=1, sort_keys=True, allow_nan=False) + "\n")
    print(f"{len(recorded)} verdicts are written to {VERDICTS.name}")


if __name__ == "__main__":
    main()
