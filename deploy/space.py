"""Assemble the folder that is pushed to a Hugging Face Space: python -m deploy.space FOLDER."""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
# what the page needs, and nothing of the tests and benchmarks
PARTS = ("app.py", "resnet_explorer", "requirements.txt", "LICENSE", "SECURITY.md", "CITATION.cff", "assets")
UNUSED = shutil.ignore_patterns("__pycache__", "*.pyc", "*.pyi")


def assemble(folder: Path) -> None:
    """Write the folder anew; its README begins with what the Space reads."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=UNUSED)
        else:
            shutil.copy(ROOT / name, folder / name)
    head = [line for line in (ROOT / "deploy" / "space.yml").read_text().splitlines() if not line.startswith("#")]
    readme = "\n".join(("---", *head, "---", "", (ROOT / "README.md").read_text()))
    (folder / "README.md").write_text(readme)


if __name__ == "__main__":
    assemble(Path(sys.argv[1]))
