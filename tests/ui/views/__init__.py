"""Tests of the views without a browser."""
