"""The images that a run trains on: drawn, downloaded, or read from a user's folder, and batches of them.

Prepared images are kept on disk as packs. Which data sets there are is said in `runs/datasets`.
"""
