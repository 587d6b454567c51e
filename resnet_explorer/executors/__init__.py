"""Who works, and where: the supervisor of a home, the queue, the executors of runs, and the pool that computes.

An executor takes a run's folder and writes its events; the pool answers calls, such as one pass of a probe. What the
work is, is entered by its dotted name, so that nothing here loads torch before it is needed.
"""
