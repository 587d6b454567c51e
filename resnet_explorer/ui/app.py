"""The page: a theme, a header, the row of lanes, a tab for each view, and every verb as an endpoint.

A view is a module of `views/` with NAME, TITLE and `build(page)`, and a row in VIEWS.
"""

from importlib import import_module
from typing import Any

import gradio as gr
from gradio.components import Component
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from resnet_explorer.api.passwords import password_check
from resnet_explorer.api.probe_runner import ProbeRunner
from resnet_explorer.api.runs import Runs
from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.ui import http, quick_status, structure
from resnet_explorer.ui.components.lanes.lanes import Lane, Lanes
from resnet_explorer.ui.endpoints import add_endpoints
from resnet_explorer.ui.first_paint import FirstPaint
from resnet_explorer.ui.footer import build_footer
from resnet_explorer.ui.guards.guard import Guard, guard_limits
from resnet_explorer.ui.guards.headers import security_headers
from resnet_explorer.ui.guards.origin import allowed_hosts
from resnet_explorer.ui.head import head
from resnet_explorer.ui.header import build_header
from resnet_explorer.ui.health_routes import health_routes
from resnet_explorer.ui.i18n import i18n, translations
from resnet_explorer.ui.lean_sessions import use_lean_sessions
from resnet_explorer.ui.page import Page
from resnet_explorer.ui.page_cache import PageCache
from resnet_explorer.ui.services import Services, on_a_space
from resnet_explorer.ui.streams import routes as stream_routes
from resnet_explorer.ui.streams.run_events import RunEventStream
from resnet_explorer.ui.theme import Instrument
from resnet_explorer.ui.views import gradient as gradient_view
from resnet_explorer.ui.views.atlas import view as atlas_view
from resnet_explorer.ui.views.claims import view as claims_view
from resnet_explorer.ui.views.dissect import view as dissect_view
from resnet_explorer.ui.views.runs import view as runs_view
from resnet_explorer.ui.views.structure import view as structure_view
from resnet_explorer.ui.views.train import view as train_view

VIEWS = (structure_view, gradient_view, train_view, dissect_view, claims_view, atlas_view, runs_view)
# events of the page that are answered at once, and that wait for it
THREADS, MOST_WAITING = 64, 2000
DEFAULT = [Lane(slot, "cifar-basic-56", ordering) for slot, ordering in enumerate(ORDERINGS)]


def build_app(services: Services) -> gr.Blocks:
    """The page over these services; `launch_options` says how it wants to be launched or mounted."""
    use_lean_sessions()
    demo: gr.Blocks
    with gr.Blocks(title="ResNet Explorer", delete_cache=(3600, 3600), analytics_enabled=False) as demo:
        # the verbs first: an endpoint's name is taken by whatever is there first
        add_endpoints(services.runs, services.runner)
        build_header(demo, services.lesson)
        lanes = Lanes(elem_classes=["lanes"])
        page = Page(services, lanes)
        tabs, by_name = gr.Tabs(elem_classes=["view-tabs"]), {}
        with tabs:
            for view in VIEWS:
                with gr.Tab(i18n(view.TITLE), id=view.NAME) as by_name[view.NAME]:
                    page.shown = page.add_trigger()
                    view.build(page)
        copies = ", ".join(["lanes"] * len(page.triggers))
        lanes.change(None, lanes, page.triggers, js=f"(lanes) => [{copies}]", api_visibility="private")
        build_footer(services)
        page.link.wire(demo, lanes, tabs, by_name, DEFAULT)
    _quieten(demo, page.triggers[0])
    # nobody is refused: what costs much waits for a worker, and each visitor has a share of those
    demo.max_threads = THREADS
    demo.queue(max_size=MOST_WAITING, default_concurrency_limit=THREADS)
    return demo


def _quieten(demo: gr.Blocks, one: Component) -> None:
    """Let one part stand for all whose progress is not shown: Gradio tells each of them of every step of an event."""
    for event in demo.fns.values():
        if event.show_progress == "hidden":
            event.show_progress_on = [one]


def launch_options(services: Services) -> dict[str, Any]:
    """What `launch` and `mount_gradio_app` need to serve the page as it is meant."""
    metrics = _metrics(services)
    return {
        "theme": Instrument(),
        "i18n": translations(),
        "app_kwargs": {
            "routes": [
                *all_routes(services.runs, services.runner, services.events),
                *health_routes(services.health, services.shared),
                *([metrics.route()] if metrics else []),
            ],
            "lifespan": services.lifespan,
            "middleware": [
                *([Middleware(metrics.timed)] if metrics else []),
                _guard(services),
                # with a sign-in the page is another one for each who comes
                *([] if services.users else [Middleware(PageCache)]),
                Middleware(FirstPaint, lines=head(DEFAULT)),
            ],
        },
        "auth": password_check(services.users) if services.users else None,
        "footer_links": ["api", "gradio", "settings"],
        "ssr_mode": False,
        "run_history": False,
        "enable_monitoring": False,
        "max_file_size": "20mb",
    }


def _metrics(services: Services) -> Any:
    """What is counted for Prometheus; nothing where that is off, and then its library is not loaded."""
    if not services.metrics_word:
        return None
    module = import_module("resnet_explorer.ui.metrics")
    return module.Metrics(services.metrics_word, services.health, lambda: services.events.places.count)


def _guard(services: Services) -> Middleware:
    """The checks that every request passes first."""
    visitors, hosts = services.visitors, allowed_hosts(services.shared)
    return Middleware(Guard, visitors, guard_limits(visitors, services.shared), hosts, security_headers(on_a_space()))


def all_routes(runs: Runs, runner: ProbeRunner, events: RunEventStream | None = None) -> list[BaseRoute]:
    """Every route that is not Gradio's; `events` is the stream of what runs report, to be closed with the server."""
    return [
        *http.routes(runs, runner),
        *quick_status.routes(),
        *structure.routes(),
        *stream_routes.routes(events or RunEventStream(runs.reader)),
    ]
