"""Studies: claims of papers as data, how each is measured and judged, and the statistics of it.

Nothing here loads torch: a study asks for runs and analyses by what they are, and reads their numbers.
"""
