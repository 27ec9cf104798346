"""Beside the pipeline: each site teaches the text model by what its moderators decide.

``examples.py`` gathers what was decided, ``features.py`` has the text model read it, ``fit.py`` fits a head,
``trial.py`` compares it with the base model on examples it was not fitted on, ``training.py`` tells the whole story,
and ``activation.py`` puts a version in force or out of it.
"""
