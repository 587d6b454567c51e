"""Opens the page, for a person, Docker and a Space: python app.py [--port 7860] [--mcp]."""

import sys

from resnet_explorer.__main__ import main

if __name__ == "__main__":
    sys.exit(main(["serve", *sys.argv[1:]]))
