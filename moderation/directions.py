"""Characters that change the direction of writing: refused in ids by ingest, named instead of obeyed by the console.

Unicode's explicit directional characters (UAX #9, section 2). They show nothing themselves, so that two ids with and
without one look alike, and a name can be read as another.
"""

MARKS = frozenset("\u200e\u200f")
# Embeddings, overrides and isolates, each with its end.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
ALL = MARKS | TURNING
_NAMES = {ord(character): f"[U+{ord(character):04X}]" for character in TURNING}


def inert(text: str) -> str:
    """The text with what would turn its letters round named: ``[U+202E]``. Marks stay: Hebrew and Arabic need them."""
    return text.translate(_NAMES)
