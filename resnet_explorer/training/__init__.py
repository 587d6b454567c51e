"""Training of one experiment with torch: the loop, engines, optimisers, statistics, and checkpoints.

`loop.train` is a generator of events; whoever pulls it decides where it runs and writes the events down.
`data/` loads the images. Nothing here knows of processes, queues or the page.
"""
