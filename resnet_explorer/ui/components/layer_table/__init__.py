"""The table of layers, of a difference, and of totals."""
