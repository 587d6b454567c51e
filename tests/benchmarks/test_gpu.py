"""The benchmark of a GPU, walked on a processor: every part has its rows, and the loops it compares train alike."""

import json
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from benchmarks import gpu_epoch, gpu_floor, gpu_levers, gpu_many, gpu_same, gpu_target
from benchmarks.gpu import Part, measure, parts
from benchmarks.gpu_loops import Airbench, ByHand, Everyday, Ours, Resident
from benchmarks.gpu_many import Stacked
from benchmarks.gpu_turns import SMALL, Clock, Figure, Rows, Size, experiment, state, taken
from benchmarks.measure import Ratio
from resnet_explorer.networks.plan import plan
from resnet_explorer.runs.events import Evaluated
from resnet_explorer.training.state import build_network
from tests.fixtures.paths import ROOT

LONG = 600.0
ONCE = replace(SMALL, rounds=1)
LOOPS = {"ByHand": ByHand, "Resident": Resident, "Airbench": Airbench, "Everyday": Everyday}
needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")


def rows(results: Rows) -> list[str]:
    return [row.what + (f" / {row.against}" if isinstance(row, Ratio) else "") for row in results]


def alike(size: Size) -> None:
    apart, beside = ([Ours(state(experiment("8", size, seed=seed), size)) for seed in range(3)] for _ in range(2))
    gpu_many.Streams(beside, size).candidate()
    for run in apart:
        run(beside[0].trainer.step)
    weights = [
        [sum(one.sum().item() for one in run.trainer.net.parameters()) for run in runs] for runs in (apart, beside)
    ]
    assert weights[0] == pytest.approx(weights[1], rel=1e-2)


def breaks(size: Size, clock: Clock) -> Rows:
    yield Figure("before", 1, "")
    raise RuntimeError("no such kernel")


def works(size: Size, clock: Clock) -> Rows:
    yield Figure("after", 2, "")


TWO = {"breaks": Part(breaks, 1), "works": Part(works, 1)}


@pytest.mark.parametrize("name", LOOPS)
def test_every_loop_that_is_compared_takes_a_turn(name: str) -> None:
    assert LOOPS[name](experiment("8", ONCE), ONCE).candidate() > 0


def test_an_epoch_is_told_against_each_of_the_four_loops_and_the_floor() -> None:
    lines = rows(gpu_epoch.part(8, ONCE, Clock(LONG)))
    assert {row.partition(" / ")[2] for row in lines[:4]} == set(gpu_epoch.GOALS)
    assert "byte floor" in lines[4]


def test_statistics_are_told_at_both_paces() -> None:
    assert len(rows(gpu_epoch.statistics(ONCE, Clock(LONG)))) == 2


def test_seeds_are_told_in_three_ways() -> None:
    lines = rows(gpu_many.seeds(ONCE, Clock(LONG)))
    assert [way for row, way in zip(lines, ("streams", "vmap", "in a row"), strict=True) if way not in row] == []


def test_orderings_run_on_streams_and_as_processes() -> None:
    lines = rows(gpu_many.orderings(ONCE, Clock(LONG)))
    assert [way for row, way in zip(lines, ("streams", "process"), strict=True) if way not in row] == []


def test_levers_are_told_against_ours_as_it_is() -> None:
    assert len(rows(gpu_levers.part(ONCE, Clock(LONG)))) == 6


def test_the_time_of_a_step_is_told_by_kernel() -> None:
    whole, *each = gpu_levers.kernels(ONCE, Clock(LONG))
    assert isinstance(whole, Figure)
    assert 0 < sum(row.value for row in each if isinstance(row, Figure)) <= whole.value * 1.001


def test_a_graph_is_held_to_eager_and_to_a_resumed_one_at_both_precisions() -> None:
    results = list(gpu_same.part(SMALL, Clock(LONG)))
    assert len(results) == 2 * len(gpu_same.MOST)
    assert [row.value for row in results if isinstance(row, Figure)] == [0, 0, 0, 0]


def test_two_runs_that_differ_are_found_out() -> None:
    figure = gpu_same._figure("this", {0: 1.0, 1: 2.0}, {0: 1.0, 1: 1.6}, 1e-3)
    assert figure.value == pytest.approx(0.25)


def test_stacked_seeds_have_the_losses_and_the_statistics_of_each_alone() -> None:
    wanted = [experiment("8", SMALL, seed=seed) for seed in range(SMALL.seeds)]
    stacked = Stacked(wanted, SMALL)
    nets = [build_network(one, SMALL.place) for one in wanted]
    with torch.autocast("cpu", torch.bfloat16):
        alone = [F.cross_entropy(net(x).float(), y) for net, x, y in zip(nets, stacked.x, stacked.labels, strict=True)]
    assert stacked.step().tolist() == pytest.approx([one.item() for one in alone], rel=1e-2)
    means = [net.get_buffer("stem.1.running_mean") for net in nets]
    torch.testing.assert_close(stacked.buffers["stem.1.running_mean"], torch.stack(means), rtol=1e-2, atol=1e-3)


def test_airbenchs_loader_shows_every_image_once_shifted_or_mirrored() -> None:
    loader = Airbench(experiment("8", SMALL), SMALL)
    loader._renew()
    assert sorted(loader.order.tolist()) == list(range(SMALL.images))
    side = SMALL.side
    shown, padded = loader.images[5], loader.padded[5]
    crops = [padded[:, i : i + side, j : j + side] for i in range(3) for j in range(3)]
    assert any(torch.equal(shown, one) or torch.equal(shown, one.flip(-1)) for one in crops)


def test_the_floors_are_those_that_were_estimated_for_an_h200() -> None:
    ceilings = gpu_floor.Ceilings(bytes=4.8e12, operations=0.8e15)
    wanted = {20: 0.057, 56: 0.16, 110: 0.32}
    for depth, seconds in wanted.items():
        floor = gpu_floor.byte_floor(plan(experiment(str(depth), Size("cpu")).network), 128, ceilings)
        assert floor == pytest.approx(seconds, rel=0.05)


def test_a_convolution_moves_its_input_and_output_three_times_and_a_sum_the_shortcut_twice() -> None:
    build_network = plan(experiment("8", SMALL).network)
    shapes = [layer.shape.size for run in build_network.runs() for layer in run.unit.layers() if layer.call == "Add"]
    plain = plan(experiment("8:plain", SMALL).network)
    difference = gpu_floor.moved(build_network) - gpu_floor.moved(plain)
    assert difference == 2 * sum(shapes) > 0


def test_ceilings_and_floors_are_told_for_every_depth_and_batch() -> None:
    assert len(rows(gpu_floor.part(SMALL, Clock(LONG)))) == 2 + 4 * len(SMALL.depths)


def test_a_target_is_reached_when_it_is_first_met() -> None:
    curve = [Evaluated(step, float(step), 1.0, accuracy, 100) for step, accuracy in enumerate((0.5, 0.91, 0.89, 0.93))]
    assert gpu_target._reached(curve, (0.9, 0.92, 0.94)) == {0.9: 1, 0.92: 3}


def test_both_recipes_of_a_target_are_of_one_network_and_one_test_set() -> None:
    quick, slow = (gpu_target._experiment(name, replace(SMALL, data="shapes")) for name in gpu_target.LOOKS)
    assert (quick.network, quick.data.test) == (slow.network, slow.data.test)


def test_a_part_that_fails_keeps_its_rows_and_the_others_go_on(tmp_path: Path) -> None:
    reports = measure(TWO, SMALL, LONG, tmp_path / "gpu.json")
    assert (reports["breaks"].state, len(reports["breaks"].rows)) == ("failed", 1)
    assert reports["works"].state == "done"
    assert json.loads((tmp_path / "gpu.json").read_text())["parts"]["breaks"]["note"] == "RuntimeError: no such kernel"


def test_a_part_is_left_out_when_the_time_is_over(tmp_path: Path) -> None:
    reports = measure(TWO, SMALL, 0, tmp_path / "gpu.json")
    assert {report.state for report in reports.values()} == {"skipped"}
    assert "s are left" in reports["works"].note


def test_targets_are_left_out_without_images(tmp_path: Path) -> None:
    chosen = {"target": parts(SMALL)["target"]}
    assert "--data" in measure(chosen, SMALL, LONG, tmp_path / "gpu.json")["target"].note


def test_a_candidate_that_fails_is_dropped_and_the_others_are_told() -> None:
    def fails() -> float:
        raise RuntimeError("no workers")

    assert list(taken({"ours": lambda: 1.0, "theirs": fails}, ONCE, Clock(LONG))) == ["ours"]
    with pytest.raises(RuntimeError, match="'ours' failed"):
        taken({"ours": fails, "theirs": lambda: 1.0}, ONCE, Clock(LONG))


def test_one_round_is_taken_however_late_it_is() -> None:
    assert taken({"ours": lambda: 1.0}, SMALL, Clock(-1)) == {"ours": [1.0]}


def test_a_size_is_read_as_it_was_written() -> None:
    assert Size.read(json.dumps(asdict(SMALL))) == SMALL


def test_it_needs_nothing_but_torch_and_what_comes_with_it() -> None:
    foreign = ("gradio", "plotly", "rich", "torchinfo", "fvcore", "httpx", "playwright", "fastapi", "pandas")
    code = f"import sys\nfor name in {foreign}: sys.modules[name] = None\nimport benchmarks.gpu, benchmarks.gpu_worker"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


@needs_gpu
def test_a_graph_takes_the_steps_of_eager_on_noise() -> None:
    size = replace(SMALL, device="cuda", same=20)
    for row in gpu_same.part(size, Clock(LONG)):
        assert isinstance(row, Figure)
        assert row.value <= float(row.goal.rpartition(" ")[2]), row.line()


def test_runs_on_streams_take_the_same_steps_as_one_after_the_other() -> None:
    alike(SMALL)


@needs_gpu
def test_streams_of_a_gpu_take_the_same_steps_as_one_after_the_other() -> None:
    alike(replace(SMALL, device="cuda"))
