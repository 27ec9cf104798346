"""Step 4, plain facts: what a rule compares as it stands. A new one is one line in FACTS."""

from collections.abc import Callable
from typing import Any, NamedTuple

import re2

from moderation.enums import TrustLevel

from .document import ListNode, MapNode, Node
from .facts import Facts
from .operators import Comparison, Judge, Kind, compile_operators, judge_of, words_of
from .reader import Reader
from .schema import Test, Truth

METADATA = "metadata."
_URL = re2.compile(r"(?i)\b(?:https?://|www\.)[^\s]|\b[a-z0-9-]{1,63}\.[a-z]{2,18}/[^\s]")


class Fact(NamedTuple):
    """A plain fact: what it holds, where it is found, and the words it can be, where these are fixed.

    A fact that reads as None is not known: every comparison with it is false.
    """

    kind: Kind
    read: Callable[[Facts], Any]
    choices: tuple[str, ...] = ()


def has_url(text: str) -> bool:
    """Whether the text carries a web address: a scheme, ``www.``, or a domain followed by a path."""
    return _URL.search(text) is not None


FACTS: dict[str, Fact] = {
    "text": Fact(Kind.TEXT, lambda facts: facts.text),
    "text.length": Fact(Kind.NUMBER, lambda facts: len(facts.text)),
    "has_url": Fact(Kind.FLAG, lambda facts: has_url(facts.text)),
    "near_duplicates": Fact(Kind.NUMBER, lambda facts: facts.near_duplicates),
    "author.trusted": Fact(Kind.FLAG, lambda facts: facts.author and facts.author.trusted),
    "author.trust": Fact(Kind.WORD, lambda facts: facts.author and facts.author.trust, tuple(TrustLevel.values)),
    "author.suspended": Fact(Kind.FLAG, lambda facts: facts.author and facts.author.suspended),
    "author.prior_rejections": Fact(Kind.NUMBER, lambda facts: facts.author and facts.author.prior_rejections),
    "author.prior_approvals": Fact(Kind.NUMBER, lambda facts: facts.author and facts.author.prior_approvals),
    "author.reach": Fact(Kind.NUMBER, lambda facts: facts.author and facts.author.reach),
    "author.age_days": Fact(Kind.NUMBER, lambda facts: facts.author and facts.author.age_days),
}


def is_fact(key: str, reader: Reader) -> bool:
    """Whether a condition of this key asks for a fact: one of ours, of the document's own, or of the metadata."""
    return key in FACTS or key in reader.more_facts or (key.startswith(METADATA) and len(key) > len(METADATA))


def compile_fact(key: str, value: Node, path: str, reader: Reader) -> tuple[str, Test] | None:
    """The fact ``key`` compared with what stands at ``path``: in words, and as a test; None where that has faults."""
    known: Fact | None = FACTS.get(key) or reader.more_facts.get(key)
    fact = known or Fact(Kind.ANY, _metadata_reader(key))
    compared = _compared(fact, value, path, reader)
    return (f"{key} {words_of(compared)}", _test(fact.read, judge_of(compared))) if compared else None


def _compared(fact: Fact, value: Node, path: str, reader: Reader) -> list[Comparison]:
    """A mapping holds operators; a bare value is short for ``equals``, a list for ``in`` (not for the text itself)."""
    if isinstance(value, MapNode) or fact.kind is Kind.TEXT:
        whole = reader.mapping(value, path, shape="as in {contains: [buy now, free money]}")
        return compile_operators(whole, path, fact.kind, reader, choices=fact.choices) if whole else []
    word = "in" if isinstance(value, ListNode) else "equals"
    short = MapNode({word: value}, {word: value.place}, value.place)
    return compile_operators(short, path, fact.kind, reader, choices=fact.choices)


def _test(read: Callable[[Facts], Any], judge: Judge) -> Test:
    def test(facts: Facts) -> Truth:
        value = read(facts)
        return value is not None and judge(value)

    return test


def _metadata_reader(key: str) -> Callable[[Facts], Any]:
    steps = key.removeprefix(METADATA).split(".")

    def read(facts: Facts) -> Any:
        value: Any = facts.metadata
        for step in steps:
            value = value.get(step) if hasattr(value, "get") else None
        return value

    return read
