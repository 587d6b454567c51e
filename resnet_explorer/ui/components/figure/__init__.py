"""Draws a Plotly figure that keeps its zoom over updates, with caption, data table and downloads."""
