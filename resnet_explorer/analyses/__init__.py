"""What can be measured inside a network, untrained or trained: one file an analysis, and a table of them."""
