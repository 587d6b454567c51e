"""Checkpoints on a disk: whole or not there, and only values in them."""

import pickle
from pathlib import Path

import pytest
import torch

from resnet_explorer.errors import RunError
from resnet_explorer.training.checkpoint import Checkpoint, load, save

ID = "0123456789ab"


def of(step: int, experiment: str = ID) -> Checkpoint:
    return Checkpoint(experiment, step, step / 10, {"net": {"weight": torch.full((4,), float(step))}, "told": True})


def newest(folder: Path) -> tuple[int, list[str]]:
    saved, notes = load(folder, ID)
    return (saved.step if saved else 0), notes


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "checkpoints").iterdir())


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    save(tmp_path, of(3))
    saved, _ = load(tmp_path, ID)
    assert saved is not None
    assert (saved.step, saved.seconds, saved.state["told"]) == (3, 0.3, True)
    assert torch.equal(saved.state["net"]["weight"], torch.full((4,), 3.0))


def test_the_name_is_relative_to_the_runs_folder(tmp_path: Path) -> None:
    assert (tmp_path / save(tmp_path, of(3))).is_file()


def test_the_newest_two_are_kept_and_nothing_else(tmp_path: Path) -> None:
    for step in (9, 10, 1000, 20_000_000):
        save(tmp_path, of(step))
    assert names(tmp_path) == ["000001000.pt", "020000000.pt"]
    assert newest(tmp_path) == (20_000_000, [])


def test_a_folder_without_checkpoints_gives_none(tmp_path: Path) -> None:
    assert newest(tmp_path) == (0, [])


@pytest.mark.parametrize("damage", ["cut", "emptied", "flipped", "text"])
def test_a_corrupt_checkpoint_is_passed_over_with_a_note(tmp_path: Path, damage: str) -> None:
    save(tmp_path, of(1))
    path = tmp_path / save(tmp_path, of(2))
    whole = path.read_bytes()
    flipped = bytes(byte ^ 255 for byte in whole)
    path.write_bytes({"cut": whole[: len(whole) // 2], "emptied": b"", "flipped": flipped, "text": b"hello"}[damage])
    step, notes = newest(tmp_path)
    assert step == 1
    assert len(notes) == 1
    assert path.name in notes[0]


def test_a_flipped_bit_in_a_weight_is_found(tmp_path: Path) -> None:
    save(tmp_path, of(1))
    path = tmp_path / save(tmp_path, of(2))
    whole = bytearray(path.read_bytes())
    whole[whole.index(torch.full((4,), 2.0).numpy().tobytes())] ^= 1
    path.write_bytes(whole)
    assert newest(tmp_path)[0] == 1


def test_a_pickle_that_would_run_something_is_not_run(tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[Path]]:
            return Path.touch, (tmp_path / "exploded",)

    path = tmp_path / save(tmp_path, of(2))
    torch.save(Bomb(), path)
    save(tmp_path, of(1))
    assert newest(tmp_path)[0] == 1
    path.write_bytes(pickle.dumps(Bomb()))
    assert newest(tmp_path)[0] == 1
    assert not (tmp_path / "exploded").exists()


def test_what_was_cut_off_while_writing_is_not_seen(tmp_path: Path) -> None:
    save(tmp_path, of(1))
    (tmp_path / "checkpoints" / "000000002.part").write_bytes(b"half")
    assert newest(tmp_path) == (1, [])


def test_a_checkpoint_of_another_experiment_is_refused(tmp_path: Path) -> None:
    save(tmp_path, of(1, experiment="another"))
    with pytest.raises(RunError, match="experiment another, not 0123456789ab"):
        load(tmp_path, ID)
