"""The editor of the lanes."""
