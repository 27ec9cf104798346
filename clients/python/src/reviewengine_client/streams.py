"""What a stream answers: a result for each content as they are read, and what became of all of them at its end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from reviewengine_client.shapes import TallyOut

T = TypeVar("T")


class Stream(Iterator[T], Generic[T]):
    """Results to be iterated, once. ``summary`` is None until the last one was read."""

    summary: TallyOut | None = None

    def __init__(self, lines: Iterator[Any]) -> None:
        self._lines = lines

    def __next__(self) -> T:
        for line in self._lines:
            if "summary" not in line:
                result: T = line
                return result
            self.summary = line["summary"]
        raise StopIteration


class AsyncStream(AsyncIterator[T], Generic[T]):
    """The same with ``async for``."""

    summary: TallyOut | None = None

    def __init__(self, lines: AsyncIterator[Any]) -> None:
        self._lines = lines

    async def __anext__(self) -> T:
        async for line in self._lines:
            if "summary" not in line:
                result: T = line
                return result
            self.summary = line["summary"]
        raise StopAsyncIteration
