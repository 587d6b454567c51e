"""The verbs about gradient flow, from networks in words to JSON."""

import json
import subprocess
import sys

import pytest

from resnet_explorer.api import gradients
from resnet_explorer.cli.main import main
from resnet_explorer.errors import BudgetError, ExplorerError, NetworkError
from resnet_explorer.gradients.metrics import SOURCES

NETS = ["cifar-basic-20;image=16", "cifar-basic-20:plain;image=16"]


def test_a_lane_has_a_letter_a_value_for_every_unit_and_its_conditions() -> None:
    answer = gradients.probe(NETS, seeds=2, batch=2)
    assert [lane["lane"] for lane in answer["lanes"]] == ["A", "B"]
    for lane in answer["lanes"]:
        assert [(unit["stage"], unit["unit"]) for unit in lane["units"][:2]] == [(0, 0), (1, 1)]
        assert len(lane["units"]) == 10
        assert (lane["metric"], lane["batch"], lane["seeds"], lane["complete"]) == ("gradient", 2, 2, True)
    json.dumps(answer, allow_nan=False)


def test_both_ways_of_the_gradient_come_where_they_are_asked_for() -> None:
    shortcut, plain = gradients.probe(NETS, seeds=2, batch=2, paths=True)["lanes"]
    assert [(unit["stage"], unit["unit"]) for unit in shortcut["paths"][:4]] == [(1, 1), (1, 2), (1, 3), (2, 1)]
    assert len(shortcut["paths"]) == len(plain["paths"]) == 9
    for unit in shortcut["paths"]:
        for way in (unit["identity"], unit["branch"]):
            assert way is not None
            low, mean, high = way["low"], way["mean"], way["high"]
            assert low is not None
            assert mean is not None
            assert high is not None
            assert 0 < low < mean < high
    assert all(unit["identity"] is None for unit in plain["paths"])
    # all that reaches the input of a plain unit has passed the branch
    assert [unit["branch"]["mean"] for unit in plain["paths"]] == [unit["mean"] for unit in plain["units"][:-1]]
    assert gradients.probe(NETS, seeds=2, batch=2)["lanes"][0]["paths"] == []


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_gives_a_batch_of_any_size_of_image(source: str) -> None:
    (lane,) = gradients.probe(NETS[:1], source=source, seeds=1, batch=4)["lanes"]
    assert (lane["source"], lane["finite"]) == (source, True)


def test_the_ratio_is_first_over_last() -> None:
    (lane,) = gradients.probe(NETS[:1], seeds=1, batch=2)["lanes"]
    first, last = lane["units"][0]["mean"], lane["units"][-1]["mean"]
    assert first is not None
    assert last is not None
    assert lane["ratio"] == pytest.approx(first / last)


def test_pieces_come_lane_by_lane_and_end_as_the_whole() -> None:
    pieces = list(gradients.probing(NETS, seeds=2, batch=2))
    assert [(piece["lane"], piece["seeds"], piece["complete"]) for piece in pieces] == [
        ("A", 1, False), ("B", 1, False), ("A", 2, True), ("B", 2, True)
    ]  # fmt: skip
    assert pieces[2:] == gradients.probe(NETS, seeds=2, batch=2)["lanes"]


def test_closing_stops() -> None:
    pieces = gradients.probing(NETS, batch=2)
    next(pieces)
    pieces.close()
    assert list(pieces) == []


def test_an_overflow_becomes_null_and_a_sentence() -> None:
    (lane,) = gradients.probe(["cifar-basic-1202:plain;width=1/4;image=8"], seeds=1, batch=2)["lanes"]
    assert (lane["finite"], lane["ratio"], lane["units"][0]["mean"]) == (False, None, None)
    assert lane["seen"][0]["kind"] == "overflow"
    json.dumps(lane, allow_nan=False)


def test_theory_stands_on_the_measured_scale() -> None:
    (lane,) = gradients.probe(["cifar-basic-20:full-preactivation"], seeds=1, batch=2)["lanes"]
    assert lane["theory"] is not None
    assert lane["theory"]["values"][-1] == pytest.approx(lane["units"][-1]["mean"])
    assert len(lane["theory"]["values"]) == len(lane["units"])


@pytest.mark.parametrize(
    ("text", "caption"),
    [
        ("cifar-basic-20", "identity; at the 2 changes of shape: pad"),
        ("cifar-basic-20:plain", "no shortcut"),
        (
            "cifar-basic-20:full-preactivation",
            "identity; at the 2 changes of shape: pad, bn relu shared with the branch",
        ),
        ("cifar-basic-20:full-preactivation;share=off", "identity; at the 2 changes of shape: pad, not activated"),
        ("cifar-basic-20;skip=scale(0.5);depths=3;widths=16;strides=1", "scale(0.5)"),
    ],
)
def test_the_caption_says_which_shortcut_is_shown(text: str, caption: str) -> None:
    assert gradients.probe([text], metric="second-moment", seeds=1, batch=2)["lanes"][0]["shortcut"] == caption


def test_what_is_too_large_is_refused_before_anything_is_built() -> None:
    with pytest.raises(BudgetError, match=r"cifar-basic-1202 needs .* at batch 1000; the limit is 16 GB"):
        gradients.probing(["cifar-basic-1202"], batch=1000)


@pytest.mark.parametrize("networks", [[], ["cifar-basic-20"] * 13])
def test_a_probe_of_no_or_too_many_networks_is_refused(networks: list[str]) -> None:
    with pytest.raises(NetworkError, match="a probe takes 1 to 12 networks, not"):
        gradients.probe(networks)


def test_an_unknown_metric_is_refused_at_once() -> None:
    with pytest.raises(ExplorerError, match="unknown metric 'gradients'; did you mean 'gradient'"):
        gradients.probing(NETS, metric="gradients")


def test_the_cliff_is_filled_from_the_shallow_side() -> None:
    steps = list(gradients.cliff(NETS, depths=[32, 20, 22], batch=2))
    assert [(step["lane"], step["depth"]) for step in steps] == [("A", 20), ("B", 20), ("A", 32), ("B", 32)]
    assert all(step["ratio"] for step in steps)


def test_a_depth_beyond_the_limit_is_a_step_with_a_reason() -> None:
    small, large = gradients.cliff(NETS[:1], depths=[20, 20000], batch=2, limit="1GB")
    assert (small["refused"], large["ratio"]) == ("", None)
    assert "the limit is 1 GB" in large["refused"]


def test_the_command_line_answers_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["probe", *NETS, "--seeds", "1", "--batch", "2", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {"units", "ratio", "metric", "batch", "seeds"} <= answer["lanes"][0].keys()


def test_the_command_line_answers_in_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["probe", *NETS, "--seeds", "1", "--batch", "2", "--no-batch-norm"]) == 0
    out = capsys.readouterr().out
    assert "batch normalisation left out" in out
    assert "first/last" in out
    assert out.count("in lane") == 2


def test_the_command_line_shows_both_ways_at_both_ends_of_a_stage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["probe", *NETS, "--seeds", "1", "--batch", "2", "--paths"]) == 0
    lines = capsys.readouterr().out.splitlines()
    table = lines[lines.index(next(line for line in lines if "through the branch" in line)) + 2 :]
    assert [line.split()[:3] for line in table[:6]] == [["A", stage, unit] for stage in "123" for unit in "13"]
    assert "no shortcut" in table[6]


def test_a_wrong_word_is_one_sentence_and_exit_code_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["probe", *NETS, "--init", "zero-gama"]) == 2
    assert capsys.readouterr().err == "unknown init 'zero-gama'; did you mean 'zero-gamma'?\n"


def test_what_torch_refuses_is_one_sentence_and_exit_code_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["probe", "cifar-basic-8;image=1", "--batch", "1", "--seeds", "1"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("cifar-basic-8;image=1 cannot be probed: Expected more than 1 value per channel")
    assert error.count("\n") == 1


def test_the_verbs_do_not_load_torch() -> None:
    subprocess.run(
        [sys.executable, "-c", "import resnet_explorer.api.gradients, sys; assert 'torch' not in sys.modules"],
        check=True,
    )
