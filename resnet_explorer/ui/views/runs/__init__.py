"""The view Runs: all runs of the home in a table, one in detail, some compared, and cost against error."""
