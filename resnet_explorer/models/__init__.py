"""torch modules: the network of a plan, its initial weights, and measurements of it at initialisation.

What a network consists of is decided in `networks/`; here it is built. Nothing here trains.
"""
