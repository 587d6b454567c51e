"""Networks as frozen values, their families, and what follows from one without torch: layers, memory, limits.

A network comes in as fields or as one line of text. Nothing here knows how it is drawn, built or trained.
"""
