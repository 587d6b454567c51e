"""`python -m resnet_explorer`: the command line."""

import sys

from resnet_explorer.cli.main import main

sys.exit(main(sys.argv[1:]))
