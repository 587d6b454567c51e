"""The compiled engine against the eager one; the compiler takes a minute, so a plain pytest leaves this out."""

from pathlib import Path

import pytest

from resnet_explorer.runs.events import Evaluated, Measured, Noted, Started, Stepped
from resnet_explorer.training.engine import Compile
from tests.fixtures.tiny_run import experiment, only, ran


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_a_compiled_network_has_the_eager_ones_curve(tmp_path: Path, precision: str) -> None:
    eager, compiled = (
        ran(experiment(engine=name, precision=precision), tmp_path / name) for name in ("eager", "compile")
    )
    close = 1e-3 if precision == "fp32" else 3e-2
    assert [note.text for note in only(Noted, compiled)] == [Compile.first_step_note]
    assert only(Started, compiled)[0].engine == "compile"
    losses, expected = ([event.loss for event in only(Stepped, events)] for events in (compiled, eager))
    assert losses == pytest.approx(expected, rel=close)
    assert only(Evaluated, compiled)[-1].loss == pytest.approx(only(Evaluated, eager)[-1].loss, rel=close)
    mine, theirs = (only(Measured, events)[-1].gradients for events in (compiled, eager))
    assert mine == pytest.approx(theirs, rel=10 * close)
