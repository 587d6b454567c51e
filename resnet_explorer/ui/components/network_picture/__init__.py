"""Whole networks as a picture."""
