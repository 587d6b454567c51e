"""Builds the page and launches it: the entry point for a person, Docker and a Space."""

import os

# before gradio and torch are imported: no telemetry, and threads that wait without burning a core
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000")
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "200")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from resnet_explorer.ui.head import head
from resnet_explorer.ui.page import build_app
from resnet_explorer.ui.routes import routes

demo = build_app()

if __name__ == "__main__":
    demo.launch(
        app_kwargs={"routes": routes()},
        head=head(),
        ssr_mode=False,
        run_history=False,
        enable_monitoring=False,
        max_file_size="20mb",
        state_session_capacity=500,
        footer_links=[],
    )
