"""Step 3, beside the detectors: which contents say nearly the same, so that a spam wave is one cluster.

A content joins the cluster of the likest text that its client sent within the window, and else begins one. The window
bounds what is compared and what is counted: a wave that has been silent for as long ends its cluster.

``clusters.py`` groups a batch by likeness, ``queries.py`` asks the database, ``placement.py`` places and saves contents
by both, and ``reading.py`` answers what is like a content.
"""
