"""Step 4, conditions: what a rule can ask. A new condition is a function and one line in CONDITIONS.

A condition whose answer is a plain fact is one line in FACTS (plain_facts.py). Conditions are compiled once, when the
policy is loaded, to closures over the facts that answer True, False or None (unknown, a needed reading is missing).
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from moderation.enums import Category, HashBankAction

from .document import ListNode, MapNode, Node, ScalarNode
from .expert import compile_expression
from .facts import HASH_BANKS, TERM_LISTS, Facts
from .faults import did_you_mean
from .logic import all_of, any_of, not_
from .operators import Judge, Kind, compile_operators, judge_of, words_of
from .plain_facts import FACTS, METADATA, compile_fact, is_fact
from .reader import Reader
from .schema import Condition, Leaf, Test, Truth

MAX_DEPTH = 8
MAX_ENTRIES = 200
MAX_EXPRESSION = 1_000
UNKNOWN_LANGUAGE = "unknown"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*|unknown")


@dataclass(frozen=True, slots=True)
class Written:
    """One condition as it stands in the document: its key, the value under it, and the mapping around both."""

    key: str
    value: Node
    whole: MapNode
    path: str
    depth: int
    reader: Reader

    @property
    def value_path(self) -> str:
        """The address of the value."""
        return f"{self.path}.{self.key}"


def compile_condition(node: Node, path: str, reader: Reader, *, depth: int = 1) -> Condition | None:
    """The condition written in ``node``, or None when it has faults (noted on ``reader``)."""
    whole = reader.mapping(node, path, shape="as in {category: spam, at_least: 0.9}")
    if whole is None:
        return None
    if depth > MAX_DEPTH:
        reader.fault(node.place, path, f"conditions nest deeper than {MAX_DEPTH} levels", "split the rule")
        return None
    asked = [key for key in whole.entries if _builder(key, reader)]
    if len(asked) != 1:
        _note_not_one(asked, whole, path, reader)
        return None
    key = asked[0]
    if key not in SCORE_CONDITIONS:
        reader.known_keys(whole, [key], path)
    builder = _builder(key, reader)
    return builder(Written(key, whole.entries[key], whole, path, depth, reader)) if builder else None


def _builder(key: str, reader: Reader) -> "Builder | None":
    return CONDITIONS.get(key) or (_fact if is_fact(key, reader) else None)


def _note_not_one(asked: list[str], whole: MapNode, path: str, reader: Reader) -> None:
    if asked:
        place, shown = whole.places[asked[1]], " and ".join(repr(key) for key in asked)
        reader.fault(place, path, f"{shown} stand in one condition", "put each in its own entry under 'all' or 'any'")
        return
    for key in whole.entries:
        hint = did_you_mean(key, [*CONDITIONS, *FACTS, *reader.more_facts, METADATA + "<key>"])
        reader.fault(whole.places[key], f"{path}.{key}", f"{key!r} is not known here", hint, code="unknown_key")
    if not whole.entries:
        reader.fault(whole.place, path, "the condition is empty", "as in {category: spam, at_least: 0.9}")


# Logic.


def _join(join: Callable[[Iterable[Test]], Test], parts: list[Condition]) -> Condition:
    return Condition(
        test=parts[0].test if len(parts) == 1 else join(part.test for part in parts),
        leaves=tuple(leaf for part in parts for leaf in part.leaves),
        needs=frozenset().union(*(part.needs for part in parts)),
        term_lists=frozenset().union(*(part.term_lists for part in parts)),
        hash_banks=frozenset().union(*(part.hash_banks for part in parts)),
    )


def _group(written: Written) -> Condition | None:
    join = all_of if written.key == "all" else any_of
    shape = "give it one condition an entry"
    nodes = written.reader.items(written.value, written.value_path, shape=shape, at_most=MAX_ENTRIES)
    parts = [
        compile_condition(node, f"{written.value_path}[{index}]", written.reader, depth=written.depth + 1)
        for index, node in enumerate(nodes)
    ]
    found = [part for part in parts if part is not None]
    return _join(join, found) if found else None


def _not(written: Written) -> Condition | None:
    inner = compile_condition(written.value, written.value_path, written.reader, depth=written.depth + 1)
    if inner is None:
        return None
    leaves = tuple(replace(leaf, affirmed=not leaf.affirmed) for leaf in inner.leaves)
    return replace(inner, test=not_(inner.test), leaves=leaves)


# Scores.


def score_test(category: str, judge: Judge) -> Test:
    """Judges the category's score: unknown when the reading is missing or not a number, false when not covered."""

    def test(facts: Facts) -> Truth:
        if category in facts.unavailable:
            return None
        score = facts.scores.get(category)
        if score is None:
            return False if category in facts.not_covered else None
        return None if score != score else judge(score)

    return test


def _score(written: Written) -> Condition | None:
    reader = written.reader
    names = reader.one_or_more(written.value, written.value_path, lambda n, at: reader.choice(n, at, Category.values))
    if written.key == "category" and isinstance(written.value, ListNode):
        reader.fault(written.value.place, written.value_path, "'category' names one", "use 'any_of' for several")
    compared = compile_operators(written.whole, written.path, Kind.SCORE, reader, skip=written.key)
    if not names or not compared:
        return None
    judge, words, threshold = judge_of(compared), words_of(compared), compared[0].threshold
    return _join(any_of, [_score_condition(name, judge, words, threshold) for name in dict.fromkeys(names)])


def _score_condition(category: str, judge: Judge, words: str, threshold: float | None) -> Condition:
    test = score_test(category, judge)
    return Condition(test, (Leaf(f"{category} {words}", test, category, threshold),), frozenset({category}))


# Facts.


def _fact(written: Written) -> Condition | None:
    found = compile_fact(written.key, written.value, written.value_path, written.reader)
    return _plain(*found) if found else None


def _plain(words: str, test: Test, *, needs: frozenset[str] = frozenset()) -> Condition:
    return Condition(test, (Leaf(words, test),), needs)


def _language(written: Written) -> Condition | None:
    """The content's language: ``en`` stands for ``en-GB`` too, ``unknown`` where none could be told."""

    def read(node: Node, path: str) -> str | None:
        if isinstance(node, ScalarNode) and _LANGUAGE.fullmatch(str(node.value)):
            return str(node.value).lower()
        written.reader.fault(node.place, path, "not a language", "use a code such as en, pt-BR or unknown")
        return None

    wanted = written.reader.one_or_more(written.value, written.value_path, read)

    def test(facts: Facts) -> Truth:
        language = facts.language.lower() or UNKNOWN_LANGUAGE
        return any(language == one or language.startswith(f"{one}-") for one in wanted)

    return _plain(f"language is {' or '.join(wanted)}", test) if wanted else None


def _list_names(written: Written) -> tuple[str, ...]:
    reader = written.reader
    return reader.one_or_more(written.value, written.value_path, lambda node, at: reader.text(node, at, at_most=100))


def _term_list(written: Written) -> Condition | None:
    """Whether one of the named site lists had a hit; unknown when the lists could not be consulted."""
    wanted = frozenset(_list_names(written))

    def test(facts: Facts) -> Truth:
        return None if facts.term_lists is None else not wanted.isdisjoint(facts.term_lists)

    words = f"term list {' or '.join(sorted(wanted))}"
    return replace(_plain(words, test, needs=frozenset({TERM_LISTS})), term_lists=wanted) if wanted else None


def _hash_bank(written: Written) -> Condition | None:
    """Whether one of the named hash banks knows an image; unknown when an image could not be compared."""
    wanted = frozenset(_list_names(written))

    def test(facts: Facts) -> Truth:
        return None if facts.hash_banks is None else not wanted.isdisjoint(facts.hash_banks)

    words = f"hash bank {' or '.join(sorted(wanted))}"
    return replace(_plain(words, test, needs=frozenset({HASH_BANKS})), hash_banks=wanted) if wanted else None


def _hash_bank_action(written: Written) -> Condition | None:
    """Whether a bank of that action, whatever its name, knows an image."""
    reader = written.reader
    wanted = reader.one_or_more(
        written.value, written.value_path, lambda node, at: reader.choice(node, at, HashBankAction.values)
    )

    def test(facts: Facts) -> Truth:
        return None if facts.hash_banks is None else any(action in wanted for action in facts.hash_banks.values())

    words = f"a hash bank says {' or '.join(wanted)}"
    return _plain(words, test, needs=frozenset({HASH_BANKS})) if wanted else None


def _cel(written: Written) -> Condition | None:
    source = written.reader.text(written.value, written.value_path, at_most=MAX_EXPRESSION)
    if source is None or not written.reader.afford(written.value, written.value_path, "expressions", 1):
        return None
    compiled = compile_expression(source)
    if isinstance(compiled, str):
        written.reader.fault(written.value.place, written.value_path, compiled)
        return None
    return _plain("the expression holds", compiled.test, needs=compiled.needs)


Builder = Callable[[Written], Condition | None]

SCORE_CONDITIONS = ("category", "any_of")

CONDITIONS: dict[str, Builder] = {
    "all": _group,
    "any": _group,
    "not": _not,
    "category": _score,
    "any_of": _score,
    "language": _language,
    "term_list": _term_list,
    "hash_bank": _hash_bank,
    "hash_bank_action": _hash_bank_action,
    "cel": _cel,
}
