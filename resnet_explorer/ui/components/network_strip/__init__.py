"""The whole network on one strip."""
