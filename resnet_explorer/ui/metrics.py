"""`/metrics`: numbers for Prometheus, where RESNET_EXPLORER_METRICS switches them on.

The module is loaded only there, and nothing is counted elsewhere. No label holds what a visitor wrote.
"""

import hmac
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.process_collector import ProcessCollector
from starlette._utils import get_route_path
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from resnet_explorer.api.health import Health
from resnet_explorer.ui.guards.open_routes import OPEN

# seconds: from an answer that was kept to one that waits for workers
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
# routes that last as long as a page is open
STREAMS = ("/gradio_api/explorer/runs/events", "/gradio_api/heartbeat/", "/gradio_api/queue/data")


class Metrics:
    """What is counted of one page; `look` gives its health, `streams` how many follow runs now."""

    def __init__(self, word: str, look: Callable[[], Health], streams: Callable[[], int]) -> None:
        self.word = word
        self.registry = CollectorRegistry()
        self.seconds = Histogram(
            "resnet_explorer_request_seconds",
            "Seconds until a request began to be answered, streams left out",
            ("route", "status"),
            buckets=BUCKETS,
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)
        self.registry.register(_Health(look, streams))

    def route(self) -> BaseRoute:
        """The route that a scraper asks."""

        async def answer(request: Request) -> Response:
            if not self.may_read(request.headers.get("authorization", "")):
                return JSONResponse(
                    {"error": "these numbers need the word that the page was started with, as a bearer token"}, 401
                )
            encode, media_type = choose_encoder(request.headers.get("accept", ""))
            return Response(await run_in_threadpool(encode, self.registry), media_type=media_type)

        return Route("/metrics", answer)

    def timed(self, app: ASGIApp) -> "Timed":
        """An application whose answers are timed."""
        return Timed(app, self)

    def may_read(self, authorization: str) -> bool:
        """Whether a request has the word, if one is asked for."""
        return self.word == "on" or hmac.compare_digest(authorization.encode(), f"Bearer {self.word}".encode())


class Timed:
    """An application whose answers are timed."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and note when its answer begins."""
        path = get_route_path(scope) or "/"
        if scope["type"] != "http" or path.startswith(STREAMS):
            await self.app(scope, receive, send)
            return
        began = perf_counter()

        async def timed(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.metrics.seconds.labels(route_of(path), str(message["status"])).observe(perf_counter() - began)
            await send(message)

        await self.app(scope, receive, timed)


class _Health:
    """The page's health as gauges, read when they are asked for."""

    def __init__(self, look: Callable[[], Health], streams: Callable[[], int]) -> None:
        self.look, self.streams = look, streams

    def describe(self) -> Iterable[Metric]:
        """Nothing: what is here is known only once it is looked at."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """The gauges."""
        seen = self.look()
        yield _gauge(
            "up", "1 while all that is needed works, 0 where /healthz says failing", seen["status"] != "failing"
        )
        yield _gauge("degraded", "Sentences in which /healthz says what is not as it should be", len(seen["why"]))
        yield _gauge("free_bytes", "Free bytes of the disk of the runs", seen["free_bytes"])
        yield _gauge("streams", "Pages that follow runs now", self.streams())
        runs = GaugeMetricFamily("resnet_explorer_runs", "Runs, analyses and studies by state", labels=("state",))
        for state, number in seen["runs"].items():
            runs.add_metric((state,), number)
        yield runs


def route_of(path: str) -> str:
    """The row of the table of open routes that a path is in: one of few, whatever a visitor asks for."""
    if path in OPEN:
        return path
    return next((name for name in OPEN if name[-1] == "*" and path.startswith(name[:-1])), "closed")


def _gauge(name: str, about: str, value: float) -> Any:
    return GaugeMetricFamily(f"resnet_explorer_{name}", about, float(value))
