"""Who works on runs, and where: the supervisor of a home, the queue, and the executors that do the work.

An executor takes a run's folder and writes its events; what the work is, is entered by its dotted name, so that
nothing here loads torch before a run needs it.
"""
