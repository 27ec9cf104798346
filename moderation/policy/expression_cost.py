"""Step 4, what an expression may cost: CEL has no limit of its own, and holds the whole process while it runs.

A loop is one of CEL's macros over a list. What would take more than the square of a small number of steps is refused
when the policy is loaded; how many members a loop may meet is bounded when it runs.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import re2

from .operators import compile_pattern

MAX_LOOPS = 3
MAX_MEMBERS = 500
"""Of ``metadata``, ``term_lists`` and ``hash_banks`` together, with everything within, for an expression that loops."""
MAX_ADDITIONS = 16
MAX_PATTERN_STEPS = 100
"""Of all patterns of an expression, as RE2 counts the steps of a compiled one."""

_LOOPS = frozenset({"all", "exists", "exists_one", "map", "filter"})
_NOT_IN_A_LOOP = frozenset({"text", "metadata", "matches"})
_TOKEN = re.compile(
    r"(?P<space>\s+|//[^\n]*)"
    r"|(?P<text>(?:[bB]?[rR]|[rR][bB])(?:'''.*?'''|\"\"\".*?\"\"\"|'[^'\n]*'|\"[^\"\n]*\")"
    r"|[bB]?(?:'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"))"
    r"|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<number>\d[\w.]*)"
    r"|(?P<mark>[^'\"])",
    re.DOTALL | re.ASCII,
)


class TooManyMembers(ValueError):
    """A loop would go over more than ``MAX_MEMBERS``; the rule fails, and a person decides."""


def loops_of(source: str) -> int:
    """How many loops stand in an expression."""
    return sum(1 for _ in _calls(_tokens(source), _LOOPS))


def too_costly(source: str) -> str:
    """What of a compiled expression might take too long, and what to write instead; empty when nothing does."""
    tokens = _tokens(source)
    if "".join(tokens) != "".join(found[0] for found in _TOKEN.finditer(source) if found.lastgroup != "space"):
        return "a quotation mark is out of place"
    loops, additions = list(_calls(tokens, _LOOPS)), tokens.count("+")
    if any(tokens[at - 1] == "map" for at in loops):  # it copies, for every member, what it has made so far
        return "'map' is not taken; ask about the members themselves, as in xs.exists(x, x.size() > 3)"
    if len(loops) > MAX_LOOPS:
        return f"has {len(loops)} loops (all, exists, exists_one, filter); at most {MAX_LOOPS}, or split the rule"
    if additions > MAX_ADDITIONS:
        return f"adds {additions} times; at most {MAX_ADDITIONS}"
    if additions and (loops or "matches" in tokens):
        return "'+' may not stand in one expression with a loop or 'matches'; split the condition with all or any"
    return next(filter(None, (_wrong_within(tokens, at) for at in loops)), "") or _costly_patterns(tokens)


def check_members(values: Mapping[str, Any]) -> None:
    """Raises TooManyMembers for more than a loop may meet in the lists and maps that an expression sees."""
    waiting: list[Any] = [values[name] for name in ("metadata", "term_lists", "hash_banks") if name in values]
    members = 0
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict | list):
            members += len(value)
            if members > MAX_MEMBERS:
                raise TooManyMembers(f"more than {MAX_MEMBERS} members")
            waiting.extend(value.values() if isinstance(value, dict) else value)


def _tokens(source: str) -> list[str]:
    return [found[0] for found in _TOKEN.finditer(source) if found.lastgroup != "space"]


def _calls(tokens: list[str], names: frozenset[str]) -> Iterator[int]:
    """Where one of the names is called: the place of its opening bracket."""
    return (at + 1 for at, token in enumerate(tokens[:-1]) if token in names and tokens[at + 1] == "(")


def _wrong_within(tokens: list[str], opening: int) -> str:
    within = tokens[opening : _closing(tokens, opening)]
    if inner := next(_calls(within, _LOOPS), None):
        return f"{within[inner - 1]!r} stands within {tokens[opening - 1]!r}: a loop within a loop is not taken"
    if name := next((token for token in within if token in _NOT_IN_A_LOOP), ""):
        return f"{name!r} may not stand within {tokens[opening - 1]!r}: it would be read for every member"
    return ""


def _closing(tokens: list[str], opening: int) -> int:
    depth = 0
    for at in range(opening, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[at], 0)
        if not depth:
            return at
    return len(tokens)


def _costly_patterns(tokens: list[str]) -> str:
    """The pattern of ``matches`` has to be written out, so that its cost is known before it meets a text."""
    from cel import evaluate as evaluate_cel

    steps = 0
    for at in _calls(tokens, frozenset({"matches"})):
        patterns = [token for token in tokens[at + 1 : _closing(tokens, at)] if token[-1] in "'\""]
        is_written_out = len(patterns) == 1 and tokens[_closing(tokens, at) - 1] == patterns[0]
        is_alone = is_written_out and (tokens[at + 1] == patterns[0] or tokens[at + 2] == ",")
        if not is_alone or not isinstance(pattern := evaluate_cel(patterns[0], {}), str):
            return "the pattern of 'matches' has to be written out, as in text.matches('a+')"
        try:
            steps += compile_pattern(pattern).programsize
        except re2.error:
            return "'matches' takes patterns of RE2: no look-around, no back-references"
    if steps > MAX_PATTERN_STEPS:
        return f"its patterns take {steps} steps a character, at most {MAX_PATTERN_STEPS}; use 'text: {{matches: ...}}'"
    return ""
