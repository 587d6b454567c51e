"""A fresh interpreter that imports the verbs, against one that imports torch, and one that imports nothing."""

import subprocess
import sys
from functools import partial
from statistics import median

from benchmarks.measure import interleaved, ratios, report


def main() -> None:
    """Measure whole processes."""
    times = interleaved(
        {
            "verbs": partial(_run, "import sys, resnet_explorer.api.networks; assert 'torch' not in sys.modules"),
            "import torch": partial(_run, "import torch"),
            "an empty program": partial(_run, "pass"),
        },
        runs=7,
    )
    alone = median(times["verbs"]) - median(times["an empty program"])
    print(f"import of the verbs takes {alone * 1e3:.0f} ms beyond the interpreter's own start; goal 150 ms")
    report("imports", ratios("import of the verbs", times))


def _run(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True)


if __name__ == "__main__":
    main()
