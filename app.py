"""The entry point: until the page exists, the table of one network on the terminal."""

import sys

from resnet_explorer.cli import main

if __name__ == "__main__":
    sys.exit(main(["describe", "cifar-basic-56", *sys.argv[1:]]))
