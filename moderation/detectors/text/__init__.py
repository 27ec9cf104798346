"""Step 3, the text model: linear heads on every text, a small transformer where they are unsure, one calibrated answer.

``detector.py`` tells the story; ``windows.py`` cuts long texts, ``encoder.py`` is the transformer, ``stack.py`` makes
probabilities of both, ``outward.py`` names them as the world does, ``minors.py`` is the one rule.
"""
