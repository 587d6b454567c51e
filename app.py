"""The page, for a person, `gradio app.py`, Docker and a Space: python app.py [--port 7860] [--mcp] [--class FILE].

`demo` can be mounted elsewhere: `gr.mount_gradio_app(app, demo, "/lab", **launch_options(services()))`.
"""

import sys

from resnet_explorer.__main__ import main
from resnet_explorer.ui.serve import page, reloading

# `gradio app.py` runs this file again, in a thread of its own, whenever a file has changed
if reloading():
    page.cache_clear()
demo = page()

if __name__ == "__main__" and not reloading():
    sys.exit(main(["serve", *sys.argv[1:]]))
