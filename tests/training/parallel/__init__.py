"""Tests of one run on several processes."""
