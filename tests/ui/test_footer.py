"""What the page says about itself, to whoever runs it and to strangers."""

from pathlib import Path

from resnet_explorer import __version__
from resnet_explorer.api.health import Health, health
from resnet_explorer.ui.footer import fact_table
from resnet_explorer.ui.health_routes import shown


def facts_of(health: Health, shared: bool = False) -> dict[str, str]:
    return {name: values[0] for name, values in fact_table(health, shared).facts}


def test_whoever_runs_it_sees_version_machine_and_runs(tmp_path: Path) -> None:
    seen = health(tmp_path, devices=["cuda:0"]) | {"runs": {"running": 2, "finished": 51}}
    facts = facts_of(seen)
    assert (facts["Version"], facts["State"], facts["Trains on"]) == (__version__, "all is well", "cuda:0")
    assert facts["Runs"] == "51 finished, 2 running"
    assert "torch 2." in facts["Python and packages"]
    assert facts["Free disk"].endswith(" GB")


def test_how_many_runs_share_a_gpu_and_why_is_said(tmp_path: Path) -> None:
    seen = health(tmp_path, devices=["cuda:0"], sharing="2 runs share it: 1.8 times the steps of one")
    assert facts_of(seen)["Trains on"] == "cuda:0; 2 runs share it: 1.8 times the steps of one"
    assert "sharing" in shown(seen, shared=False)
    assert "sharing" not in shown(seen, shared=True)


def test_strangers_see_nothing_of_the_machine(tmp_path: Path) -> None:
    assert list(facts_of(health(tmp_path), shared=True)) == ["Version", "Commit", "State", "Runs"]


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    assert facts_of(health(tmp_path, "those who train have stopped"))["State"] == (
        "something is wrong; those who train have stopped"
    )
