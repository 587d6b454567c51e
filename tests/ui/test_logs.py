"""The log is a line an event, as text or JSON, whatever a visitor wrote."""

import json
import logging
from collections.abc import Iterator

import pytest

from resnet_explorer.errors import RunError
from resnet_explorer.ui.logs import NAME, start_log


@pytest.fixture
def log() -> Iterator[logging.Logger]:
    log = logging.getLogger(NAME)
    before = (log.handlers[:], log.propagate, log.level)
    yield logging.getLogger(f"{NAME}.part")
    log.handlers[:], log.propagate = before[:2]
    log.setLevel(before[2])


def test_an_event_is_a_line(log: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    start_log()
    log.info("run %s has ended", "abc\ninfo forged")
    log.debug("not shown")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("info    run abc\\ninfo forged has ended")


def test_json_is_an_object_a_line(
    log: logging.Logger, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESNET_EXPLORER_LOG", "json")
    monkeypatch.setenv("RESNET_EXPLORER_LOG_LEVEL", "warning")
    start_log()
    log.info("too little")
    log.warning('a "quoted"\nevent')
    (line,) = capsys.readouterr().err.splitlines()
    fields = json.loads(line)
    assert (fields["level"], fields["event"]) == ("warning", 'a "quoted"\nevent')
    assert fields["time"].endswith("Z")


def test_a_log_can_be_off_and_other_words_are_refused(
    log: logging.Logger, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESNET_EXPLORER_LOG", "off")
    start_log()
    log.error("nobody hears")
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("RESNET_EXPLORER_LOG", "loud")
    with pytest.raises(RunError, match="RESNET_EXPLORER_LOG is text, json or off, not 'loud'"):
        start_log()
