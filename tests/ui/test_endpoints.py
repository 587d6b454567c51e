"""The verbs over HTTP, asked of the launched app by gradio_client and by hand."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import httpx
import pytest
from gradio_client import Client

from resnet_explorer.api import gradients
from resnet_explorer.api import networks as api
from resnet_explorer.api.probe_runner import ProbeRunner
from resnet_explorer.api.runs import Runs
from resnet_explorer.ui.endpoints import verbs
from tests.fixtures.app_process import launched


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with launched() as address:
        yield address


@pytest.fixture(scope="module")
def client(address: str) -> Client:
    return Client(address, verbose=False, analytics_enabled=False)


def post(address: str, verb: str, body: bytes) -> dict[str, object]:
    request = Request(f"{address}/gradio_api/explorer/verb/{verb}", body, {"Content-Type": "application/json"})
    with urlopen(request) as response:
        answer: dict[str, object] = json.load(response)
        return answer


def test_describe_over_http_is_describe(client: Client) -> None:
    assert client.predict("cifar-basic-20", api_name="/describe") == api.describe("cifar-basic-20")


@pytest.mark.parametrize("verb", ["/outline", "/export", "/equation"])
def test_a_verb_over_http_is_the_verb(client: Client, verb: str) -> None:
    assert client.predict("wrn-28-10", api_name=verb) == getattr(api, verb[1:])("wrn-28-10")


def test_compare_and_catalog_over_http(client: Client) -> None:
    names = ["cifar-basic-20:original", "cifar-basic-20:plain"]
    assert client.predict(names, api_name="/compare") == api.compare(names)
    assert client.predict(api_name="/catalog") == json.loads(json.dumps(api.catalog()))


def test_probe_over_http_is_probe(client: Client) -> None:
    names = ["cifar-basic-8:original"]
    answer = client.predict(names, "gradient", 1, 2, api_name="/probe")
    assert answer["lanes"][0]["ratio"] == pytest.approx(
        gradients.probe(names, seeds=1, batch=2)["lanes"][0]["ratio"], rel=1e-4
    )


def test_a_refusal_over_http_is_the_same_sentence(client: Client) -> None:
    with pytest.raises(Exception, match=r"unknown word 'bnn' at column 6; did you mean 'bn'\?"):
        client.predict("cifar-basic-20", "", "conv bnn", api_name="/describe")


def test_every_endpoint_is_named_and_documented(client: Client, tmp_path: Path) -> None:
    named = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert set(named) == {f"/{verb}" for verb in verbs(Runs(tmp_path), ProbeRunner())}
    assert set(named) >= {"/describe", "/compare", "/export", "/equation", "/probe", "/catalog", "/train"}


def test_the_page_is_refused_in_words_with_a_column(address: str) -> None:
    refusal = post(address, "outline", b'{"network": "cifar-basic-20", "block": "conv bnn"}')
    assert refusal["column"] == 6
    assert refusal["suggestion"] == "bn"
    assert (refusal["suggestions"], refusal["replaces"]) == (["conv bn"], "sentence")


def test_a_depth_that_does_not_exist_is_refused_with_names_to_press(address: str) -> None:
    refusal = post(address, "outline", b'{"network": "cifar-basic-57"}')
    assert (refusal["suggestions"], refusal["replaces"]) == (["cifar-basic-56", "cifar-basic-62"], "network")


@pytest.mark.parametrize("body", [b"nonsense", b"[]", b'{"colour": 1}', b'{"network": 7}', b"\xff"])
def test_a_hostile_question_is_refused_in_words(address: str, body: bytes) -> None:
    assert isinstance(post(address, "outline", body)["error"], str)


@pytest.mark.parametrize(("verb", "body"), [("nonsense", b"{}"), ("outline", b" " * 70_000)])
def test_an_unknown_verb_and_a_long_question_are_refused(address: str, verb: str, body: bytes) -> None:
    with pytest.raises(HTTPError):
        post(address, verb, body)


def test_plotly_is_packed_and_kept(address: str) -> None:
    request = Request(f"{address}/gradio_api/explorer/plotly/plotly.min.js", headers={"Accept-Encoding": "gzip"})
    with urlopen(request) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert "max-age" in response.headers["Cache-Control"]
        assert len(response.read()) < 2_000_000


NONSENSE = [
    (b"[]", "a question is a JSON object of arguments"),
    (b"{nope", "a question is a JSON object of arguments"),
    (b"{}", "describe needs the argument 'network'"),
    (b'{"network": 5}', "network of describe has the wrong type: '5'"),
    (b'{"network": "wrn-28-10", "batch": true}', "batch of describe has the wrong type: 'True'"),
    (b'{"network": "wrn-28-10", "settings": {"classes": 5}}', "settings of describe has the wrong type"),
    (b'{"network": "wrn-28-10", "depht": 5}', "describe has no argument 'depht'; it takes network"),
]


@pytest.mark.parametrize(("body", "reason"), NONSENSE)
def test_nonsense_is_answered_in_one_sentence(address: str, body: bytes, reason: str) -> None:
    answer = post(address, "describe", body)
    assert list(answer) == ["error"]
    assert str(answer["error"]).startswith(reason)


def test_the_api_page_explains_every_parameter(client: Client) -> None:
    endpoints = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    parameters = [parameter for one in endpoints.values() for parameter in one["parameters"]]
    assert all(parameter["python_type"]["description"] for parameter in parameters)
    network = endpoints["/describe"]["parameters"][0]
    assert (network["label"], network["example_input"]) == ("network", "cifar-basic-56:original")


def test_the_page_is_made_once_and_a_browser_that_has_it_is_told_so(address: str) -> None:
    with httpx.Client(base_url=address) as browser:
        first = browser.get("/", headers={"accept-encoding": "gzip"})
        assert first.headers["content-encoding"] == "gzip"
        assert "window.gradio_config" in first.text
        again = browser.get("/?view=train", headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert browser.get("/", headers={"accept-encoding": "identity"}).text == first.text


def test_an_answer_that_never_changes_has_a_tag(address: str) -> None:
    path = "/gradio_api/explorer/verb/describe"
    with httpx.Client(base_url=address) as browser:
        first = browser.post(path, json={"network": "cifar-basic-20"})
        again = browser.post(path, json={"network": "cifar-basic-20"}, headers={"if-none-match": first.headers["etag"]})
        assert again.status_code == 304
        assert "etag" not in browser.post("/gradio_api/explorer/verb/runs", json={}).headers


def test_a_served_page_says_that_all_is_well_and_its_guard_stands_before_gradio(address: str) -> None:
    with httpx.Client(base_url=address) as browser:
        seen = browser.get("/healthz").json()
        assert (seen["status"], seen["why"]) == ("ok", [])
        assert browser.get("/gradio_api/proxy=https://elsewhere.example/x").status_code == 404
        assert browser.get("/", headers={"host": "rebound.example"}).status_code == 421
        elsewhere = {"sec-fetch-site": "cross-site"}
        assert browser.post("/gradio_api/call/v2/train", json={}, headers=elsewhere).status_code == 403
        assert browser.post("/gradio_api/queue/join", content=b" " * 2_000_000).status_code == 413
        nested = b'{"data": ' + b"[" * 60_000 + b"]" * 60_000 + b"}"
        json_body = {"content-type": "application/json"}
        for path in ("/gradio_api/run/describe", "/gradio_api/call/describe", "/gradio_api/queue/join"):
            assert browser.post(path, content=nested, headers=json_body).status_code in (400, 422)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("call/v2/stop", b"{}"),
        ("call/v2/stop", b'{"run": "aaa", "other": 1}'),
        ("call/v2/nothing", b"{}"),
        ("run/predict", b'{"data": [], "fn_index": 9999}'),
    ],
)
def test_arguments_that_gradio_does_not_know_are_refused_in_a_sentence(address: str, path: str, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    answer = httpx.post(f"{address}/gradio_api/{path}", content=body, headers=headers)
    assert answer.status_code in (404, 422)
    assert len(answer.json().get("error") or answer.json()["detail"]) > 3
