"""Draws what runs measure while they train: their curves, and where each of them stands."""
