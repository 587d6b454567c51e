"""The view Claims: what the papers say, judged on the visitor's own machine by rules that were fixed before."""
