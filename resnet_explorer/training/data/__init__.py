"""The images that a run trains on: drawn, downloaded, or read from a user's folder, and batches of them.

Prepared images are kept on disk as packs. `runs/datasets` lists the data sets there are.
"""
