"""Write the verdicts of a home, the newest of each claim in its short form, to the file that comes with the program.

What was recorded earlier stays where the home has nothing newer, as long as the claim's rules are the same.
"""

import json
import os
from pathlib import Path
from tempfile import mkdtemp

from resnet_explorer.api.claims_report import summary_report
from resnet_explorer.api.runs import Runs
from resnet_explorer.api.studies import Studies
from resnet_explorer.runs.run_folder import resolve_home
from resnet_explorer.studies.recorded_verdicts import VERDICTS, recorded_verdicts
from resnet_explorer.studies.request import SHORT_FORM


def main() -> None:
    """Record them, and say how many there are."""
    home = resolve_home(os.environ.get("RESNET_EXPLORER_HOME", ""))
    recorded = {}
    for claim in Studies(Runs(home)).claims():
        earlier = claim["recorded"]
        if earlier and not earlier["older_rule"]:
            recorded[claim["id"]] = recorded_verdicts()[claim["id"]]
        verdict = claim["verdict"]
        if verdict and verdict["verdict"] and verdict["form"] == SHORT_FORM and not verdict["older_rule"]:
            # its runs stay in the home where they were made
            parts = [{**part, "runs": [[[] for _ in row] for row in part["numbers"]]} for part in verdict["parts"]]
            recorded[claim["id"]] = {**verdict, "parts": parts, "recorded": True, "mine": False}
    VERDICTS.write_text(json.dumps(recorded, indent=1, sort_keys=True, allow_nan=False) + "\n")
    print(f"{len(recorded)} verdicts are written to {VERDICTS.name}; the README's table:\n")
    recorded_verdicts.cache_clear()
    print(summary_report(Studies(Runs(Path(mkdtemp()))).claims()))


if __name__ == "__main__":
    main()
