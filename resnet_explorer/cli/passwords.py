"""The verb that makes what is kept of a password."""

import argparse
import getpass
import sys

from resnet_explorer.api.passwords import VARIABLE, hash_password
from resnet_explorer.cli.arguments import Verb


def add(verb: Verb) -> None:
    """Add the verb to a parser."""
    parser = verb("hash-password", f"what {VARIABLE} keeps of a password, read from the terminal or a pipe", _hash)
    parser.add_argument("name", help="who signs in with it")


def _hash(options: argparse.Namespace) -> str:
    password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    return f"{options.name}:{hash_password(password)}"
