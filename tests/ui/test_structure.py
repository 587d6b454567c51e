import json
import xml.etree.ElementTree as ElementTree

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from resnet_explorer.cli import main as cli
from resnet_explorer.executors.compute import InProcess
from resnet_explorer.ui.structure import PREFIX, routes

NET = "cifar-basic-20:full-preactivation"


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(Starlette(routes=routes(InProcess())))


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert cli.main(list(arguments)) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("kind", ["csv", "markdown", "latex", "json"])
def test_the_layer_file_is_what_the_command_line_prints(
    client: TestClient, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    file = client.get(f"{PREFIX}/file/layers", params={"network": NET, "format": kind, "batch": "64"})
    expected = printed(capsys, "describe", NET, f"--{kind}", "--batch", "64")
    assert file.status_code == 200
    assert file.text.strip() == expected.strip()


@pytest.mark.parametrize("kind", ["csv", "markdown", "latex", "json"])
def test_the_difference_and_totals_are_written_in_every_format(client: TestClient, kind: str) -> None:
    params = {"network": [NET, "cifar-basic-20"], "format": kind}
    for name in ("difference", "totals"):
        file = client.get(f"{PREFIX}/file/{name}", params=params)
        assert file.status_code == 200
        assert "269722" in file.text.replace(",", "") or name == "difference"


def test_drawings_come_for_every_lane(client: TestClient) -> None:
    answer = client.post(f"{PREFIX}/draw", json={"networks": [NET, "cifar-basic-20:plain"], "unit": "last"}).json()
    assert [len(one["on_trunk"]) for one in answer["drawings"]] == [0, 6]
    assert answer["sheet"] == ""


def test_the_picture_to_keep_has_its_own_colours(client: TestClient) -> None:
    params = {"network": [NET, "cifar-basic-20"], "format": "svg", "theme": "dark", "slots": "4,0"}
    file = client.get(f"{PREFIX}/file/units", params=params)
    ElementTree.fromstring(file.text)
    assert "var(" not in file.text
    assert file.headers["content-disposition"] == 'attachment; filename="units.svg"'


def test_code_is_highlighted_and_kept(client: TestClient) -> None:
    answer = client.post(f"{PREFIX}/code", json={"network": NET}).json()
    source = client.get(f"{PREFIX}/file/network", params={"network": NET, "format": "py"}).text
    assert '<span class="k">class</span>' in answer["html"]
    assert source == answer["code"]


def test_a_notebook_is_kept(client: TestClient) -> None:
    file = client.get(f"{PREFIX}/file/network", params={"network": NET, "format": "ipynb"})
    assert json.loads(file.text)["nbformat"] == 4


def test_equations_come_as_latex_and_mathml(client: TestClient) -> None:
    answer = client.post(f"{PREFIX}/equation", json={"network": NET}).json()
    assert [rule["name"] for rule in answer["rules"]] == ["forward", "branch", "backward", "unrolled"]
    assert all(rule["mathml"].startswith("<math") for rule in answer["rules"])
    assert answer["exact"]


def test_totals_of_one_network_and_of_several(client: TestClient) -> None:
    for networks in ([NET], [NET, "cifar-basic-20"]):
        totals = client.post(f"{PREFIX}/totals", json={"networks": networks, "batch": 32, "precision": "bf16"}).json()
        assert [one["memory"]["batch"] for one in totals] == [32] * len(networks)


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("draw", {"networks": ["cifar-basic-21"]}),
        ("draw", {"networks": [NET], "unit": "nowhere"}),
        ("code", {"network": "cifar-basic-20:convv"}),
        ("totals", {"networks": []}),
        ("equation", {}),
        ("equation", {"network": 7}),
    ],
)
def test_a_bad_question_is_answered_in_one_sentence(client: TestClient, name: str, question: object) -> None:
    refused = client.post(f"{PREFIX}/{name}", json=question)
    assert refused.status_code == 422
    assert refused.json()["error"]


@pytest.mark.parametrize("body", ["nonsense", "[1]", '"text"'])
def test_a_body_that_is_no_question_is_refused(client: TestClient, body: str) -> None:
    assert client.post(f"{PREFIX}/draw", content=body).status_code == 422


def test_an_unknown_name_or_format_is_refused(client: TestClient) -> None:
    assert client.post(f"{PREFIX}/nothing", json={}).status_code == 404
    assert client.get(f"{PREFIX}/file/layers", params={"network": NET, "format": "exe"}).status_code == 404
    assert client.get(f"{PREFIX}/file/layers", params={"network": NET, "format": "svg"}).status_code == 422
