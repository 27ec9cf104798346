"""Step 4, three-valued logic: Kleene's and, or, not over tests that may answer unknown."""

from collections.abc import Iterable

from .facts import Facts
from .schema import Test, Truth


def all_of(tests: Iterable[Test]) -> Test:
    """False if one is false, else unknown if one is unknown, else true."""
    each = tuple(tests)

    def test(facts: Facts) -> Truth:
        answer: Truth = True
        for one in each:
            truth = one(facts)
            if truth is False:
                return False
            if truth is None:
                answer = None
        return answer

    return test


def any_of(tests: Iterable[Test]) -> Test:
    """True if one is true, else unknown if one is unknown, else false."""
    each = tuple(tests)

    def test(facts: Facts) -> Truth:
        answer: Truth = False
        for one in each:
            truth = one(facts)
            if truth:
                return True
            if truth is None:
                answer = None
        return answer

    return test


def not_(inner: Test) -> Test:
    """The opposite; unknown stays unknown."""

    def test(facts: Facts) -> Truth:
        truth = inner(facts)
        return None if truth is None else not truth

    return test
