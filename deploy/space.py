"""Assemble the folder that is pushed to a Hugging Face Space: python -m deploy.space FOLDER [--zero-gpu]."""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
# what the page needs, and nothing of the tests and benchmarks
PARTS = ("app.py", "resnet_explorer", "requirements.txt", "LICENSE", "SECURITY.md", "CITATION.cff", "assets")
# ZeroGPU has some versions of torch only, and the package by which a Space is lent a GPU
ZERO_GPU_PINS = {"torch": "torch==2.8.0", "torchvision": "torchvision==0.23.0"}
UNUSED = shutil.ignore_patterns("__pycache__", "*.pyc", "*.pyi")


def assemble(folder: Path, zero_gpu: bool = False) -> None:
    """Write the folder anew; its README begins with what the Space reads. `zero_gpu`: for a Space that is lent GPUs."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=UNUSED)
        else:
            shutil.copy(ROOT / name, folder / name)
    if zero_gpu:
        lines = (ROOT / "requirements.txt").read_text().splitlines()
        pins = [ZERO_GPU_PINS.get(line.partition("==")[0], line) for line in lines]
        (folder / "requirements.txt").write_text("\n".join([*pins, "spaces", ""]))
    head = [line for line in (ROOT / "deploy" / "space.yml").read_text().splitlines() if not line.startswith("#")]
    readme = "\n".join(("---", *head, "---", "", (ROOT / "README.md").read_text()))
    (folder / "README.md").write_text(readme)


if __name__ == "__main__":
    assemble(Path(sys.argv[1]), "--zero-gpu" in sys.argv[2:])
