"""The package from outside: its commands, and how it is made and described."""

import subprocess
import sys

import pytest

from resnet_explorer.__main__ import main
from tests.fixtures.paths import ROOT


def loaded_by(*arguments: str) -> set[str]:
    """The libraries that one command loads, in a process of its own."""
    code = f"""
import sys
sys.argv[1:] = {list(arguments)}
from resnet_explorer.__main__ import main
main()
print("loaded", *{{name.split(".")[0] for name in sys.modules}})
"""
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(ended.stdout.splitlines()[-1].split())


def test_the_help_lists_the_page_beside_the_verbs(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert {"serve", "describe", "train"} <= set(capsys.readouterr().out.split())


def test_a_port_that_is_no_number_is_refused_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "here"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_verb_does_not_wait_for_the_page() -> None:
    assert loaded_by("describe", "cifar-basic-8").isdisjoint({"torch", "gradio", "plotly", "sqlite3", "starlette"})
