"""Residual networks as sentences."""

from pathlib import Path

PACKAGE_DIR = Path(__file__).parent
