"""The command line: each verb as a subcommand, its answer as text or JSON, and progress in a terminal.

It calls the verbs of `api` and prints; what a verb computes does not belong here.
"""
