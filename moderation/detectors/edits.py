"""Step 3, for the normaliser: changes a text and keeps its map back to what the user wrote."""

from collections.abc import Iterable, Sequence

Offsets = Sequence[int]
Edit = tuple[int, int, str]


def replaced(text: str, offsets: Offsets, edits: Iterable[Edit]) -> tuple[str, Offsets]:
    """Text and map with each ``(start, end, new)`` done; edits in order and apart, an insertion (start = end) not last.

    What is put in maps into the place of what it replaces: evenly over it, an insertion to the character behind it.
    """
    pieces: list[str] = []
    kept: list[int] = []
    position = 0
    for start, end, new in edits:
        pieces += text[position:start], new
        kept.extend(offsets[position:start])
        width, length = end - start, len(new)
        if width == length:
            kept.extend(offsets[start:end])
        else:
            kept.extend([offsets[start + at * width // length] for at in range(length)])
        position = end
    if not pieces:
        return text, offsets
    pieces.append(text[position:])
    kept.extend(offsets[position:])
    return "".join(pieces), kept
