"""The view Atlas: every ordering of a few words as a map, how each starts, and how it trains."""
