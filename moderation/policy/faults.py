"""Step 4, bad documents: what is wrong in a policy document, where, and how to mend it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple


class Place(NamedTuple):
    """Where a value stands in the document, counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a document.

    ``path`` is the address of the value (``rules[2].when.all[0].at_leats``), ``message`` names the rule and the
    fault, ``hint`` the mend (empty where the message says enough). ``code`` is its kind: never rename one.
    """

    line: int
    column: int
    path: str
    message: str
    hint: str = ""
    code: str = "invalid_value"

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" + (f"; {self.hint}" if self.hint else "")


class PolicyError(ValueError):
    """A policy document cannot be used. ``faults`` holds everything that is wrong with it, in document order."""

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        self.name = name
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.line, fault.column)))
        super().__init__("\n".join(f"{name}: {fault}" for fault in self.faults))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The hint for a misspelt word: the nearest known one, or all of them when none is near."""
    choices = sorted(known)
    near = get_close_matches(word, choices, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known are: {', '.join(choices)}"
