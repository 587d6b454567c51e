import json

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from resnet_explorer.api.planning import build_plan
from resnet_explorer.cli import main as cli
from resnet_explorer.ui.components.equation.equation import Equation
from resnet_explorer.ui.components.lanes.lanes import Lane
from resnet_explorer.ui.components.layer_table.layer_table import LayerTable, table_text
from resnet_explorer.ui.components.layer_table.sources import Difference, Layers
from resnet_explorer.ui.components.unit_diagram.unit_diagram import UnitDiagram, UnitView, picture_of_units
from resnet_explorer.ui.structure import CODE, routes

NET = "cifar-basic-20:full-preactivation"
OTHER = "cifar-basic-20:original"


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(Starlette(routes=routes()))


@pytest.mark.parametrize("form", ["csv", "markdown", "latex", "json"])
def test_the_layer_table_is_kept_as_the_command_line_prints_it(capsys: pytest.CaptureFixture[str], form: str) -> None:
    assert cli.main(["describe", NET, f"--{form}", "--batch", "64"]) == 0
    answer = table_text({**Layers(NET, 64).as_json(), "format": form})
    assert answer["text"].strip() == capsys.readouterr().out.strip()


def test_thousands_of_layers_are_sent_as_the_few_units_that_differ() -> None:
    text = LayerTable().postprocess(Layers("cifar-basic-1202"))
    assert text is not None
    table = json.loads(text)
    units = [kind for section in table["sections"] for _, kind in section["units"]]
    assert sum(len(table["kinds"][kind]["rows"]) for kind in units) == 4208
    assert sum(section["cells"][5] for section in table["sections"]) == build_plan("cifar-basic-1202")[1].params
    assert len(text) < 20_000


def test_a_difference_shows_equal_layers_only_if_they_are_wanted() -> None:
    counts = []
    for equal in (False, True):
        table = Difference(OTHER, NET, equal).table()
        signs = {row[0] for kind in table["kinds"] for row in kind["rows"]}
        counts.append(" " in signs)
    assert counts == [False, True]


@pytest.mark.parametrize(
    "arguments", [None, {}, {"kind": "layers"}, {"kind": "layers", "network": "nothing-20"}, {"kind": "totals", "x": 1}]
)
def test_a_table_that_there_is_not_is_refused_in_a_sentence(arguments: object) -> None:
    assert table_text(arguments)["error"]


def test_a_lane_whose_text_is_wrong_keeps_its_last_drawing_marked_as_old() -> None:
    wrong = Lane(1, "cifar-basic-20", "bn relu convv +", spec=NET)
    text = UnitDiagram().postprocess([Lane(0, "cifar-basic-20", "original", spec=OTHER), wrong])
    units = json.loads(text or "")["units"]
    assert [unit["old"] for unit in units] == [False, True]
    assert all(unit["svg"].startswith("<svg") for unit in units)


def test_a_unit_that_there_is_not_is_an_error_beside_the_drawing() -> None:
    text = UnitDiagram().postprocess(UnitView([Lane(0, "cifar-basic-20")], "nowhere"))
    assert "nowhere" in json.loads(text or "")["error"]


@pytest.mark.parametrize("form", ["svg", "tikz", "pdf"])
def test_pictures_are_kept_with_colours_of_their_own(form: str) -> None:
    answer = picture_of_units({"networks": [NET], "unit": "first", "theme": "dark", "slots": [4], "format": form})
    assert answer["picture"]
    assert "var(" not in answer["picture"]


def test_equations_come_as_latex_and_mathml() -> None:
    rules = json.loads(Equation().postprocess(NET) or "")["rules"]
    assert [rule["name"] for rule in rules] == ["Forward", "Branch", "Backward", "Over the units of a stage"]
    assert all(rule["mathml"].startswith("<math") for rule in rules)


def test_code_is_kept_as_source_and_as_notebook(client: TestClient) -> None:
    source = client.get(f"/{CODE}", params={"network": NET})
    compile(source.text, "network.py", "exec")
    assert source.headers["content-disposition"] == 'attachment; filename="network.py"'
    assert json.loads(client.get(f"/{CODE}", params={"network": NET, "format": "ipynb"}).text)["nbformat"] == 4


def test_wrong_code_is_refused_in_a_sentence(client: TestClient) -> None:
    assert client.get(f"/{CODE}", params={"network": "cifar-basic-20:convv"}).status_code == 422
    assert client.get(f"/{CODE}", params={"network": NET, "format": "exe"}).status_code == 404
