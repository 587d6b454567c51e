"""Every benchmark in turn: each prints ratios from one interleaved run, and writes them to `results/`."""

from importlib import import_module
from pathlib import Path

NOT_BENCHMARKS = (
    "__init__",
    "__main__",
    "gradio_app",
    "measure",
    "first_picture",
    "record",
    "record_depths",
    "record_networks",
)

for path in sorted(Path(__file__).parent.glob("*.py")):
    # those of a GPU have a call of their own
    if path.stem not in NOT_BENCHMARKS and not path.stem.startswith("gpu"):
        print(f"\n{path.stem}", flush=True)
        import_module(f"benchmarks.{path.stem}").main()
