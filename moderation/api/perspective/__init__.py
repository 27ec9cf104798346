"""Step 1, the second vendor's door: comments in Perspective's shape, scored and forgotten.

``views.py`` tells the story: a key from where Google's clients put it, ``shapes.py`` for what may be sent,
``scores.py`` and ``suggestion.py`` for the answers, ``markup.py``, ``sentences.py`` and ``offsets.py`` for the spans,
``errors.py`` for Google's error envelope, ``discovery.py`` for the document from which its clients are built.
"""
