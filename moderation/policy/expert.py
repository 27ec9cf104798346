"""Step 4, expert conditions: a CEL expression over the facts, for what the plain conditions cannot say.

The CEL package is imported with the first expression, because its import takes half a second.
"""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from moderation.enums import Category

from .expression_cost import check_members, loops_of, too_costly
from .facts import HASH_BANKS, TERM_LISTS, AuthorFacts, Facts
from .faults import did_you_mean
from .schema import Test, Truth

if TYPE_CHECKING:
    from cel import Program


def _author(facts: Facts) -> dict[str, Any]:
    author = facts.author or AuthorFacts()
    known = {key: value for key, value in asdict(author).items() if value is not None}
    return {**known, "trusted": author.trusted, "known": facts.author is not None}


VARIABLES: dict[str, Callable[[Facts], Any]] = {
    "author": _author,
    "language": lambda facts: facts.language,
    "near_duplicates": lambda facts: facts.near_duplicates,
    "metadata": lambda facts: dict(facts.metadata),
    "scores": lambda facts: {category: float(score) for category, score in facts.scores.items()},
    HASH_BANKS: lambda facts: sorted(facts.hash_banks or ()),
    TERM_LISTS: lambda facts: sorted(facts.term_lists or ()),
    "text": lambda facts: facts.text,
}
"""What an expression sees. A category that was not read, or is not covered, is not in ``scores``."""

_BOUND = re.compile(r"\.(?:all|exists|exists_one|map|filter)\s*\(\s*(\w+)")
_SCORES = re.compile(r"(?<![\w.])scores\b")
_ONE_SCORE = re.compile(r"""(?<![\w.])scores\s*(?:\.\s*(\w+)|\[\s*(?:'([^'\\]*)'|"([^"\\]*)")\s*\])""")
_COMPILE_ERRORS = (ValueError, RuntimeError, TypeError)


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression and the readings it names."""

    test: Test
    needs: frozenset[str]


def compile_expression(source: str) -> Expression | str:
    """The expression ready to run, or what is wrong with it."""
    from cel import compile as compile_cel  # imported late: it takes half a second

    try:
        program = compile_cel(source)
    except _COMPILE_ERRORS as error:
        return f"not a CEL expression: {_first_line(error)}"
    needs = _needs(source, program)
    wrong = (
        _unknown_names(source, program) or _unknown_category(needs) or too_costly(source) or _wrong_on_a_sample(program)
    )
    return wrong or Expression(_test(program, needs, loops=loops_of(source) > 0), needs)


def _first_line(error: Exception) -> str:
    """The parser's own words; it quotes the whole source and draws an arrow, which a fault line has no room for."""
    text = str(error)
    found = re.search(r"ERROR: <input>:1:(\d+): (.*)", text)
    return f"{found[2]} (character {found[1]})" if found else text.splitlines()[0][:200]


def _unknown_names(source: str, program: "Program") -> str:
    known = {*VARIABLES, *_BOUND.findall(source)}
    unknown = [name for name in program.variables() if name not in known]
    return f"{unknown[0]!r} is not known in an expression; {did_you_mean(unknown[0], VARIABLES)}" if unknown else ""


def _needs(source: str, program: "Program") -> frozenset[str]:
    """The readings named by the expression; every category when it reaches ``scores`` in another way."""
    lists = frozenset({TERM_LISTS, HASH_BANKS}.intersection(program.variables()))
    if "scores" not in program.variables():
        return lists
    named = [next(filter(None, groups), "") for groups in _ONE_SCORE.findall(source)]
    if len(named) < len(_SCORES.findall(source)):
        return lists | frozenset(Category.values)
    return lists | frozenset(named)


def _unknown_category(needs: frozenset[str]) -> str:
    unknown = sorted(needs - {TERM_LISTS, HASH_BANKS, *Category.values})
    return f"{unknown[0]!r} is not a category; {did_you_mean(unknown[0], Category.values)}" if unknown else ""


def _wrong_on_a_sample(program: "Program") -> str:
    """Runs the expression once: a wrong name, type or result shows before the policy is in force."""
    sample = Facts(scores=dict.fromkeys(Category.values, 0.0), text="sample", language="en", author=AuthorFacts())
    try:
        answer = program.execute({name: read(sample) for name, read in VARIABLES.items()})
    except LookupError:
        return ""  # metadata keys are the platform's own; the sample has none
    except (ArithmeticError, *_COMPILE_ERRORS) as error:
        return f"the expression fails: {_first_line(error)}"
    return "" if isinstance(answer, bool) else f"the expression gives {type(answer).__name__}, not true or false"


def _test(program: "Program", needs: frozenset[str], *, loops: bool) -> Test:
    """The test: unknown when a named reading is missing, false when it stumbles over a category not covered.

    Raises what CEL raises, TypeError for an answer that is not a truth value and TooManyMembers for more than a loop
    may go over; the engine records the failure.
    """
    # Handing a variable over costs more than the expression itself: only those it names.
    variables = [(name, read) for name, read in VARIABLES.items() if name in program.variables()]

    def test(facts: Facts) -> Truth:
        if facts.missing(needs):
            return None
        values = {name: read(facts) for name, read in variables}
        if loops:
            check_members(values)
        try:
            answer = program.execute(values)
        except KeyError as error:
            if not facts.not_covered.isdisjoint(error.args):
                return False
            raise
        if not isinstance(answer, bool):
            raise TypeError("the expression gives no truth value")
        return answer

    return test
