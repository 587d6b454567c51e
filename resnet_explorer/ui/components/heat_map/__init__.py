"""Draws the gradient flow of runs while they train: a map a line, unit by step."""
