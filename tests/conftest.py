"""Property tests run the same examples everywhere, however busy the machine; torch takes one thread a process.

Cases that tests try are counted.
"""

from collections.abc import Generator

import pytest
import torch
from hypothesis import HealthCheck, settings

from tests.fixtures.cases import Count

settings.register_profile("house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
torch.set_num_threads(1)
CASES = Count()


@pytest.fixture(scope="session")
def count() -> Count:
    """Counts a case of the test: `with count(): ...`."""
    return CASES


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell what a test counted, once it ended or could not begin; one that is skipped tried nothing."""
    report = yield
    if (report.when == "call" and not report.skipped) or report.failed:
        CASES.end(report.nodeid, report.failed)
    return report
