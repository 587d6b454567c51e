"""The parts of one claim, each with its verdict and its rule."""
