"""A long row of things, taken so many at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Thing = TypeVar("Thing")


def in_batches(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    """The things in their order, as lists of ``size``; the last may be shorter, and none is empty."""
    rest = iter(things)
    while batch := list(islice(rest, size)):
        yield batch
