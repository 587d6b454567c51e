"""One run on several processes of this machine, a GPU each, with the mathematics of one process."""
