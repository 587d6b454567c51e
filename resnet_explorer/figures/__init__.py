"""Figures: data in, Plotly's traces and layout out; the colours of the lanes, and the scale of heat maps.

Plotly is imported here alone. A figure knows no verb, run or page: rooms above hand it numbers.
"""
