"""A network as PyTorch source and as a notebook, printed from the very layers of its plan."""
