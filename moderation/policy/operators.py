"""Step 4, comparisons: the words a condition compares with, one function and one line in OPERATORS each.

An operator reads its operand from the document once and answers a closure that judges a value.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import re2

from .document import ListNode, MapNode, Node, ScalarNode
from .reader import Reader, kind_of

MAX_PATTERN = 1_000
MAX_WORD = 200
_PATTERN_MEMORY = 2 << 20  # bytes RE2 may spend on one pattern

Judge = Callable[[Any], bool]


class Kind(Enum):
    """What a fact holds, and so which operators it takes."""

    SCORE = "a score"
    NUMBER = "a number"
    TEXT = "text"
    WORD = "one of a few words"
    FLAG = "true or false"
    ANY = "any value"


@dataclass(frozen=True, slots=True)
class Operand:
    """Where an operand stands and what is compared with it."""

    node: Node
    path: str
    kind: Kind
    reader: Reader
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """A compiled comparison. ``threshold`` is the score a match has to reach, where there is one."""

    words: str
    judge: Judge
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Operator:
    """How an operator is compiled, which kinds of fact it is for, and which values it can judge at all."""

    compile: Callable[[Operand], Comparison | None]
    kinds: frozenset[Kind]
    judges: Judge


def _number(operand: Operand, node: Node, path: str) -> float | None:
    low, high = (0.0, 1.0) if operand.kind is Kind.SCORE else (-1e15, 1e15)
    return operand.reader.number(node, path, low=low, high=high)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_given(value: Any) -> bool:
    return value is not None


def _at_least(operand: Operand) -> Comparison | None:
    limit = _number(operand, operand.node, operand.path)
    if limit is None:
        return None
    return Comparison(f"at least {limit:g}", lambda value: value >= limit, limit)


def _at_most(operand: Operand) -> Comparison | None:
    limit = _number(operand, operand.node, operand.path)
    if limit is None:
        return None
    return Comparison(f"at most {limit:g}", lambda value: value <= limit, limit)


def _between(operand: Operand) -> Comparison | None:
    if not isinstance(operand.node, ListNode) or len(operand.node.items) != 2:
        operand.reader.fault(
            operand.node.place, operand.path, "expected two numbers", "as in [0.6, 0.9], ends included"
        )
        return None
    low, high = (_number(operand, node, f"{operand.path}[{i}]") for i, node in enumerate(operand.node.items))
    if low is None or high is None:
        return None
    if low > high:
        operand.reader.fault(
            operand.node.place, operand.path, f"{low:g} is above {high:g}", "put the lower number first"
        )
        return None
    return Comparison(f"between {low:g} and {high:g}", lambda value: low <= value <= high, low)


def _plain(operand: Operand, node: Node, path: str) -> str | float | bool | None:
    """A value to be equal to; a flag never equals a number."""
    if operand.kind is Kind.FLAG:
        return operand.reader.flag(node, path)
    if operand.kind is Kind.NUMBER:
        return operand.reader.number(node, path)
    if operand.choices:
        return operand.reader.choice(node, path, operand.choices)
    if isinstance(node, ScalarNode) and node.value is not None:
        return node.value
    operand.reader.fault(node.place, path, f"expected one value, found {kind_of(node)}")
    return None


def _same(left: Any, right: Any) -> bool:
    return isinstance(left, bool) is isinstance(right, bool) and left == right


def _equals(operand: Operand) -> Comparison | None:
    wanted = _plain(operand, operand.node, operand.path)
    if wanted is None:
        return None
    return Comparison(f"is {wanted}".lower(), lambda value: _same(value, wanted))


def _in(operand: Operand) -> Comparison | None:
    nodes = operand.reader.items(operand.node, operand.path, shape="as in [free, trial]", at_most=500)
    wanted = [_plain(operand, node, f"{operand.path}[{i}]") for i, node in enumerate(nodes)]
    known = [value for value in wanted if value is not None]
    if not known:
        return None
    return Comparison(f"is one of {len(known)}", lambda value: any(_same(value, one) for one in known))


def _contains(operand: Operand) -> Comparison | None:
    reader = operand.reader
    words = reader.one_or_more(operand.node, operand.path, lambda node, at: reader.text(node, at, at_most=MAX_WORD))
    folded = tuple(word.casefold() for word in words)
    if not folded:
        return None

    def judge(value: str) -> bool:
        text = value.casefold()
        return any(word in text for word in folded)

    return Comparison("contains a given phrase", judge)


def compile_pattern(pattern: str) -> re2._Regexp:
    """A linear-time pattern (RE2). Raises re2.error with the reason when it is not one."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _PATTERN_MEMORY
    return re2.compile(pattern, options)


def _matches(operand: Operand) -> Comparison | None:
    pattern = operand.reader.text(operand.node, operand.path, at_most=MAX_PATTERN)
    if pattern is None or not operand.reader.afford(operand.node, operand.path, "steps of patterns", 0):
        return None
    try:
        compiled = compile_pattern(pattern)
    except re2.error as error:
        why = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
        hint = "patterns are RE2: no look-around, no back-references"
        operand.reader.fault(operand.node.place, operand.path, f"not a pattern: {why}", hint)
        return None
    if not operand.reader.afford(operand.node, operand.path, "steps of patterns", compiled.programsize):
        return None
    return Comparison("matches a pattern", lambda value: compiled.search(value) is not None)


_ORDERED = frozenset({Kind.SCORE, Kind.NUMBER, Kind.ANY})
_EQUAL = frozenset({Kind.NUMBER, Kind.TEXT, Kind.WORD, Kind.FLAG, Kind.ANY})
_WORDED = frozenset({Kind.TEXT, Kind.ANY})

OPERATORS: dict[str, Operator] = {
    "at_least": Operator(_at_least, _ORDERED, _is_number),
    "at_most": Operator(_at_most, _ORDERED, _is_number),
    "between": Operator(_between, _ORDERED, _is_number),
    "equals": Operator(_equals, _EQUAL, _is_given),
    "in": Operator(_in, _EQUAL, _is_given),
    "contains": Operator(_contains, _WORDED, _is_text),
    "matches": Operator(_matches, _WORDED, _is_text),
}


def operators_for(kind: Kind) -> list[str]:
    """The words that compare facts of this kind."""
    return [word for word, operator in OPERATORS.items() if kind in operator.kinds]


def compile_operators(
    node: MapNode, path: str, kind: Kind, reader: Reader, *, skip: str = "", choices: tuple[str, ...] = ()
) -> list[Comparison]:
    """The comparisons written in ``node``, all of which must hold.

    ``skip`` is the key that names the fact itself, ``choices`` are the words the fact can be.
    """
    allowed = operators_for(kind)
    reader.known_keys(node, [*allowed, skip] if skip else allowed, path)
    written = [word for word in node.entries if word in allowed and word != skip]
    if not written and not set(node.entries) - {skip}:
        reader.fault(node.place, path, "nothing to compare with", f"add one of: {', '.join(allowed)}")
    operands = [(word, Operand(node.entries[word], f"{path}.{word}", kind, reader, choices)) for word in written]
    found = [_compile(OPERATORS[word], operand) for word, operand in operands]
    _refuse_empty_range(dict(zip(written, found, strict=True)), node, path, reader)
    return [comparison for comparison in found if comparison is not None]


def judge_of(comparisons: Sequence[Comparison]) -> Judge:
    """Whether a value meets all of them; there is at least one."""
    judges = [comparison.judge for comparison in comparisons]
    return judges[0] if len(judges) == 1 else lambda value: all(judge(value) for judge in judges)


def words_of(comparisons: Sequence[Comparison]) -> str:
    """All of them, as they are told."""
    return " and ".join(comparison.words for comparison in comparisons)


def _compile(operator: Operator, operand: Operand) -> Comparison | None:
    """The comparison; for a fact of any type it is false, not an error, on a value it cannot judge."""
    found = operator.compile(operand)
    if found is None or operand.kind is not Kind.ANY:
        return found
    judges, judge = operator.judges, found.judge
    return replace(found, judge=lambda value: judges(value) and judge(value))


def _refuse_empty_range(found: dict[str, Comparison | None], node: MapNode, path: str, reader: Reader) -> None:
    low, high = found.get("at_least"), found.get("at_most")
    if low and high and low.threshold is not None and high.threshold is not None and low.threshold > high.threshold:
        reader.fault(node.place, path, "no value is 'at_least' and 'at_most' these at once", "swap the two numbers")
