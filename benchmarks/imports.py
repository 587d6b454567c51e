"""Fresh interpreters with bytecode cached, as an installed program has it: imports, and a command from the shell."""

import os
import subprocess
import sys
from functools import partial
from tempfile import TemporaryDirectory

from benchmarks.measure import interleaved, ratios, report, value

VERBS = "import sys, resnet_explorer.api.networks; assert 'torch' not in sys.modules"
COMMAND = ("-m", "resnet_explorer", "describe", "cifar-basic-56")
RUNS = 15


def main() -> None:
    """Measure whole processes."""
    with TemporaryDirectory() as cache:
        run = partial(_run, {**os.environ, "PYTHONPYCACHEPREFIX": cache, "PYTHONDONTWRITEBYTECODE": ""})
        times = interleaved(
            {
                "verbs": partial(run, "-c", VERBS),
                "import torch": partial(run, "-c", "import torch"),
                "an empty program": partial(run, "-c", "pass"),
            },
            runs=RUNS,
            warm=2,
        )
        command = interleaved({"describe": partial(run, *COMMAND)}, runs=RUNS, warm=2)["describe"]
    beyond = [ours - empty for ours, empty in zip(times["verbs"], times["an empty program"], strict=True)]
    values = [
        value("import of the verbs, beyond an empty program", "ms", [1e3 * s for s in beyond], "at most 120"),
        value("describe cifar-basic-56 from the shell", "ms", [1e3 * s for s in command], "at most 250"),
    ]
    report("imports", ratios("import of the verbs", times), values)


def _run(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, env=environment, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
