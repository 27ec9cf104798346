"""A call, described once: both clients send the same descriptions, one with ``await``."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, overload
from urllib.parse import quote

if TYPE_CHECKING:
    from reviewengine_client.running import AsyncRunner, SyncRunner
    from reviewengine_client.streams import AsyncStream, Stream

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R", covariant=True)


@dataclass(frozen=True)
class Upload:
    """A file to be sent as a form, in the field ``file``."""

    data: bytes
    name: str = "file"


@dataclass(frozen=True)
class Lines:
    """Objects to be sent as newline-delimited JSON, however many."""

    items: Iterable[Any]


@dataclass(frozen=True)
class Call(Generic[T]):
    """What is asked of an operation. ``ids`` fill the places of its path; ``pick`` takes the answer out of the body."""

    ids: tuple[str, ...] = ()
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    headers: Mapping[str, str | None] = field(default_factory=dict)
    pick: Callable[[Any], Any] = lambda body: body


@dataclass(frozen=True)
class Request:
    """A call of an operation: what a runner sends."""

    method: str
    path: str
    call: Call[Any]

    def onwards(self, query: Mapping[str, Any]) -> Request:
        """The same for the next page."""
        call = self.call
        return Request(self.method, self.path, Call(call.ids, query, call.body, call.headers, call.pick))


class Resource(Generic[R]):
    """Calls that belong together. ``R`` is the runner, and says whether they are awaited."""

    def __init__(self, runner: R) -> None:
        self._runner = runner


class Described(Generic[P, T]):
    """An operation of the API by its ``operation_id``, with its method and path."""

    def __init__(self, operation_id: str, method: str, path: str, build: Callable[..., Any]) -> None:
        self.operation_id, self.method, self.path, self.build = operation_id, method, path, build
        self.__doc__ = build.__doc__

    def request(self, call: Call[Any]) -> Request:
        """Raises ValueError for an id that is empty: its path would be another operation's."""
        path = self.path
        for identifier in call.ids:
            if not identifier:
                raise ValueError(f"{self.operation_id} needs an id that is not empty")
            place = path[path.index("{") : path.index("}") + 1]
            path = path.replace(place, quote(str(identifier), safe=""), 1)
        return Request(self.method, path, call)


class One(Described[P, T]):
    """An operation with one answer."""

    @overload
    def __get__(self, resource: None, owner: Any) -> One[P, T]: ...
    @overload
    def __get__(self, resource: Resource[SyncRunner], owner: Any) -> Callable[P, T]: ...
    @overload
    def __get__(self, resource: Resource[AsyncRunner], owner: Any) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, resource: Any, owner: Any) -> Any:
        if resource is None:
            return self

        @functools.wraps(self.build)
        def bound(*args: Any, **kwargs: Any) -> Any:
            return resource._runner.send(self.request(self.build(resource, *args, **kwargs)))

        return bound


class Many(Described[P, T]):
    """An operation whose answers are iterated: the pages of a list, or the results of call after call."""

    @overload
    def __get__(self, resource: None, owner: Any) -> Many[P, T]: ...
    @overload
    def __get__(self, resource: Resource[SyncRunner], owner: Any) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, resource: Resource[AsyncRunner], owner: Any) -> Callable[P, AsyncIterator[T]]: ...
    def __get__(self, resource: Any, owner: Any) -> Any:
        if resource is None:
            return self

        @functools.wraps(self.build)
        def bound(*args: Any, **kwargs: Any) -> Any:
            return resource._runner.iterate(map(self.request, self.build(resource, *args, **kwargs)))

        return bound


class Streamed(Described[P, T]):
    """An operation that answers line by line, as what it is sent is read."""

    @overload
    def __get__(self, resource: None, owner: Any) -> Streamed[P, T]: ...
    @overload
    def __get__(self, resource: Resource[SyncRunner], owner: Any) -> Callable[P, Stream[T]]: ...
    @overload
    def __get__(self, resource: Resource[AsyncRunner], owner: Any) -> Callable[P, AsyncStream[T]]: ...
    def __get__(self, resource: Any, owner: Any) -> Any:
        if resource is None:
            return self

        @functools.wraps(self.build)
        def bound(*args: Any, **kwargs: Any) -> Any:
            return resource._runner.stream(self.request(self.build(resource, *args, **kwargs)))

        return bound


def one(operation_id: str, method: str, path: str) -> Callable[[Callable[Concatenate[Any, P], Call[T]]], One[P, T]]:
    """Makes a method of a function that describes one call."""

    def described(build: Callable[Concatenate[Any, P], Call[T]]) -> One[P, T]:
        return One(operation_id, method, path, build)

    return described


def many(
    operation_id: str, method: str, path: str
) -> Callable[[Callable[Concatenate[Any, P], Iterable[Call[T]]]], Many[P, T]]:
    """Makes a method of a function that describes calls, each with ``results``."""

    def described(build: Callable[Concatenate[Any, P], Iterable[Call[T]]]) -> Many[P, T]:
        return Many(operation_id, method, path, build)

    return described


def streamed(
    operation_id: str, method: str, path: str
) -> Callable[[Callable[Concatenate[Any, P], Call[T]]], Streamed[P, T]]:
    """Makes a method of a function that describes a call whose answer comes line by line."""

    def described(build: Callable[Concatenate[Any, P], Call[T]]) -> Streamed[P, T]:
        return Streamed(operation_id, method, path, build)

    return described
