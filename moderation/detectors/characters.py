"""Step 3, a table of what each character is read as, worked out at the first meeting and kept."""

from collections.abc import Callable

_MOST_KEPT = 16_384  # hostile text must not fill the memory


class CharacterTable(dict[str, str]):
    """One original character to what it is read as: none, one or several. ``read`` works out a character's form."""

    def __init__(self, read: Callable[[str], str]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, character: str) -> str:
        found = self._read(character)
        if len(self) < _MOST_KEPT:
            self[character] = found
        return found
