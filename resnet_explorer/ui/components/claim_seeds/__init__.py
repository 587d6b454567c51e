"""Each seed's numbers of a part, with its runs."""
