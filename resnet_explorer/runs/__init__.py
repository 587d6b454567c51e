"""Runs as plain values and files: experiments, recipes, data sets, events, and the folder of a run.

What a run is, what happened to it, and how that is written to disk and read back belongs here. Nothing here
trains, starts a process, or loads torch; `index/` has the only SQLite.
"""
