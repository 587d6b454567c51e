"""The verbs about runs on the command line, as a person would use them: real worker processes, real files."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from resnet_explorer.api.runs import Runs
from resnet_explorer.cli.main import main
from resnet_explorer.runs.run_folder import resolve_home, run_folders
from tests.fixtures.runs import until

TINY = ("--set", "size=8", "--set", "batch=8", "--set", "subset=64", "--set", "test=32", "--set", "steps=8")
NET = "cifar-basic-8"


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One home for the module, so that the first test's runs can be looked at by the others."""
    home = tmp_path_factory.getbasetemp() / "runs-on-the-command-line"
    monkeypatch.setenv("RESNET_EXPLORER_HOME", str(home))
    return home


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two networks with two seeds each, trained once; what was printed."""
    training = run_command("train", f"{NET}:original", f"{NET}:plain", "--seeds", "0,1", *TINY, folder=tmp_path_factory)
    return training.stdout


def run_command(*words: str, folder: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    home = folder.getbasetemp() / "runs-on-the-command-line"
    command = [sys.executable, "-m", "resnet_explorer", *words]
    environment = {**os.environ, "RESNET_EXPLORER_HOME": str(home)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(list(words)) == 0
    return capsys.readouterr().out


def first_run() -> str:
    return min(folder.run for folder in run_folders(resolve_home(os.environ["RESNET_EXPLORER_HOME"])))


def test_training_ends_with_a_table_of_means_and_spreads(trained: str) -> None:
    header, _, *rows = trained.splitlines()
    assert "lowest to highest" in header
    assert [row.split()[0] for row in rows[:2]] == [f"{NET}:original", f"{NET}:plain"]
    assert all("0, 1" in row and " to " in row and "finished" in row for row in rows[:2])
    assert rows[-1] == "These are differences in early optimisation speed, not in final accuracy."


def test_runs_are_listed(trained: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "runs", "--state", "finished", "--text", "plain").count("8 of 8") == 2
    assert printed(capsys, "runs", "--text", "no such thing") == "there are no such runs\n"
    assert len(json.loads(printed(capsys, "runs", "--json"))["runs"]) == 4


def test_a_run_is_shown_with_its_curve(trained: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "show", first_run()[:8])
    assert "loss against steps" in text
    assert f"train {NET}:" in text


def test_curves_come_as_a_table_and_as_json(trained: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(printed(capsys, "curves", first_run()).splitlines()) == 2 + 8 + 1
    curves = json.loads(printed(capsys, "curves", first_run(), "--since", "5", "--json"))
    assert curves["steps"]["step"][-1] == 8
    assert len(curves["steps"]["step"]) < 8


def test_a_card_from_the_command_line_launches_the_run_again(
    trained: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card = tmp_path / "run.card.json"
    card.write_text(printed(capsys, "export-run", first_run()))
    runs = json.loads(printed(capsys, "import-run", str(card), "--json"))
    assert runs[0]["experiment"] == json.loads(card.read_text())["id"]
    text = printed(capsys, "remove", runs[0]["short"])
    assert text == f"run {runs[0]['short']} is removed\n"


def test_all_runs_are_stopped_and_go_on_with_one_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RESNET_EXPLORER_HOME", str(tmp_path))
    assert printed(capsys, "resume", "--all") == "there are no runs that can be resumed\n"
    settings = dict(setting.split("=") for setting in TINY[1::2])
    launched = Runs(tmp_path).train([f"{NET}:original", f"{NET}:plain"], settings=settings)["runs"]
    printed(capsys, "runs")
    assert printed(capsys, "stop", "--all") == "2 runs stop after the step they are in\n"
    runs = json.loads(printed(capsys, "resume", "--all", "--json"))
    assert [(run["run"], run["state"]) for run in runs] == [(run["run"], "finished") for run in launched]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("train", "required"),
        ("stop", "required"),
        ("resume zzzzzz --all", "not allowed"),
        ("train cifar-basic-9", "9"),
        ("train cifar-basic-8 --seeds a", "--seeds are whole numbers"),
        ("train cifar-basic-8 --set lr", "FIELD=VALUE"),
        ("train cifar-basic-8 --set lrr=1", "did you mean 'lr'"),
        ("train cifar-basic-8 --data nothing", "unknown data set"),
        ("train cifar-basic-8 --recipe best", "unknown recipe"),
        ("train cifar-basic-8 --data imagefolder:/no/such", "such"),
        ("runs --state sleeping", "unknown state"),
        ("runs --limit 0", "limit is 1"),
        ("show zzzzzz", "there is no run"),
        ("show ../..", "a run is named by"),
        ("stop zzzzzz", "there is no run"),
        ("resume zzzzzz", "there is no run"),
        ("curves zzzzzz", "there is no run"),
        ("export-run zzzzzz", "there is no run"),
        ("import-run /no/such/card", "No such file"),
    ],
)
def test_bad_input_gets_one_sentence(line: str, reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(line.split()) == 2
    sentence = capsys.readouterr().err
    assert reason in sentence
    assert len(sentence.splitlines()) == 1


@pytest.mark.parametrize("form", ["tensorboard", "trackio"])
def test_an_extra_that_is_not_there_is_named(
    form: str, trained: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, form, None)
    assert main(["export-run", first_run(), "--form", form]) == 2
    assert "pip install -r requirements-trackers.txt" in capsys.readouterr().err


def test_tensorboard_reads_what_is_written_for_it(
    trained: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    accumulator_module = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    folder = printed(capsys, "export-run", first_run(), "--form", "tensorboard", "--output", str(tmp_path)).split()[-1]
    accumulator = accumulator_module.EventAccumulator(folder).Reload()
    assert [event.step for event in accumulator.Scalars("train/loss")] == list(range(1, 9))


def test_ctrl_c_keeps_what_was_measured_and_says_how_to_go_on(tmp_path: Path) -> None:
    settings = [*TINY[:-1], "steps=4000"]
    command = [sys.executable, "-m", "resnet_explorer", "train", NET, *settings, "--set", "evaluate=5"]
    environment = {**os.environ, "RESNET_EXPLORER_HOME": str(tmp_path)}
    # whoever runs the tests in the background may have let go of Ctrl-C
    listen = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(
        command, env=environment, stdout=-1, stderr=-1, text=True, start_new_session=True, preexec_fn=listen
    ) as training:
        assert training.stderr is not None
        next(line for line in training.stderr if "test accuracy" in line)
        os.killpg(training.pid, signal.SIGINT)
        output = training.communicate(timeout=20)[0]
    assert "interrupted" in output
    assert "python -m resnet_explorer resume " in output


def test_a_command_line_takes_over_from_a_page_that_is_killed(tmp_path: Path) -> None:
    with owner_of(tmp_path) as page:
        command = [sys.executable, "-m", "resnet_explorer", "train", NET, *TINY, "--json"]
        environment = {**os.environ, "RESNET_EXPLORER_HOME": str(tmp_path)}
        with subprocess.Popen(command, env=environment, stdout=-1, stderr=-1, text=True) as training:
            until(lambda: list(run_folders(tmp_path)))
            page.kill()
            output = training.communicate(timeout=60)[0]
    assert [run["state"] for run in json.loads(output)] == ["finished"]


@contextmanager
def owner_of(home: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that holds a home as a page does, and trains nothing."""
    code = (
        "import sys, time; from pathlib import Path; from resnet_explorer.executors.lock import HomeLock;"
        "HomeLock(Path(sys.argv[1]), 'page').acquire(); print('taken', flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(home)], stdout=-1, text=True) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        yield holder
        holder.kill()
