"""Where somebody must sign in: nothing is answered before, everything after, and no one may try for ever."""

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from resnet_explorer.api.passwords import VARIABLE, hash_password
from tests.fixtures.app_process import free_port, started

PASSWORD = "correct horse battery"
VERB = "/gradio_api/explorer/verb/describe"
EVENTS = "/gradio_api/explorer/runs/events"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    os.environ[VARIABLE] = f"ann:{hash_password(PASSWORD)}"
    home: Path = tmp_path_factory.mktemp("home")
    try:
        with started(home, free_port()) as (address, _):
            yield address
    finally:
        del os.environ[VARIABLE]


def test_nothing_is_answered_before_somebody_signs_in(address: str) -> None:
    with httpx.Client(base_url=address) as stranger:
        assert '"auth_required"' in stranger.get("/").text
        assert stranger.post(VERB, json={"network": "cifar-basic-8"}).status_code == 401
        assert stranger.get(EVENTS).status_code == 401
        assert stranger.get("/config").status_code == 401
        assert stranger.post("/gradio_api/run/describe", json={"data": ["cifar-basic-8"]}).status_code == 401
        assert stranger.get("/healthz").status_code == 200
        forged = {"cookie": "access-token-x=y; access-token-unsecure-x=y"}
        assert stranger.post(VERB, json={"network": "cifar-basic-8"}, headers=forged).status_code == 401


def test_whoever_signs_in_is_answered(address: str) -> None:
    with httpx.Client(base_url=address) as ann:
        assert ann.post("/login", data={"username": "ann", "password": "wrong horse"}).status_code == 400
        assert ann.post("/login", data={"username": "ann", "password": PASSWORD}).json() == {"success": True}
        assert "params" in ann.post(VERB, json={"network": "cifar-basic-8"}).json()
        assert ann.get("/config").status_code == 200


def test_passwords_are_not_tried_for_ever(address: str) -> None:
    with httpx.Client(base_url=address) as stranger:
        stranger.get("/")
        codes = [
            stranger.post("/login", data={"username": "ann", "password": f"guess {number}"}).status_code
            for number in range(8)
        ]
    assert codes == [400] * 6 + [429] * 2
