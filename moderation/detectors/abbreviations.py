"""Step 3, for the normaliser: writes out abbreviations that hurt, so that the models read what they say."""

import re
from itertools import islice

# Written by hand. No abbreviation that also is a word, a unit or a name in everyday use.
_MEANINGS = {
    "kys": "kill yourself",
    "stfu": "shut the fuck up",
    "gtfo": "get the fuck out",
    "gtfoh": "get the fuck out of here",
    "foad": "fuck off and die",
    "diaf": "die in a fire",
    "gfy": "go fuck yourself",
    "gfys": "go fuck yourself",
    "kysnow": "kill yourself now",
}
_ABBREVIATED = re.compile(rf"(?<![^\W_])(?<![@#/.])(?:{'|'.join(sorted(_MEANINGS, reverse=True))})(?![^\W_])")
_MOST = 200  # abbreviations of one text that are written out


def written_out(text: str) -> list[tuple[int, int, str]]:
    """Edits that set behind each abbreviation what it stands for."""
    return [
        (*match.span(), f"{match[0]} {_MEANINGS[match[0]]}") for match in islice(_ABBREVIATED.finditer(text), _MOST)
    ]
