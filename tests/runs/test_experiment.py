"""What a run is told: read from a person's words, kept as JSON, refused in one sentence."""

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_explorer.errors import ExplorerError, RunError
from resnet_explorer.networks.network import Network
from resnet_explorer.runs.datasets import AUGMENT, NORMALISE, Data, read_data
from resnet_explorer.runs.experiment import Experiment, format_setting, prepare, prepare_with_note, settings_of
from resnet_explorer.runs.recipes import ENGINES, INITS, OPTIMISERS, PRECISIONS, RECIPES, Recipe

LINE = "cifar-basic-20:full-preactivation"
recipes = st.builds(
    Recipe,
    optimiser=st.sampled_from(OPTIMISERS),
    lr=st.floats(0, 1000),
    steps=st.integers(1, 10**6),
    milestones=st.lists(st.integers(0, 10**6), max_size=4).map(tuple),
    init=st.sampled_from(INITS),
    engine=st.sampled_from(ENGINES),
    precision=st.sampled_from(PRECISIONS),
    channels_last=st.booleans(),
)
data = st.builds(
    Data,
    level=st.sampled_from(("easy", "hard")),
    size=st.integers(8, 64) | st.just(0),
    subset=st.integers(0, 10**6),
    augment=st.sampled_from(list(AUGMENT)),
    normalise=st.sampled_from(list(NORMALISE)),
)
experiments = st.builds(Experiment, st.just(Network()), recipes, data, st.integers(0, 2**31 - 1))


@given(experiments)
def test_an_experiment_comes_back_from_json_as_it_was(experiment: Experiment) -> None:
    again = Experiment.from_json(experiment.to_json())
    assert again == experiment
    assert again.id == experiment.id


@given(experiments, experiments)
def test_two_experiments_have_one_id_only_if_they_are_equal(one: Experiment, other: Experiment) -> None:
    assert (one.id == other.id) == (one == other)


def test_a_field_at_its_default_is_not_told() -> None:
    assert Experiment().changes() == {}


def test_an_id_stays_what_it_was() -> None:
    # a later field, at its default, must leave it
    assert prepare(LINE, "shapes", "short", 3).id == "5a8c2639e089"


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_prepares_every_field(name: str) -> None:
    made = prepare(LINE, "cifar10", name, 0)
    texts = settings_of(name)
    for value in (made.recipe, made.data):
        for one in fields(value):
            if one.name not in ("name", "path", "level"):
                assert texts[one.name] == format_setting(getattr(value, one.name))


@pytest.mark.parametrize("name", RECIPES)
def test_setting_a_recipes_own_values_changes_nothing(name: str) -> None:
    assert prepare(LINE, "cifar10", name, 0, settings_of(name)) == prepare(LINE, "cifar10", name, 0)


def test_the_network_takes_size_channels_and_classes_from_the_data() -> None:
    network = prepare(LINE, "fashion-mnist", "he2015", 0).network
    assert (network.image, network.channels, network.classes) == (28, 1, 10)
    assert prepare(LINE, "cifar100", "he2015", 0).network.classes == 100
    assert prepare(LINE, "imagefolder:somewhere", "he2015", 0, classes=7).network.classes == 7


def test_the_short_recipe_halves_the_width_and_says_so() -> None:
    assert prepare(LINE, "shapes", "short", 0).network.widths == (8, 16, 32)
    assert settings_of("short")["width"] == "1/2"
    assert prepare(LINE, "shapes", "short", 0, {"width": "1", "size": "32"}).network.widths == (16, 32, 64)


def test_skipinit_is_written_into_the_sentence_once() -> None:
    made = prepare(LINE, "shapes", "short", 0, {"init": "skipinit"})
    assert made.network.block.count("scale(0, learned=true)") == 1
    assert prepare("cifar-basic-20:conv scale(0, learned=true) +", "shapes", "short", 0, {"init": "skipinit"})


@pytest.mark.parametrize(
    ("line", "data", "recipe", "settings", "says"),
    [
        (LINE, "shapez", "short", {}, "did you mean 'shapes'"),
        (LINE, "shapes:harder", "short", {}, "did you mean 'hard'"),
        (LINE, "cifar10:x", "short", {}, "takes nothing after a colon"),
        (LINE, "imagefolder", "short", {}, "needs a folder"),
        (LINE, "shapes", "he", {}, "unknown recipe 'he'"),
        (LINE, "shapes", "short", {"lrr": "1"}, "did you mean 'lr'"),
        (LINE, "shapes", "short", {"lr": "nan"}, "lr is a number from 0"),
        (LINE, "shapes", "short", {"lr": "fast"}, "lr is a number, not 'fast'"),
        (LINE, "shapes", "short", {"steps": "0"}, "steps is a number from 1"),
        (LINE, "shapes", "short", {"steps": "9" * 5000}, "steps is a"),
        (LINE, "shapes", "short", {"batch": "1e9"}, "batch is a whole number"),
        (LINE, "shapes", "short", {"size": "4"}, "size is 8 to 64"),
        (LINE, "shapes", "short", {"width": "1/3"}, "is not a whole number"),
        (LINE, "shapes", "short", {"schedule": "steps"}, "needs milestones"),
        (LINE, "shapes", "short", {"augment": "mixup"}, "unknown augment"),
        (LINE, "shapes", "short", {"path": "/etc"}, "unknown field 'path'"),
        ("cifar-basic-20:plain", "shapes", "short", {"init": "skipinit"}, "needs a shortcut"),
        ("unipose", "shapes", "short", {}, "gives maps"),
        ("cifar-basic-21", "shapes", "short", {}, "21"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    line: str, data: str, recipe: str, settings: dict[str, str], says: str
) -> None:
    with pytest.raises(ExplorerError, match=says):
        prepare(line, data, recipe, 0, settings)


def test_a_recipe_takes_the_nearest_width_that_a_network_can_have_and_says_so() -> None:
    experiment, note = prepare_with_note("res2next-29-8c-25w-4s", "shapes", "short", 0)
    assert experiment.network.widths == (128, 256, 512)
    assert "384/768/1536 channels inside the units instead of 400/800/1600" in note
    assert prepare_with_note(LINE, "shapes", "short", 0) == (prepare(LINE, "shapes", "short", 0), "")


@pytest.mark.parametrize("seed", [-1, 2**31, True, 1.5])
def test_a_seed_is_a_whole_number(seed: int) -> None:
    with pytest.raises((RunError, TypeError)):
        prepare(LINE, "shapes", "short", seed)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "[" * 100_000,
        '{"x": 1}',
        '{"seed": "1"}',
        '{"seed": true}',
        '{"recipe": []}',
        '{"recipe": {"lr": "1"}}',
        '{"recipe": {"milestones": [1.5]}}',
        '{"recipe": {"lr": NaN}}',
        '{"data": {"name": "imagefolder"}}',
        '{"data": {"subset": -1}}',
        '{"network": {"block": "conv +  +"}}',
    ],
)
def test_json_that_is_no_experiment_is_refused(text: str) -> None:
    with pytest.raises(ExplorerError):
        Experiment.from_json(text)


@pytest.mark.parametrize("label", ["shapes", "shapes:hard", "cifar10", "imagefolder:/a b/c.zip"])
def test_a_data_set_is_written_as_it_is_read(label: str) -> None:
    assert read_data(label).label == label


def test_ids_do_not_depend_on_the_order_of_settings() -> None:
    one = prepare(LINE, "shapes", "short", 0, {"lr": "0.2", "steps": "10"})
    other = prepare(LINE, "shapes", "short", 0, {"steps": "10", "lr": "0.2"})
    assert one.id == other.id
    assert json.loads(one.to_json()) == one.changes()
