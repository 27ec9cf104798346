"""Step 3, for the normaliser: reads words whose letters stand on their heads, written forwards or backwards."""

import re

from moderation.detectors.vocabulary import vocabulary

_TURNED = "ɐɔǝɟƃɥᴉıɾʞɯɹʇʌʍʎ"
_UPRIGHT = "acefghiijkmrtvwy"
# Letters that, turned, look like another letter; they count as turned only beside one that can be nothing else.
_UPSIDE_DOWN = str.maketrans(_TURNED + "bqdpnul", _UPRIGHT + "qbpdunl")
_ONLY_TURNED = re.compile(f"[{_TURNED.replace('ı', '')}]")
_WORD = re.compile(f"[{_TURNED}a-z]{{2,24}}")


def upright(text: str) -> str:
    """The text with turned words that are known ones set upright; the length stays. Linear in time."""
    return _WORD.sub(_upright_word, text) if _ONLY_TURNED.search(text) else text


def _upright_word(match: re.Match[str]) -> str:
    if not _ONLY_TURNED.search(match[0]):
        return match[0]
    word = match[0].translate(_UPSIDE_DOWN)
    known = vocabulary().levels
    return max((word, word[::-1], match[0]), key=lambda reading: known.get(reading, -1 if reading == match[0] else -2))
