"""The runners: they send what ``attempts`` says, and wait as long as it says, one of them with ``await``."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import httpx

from reviewengine_client.attempts import Outcome, Send, Steps, Wait, failure_of, next_page, steps
from reviewengine_client.calls import Request
from reviewengine_client.streams import AsyncStream, Stream
from reviewengine_client.writing import Options


class SyncRunner:
    """Sends and waits in the calling thread. May be used by many threads."""

    def __init__(self, options: Options, http: httpx.Client) -> None:
        self.options, self.http = options, http

    def send(self, request: Request) -> Any:
        return self._run(steps(request, self.options))

    def iterate(self, requests: Iterable[Request]) -> Iterator[Any]:
        for first in requests:
            request: Request | None = first
            while request is not None:
                answer = self.send(request)
                yield from answer["results"]
                request = next_page(request, answer)

    def stream(self, request: Request) -> Stream[Any]:
        return Stream(self._lines(request))

    def _lines(self, request: Request) -> Iterator[Any]:
        response = self._run(steps(request, self.options, streams=True))
        try:
            for line in response.iter_lines():
                yield json.loads(line)
        except httpx.TransportError as error:
            raise failure_of(request, error) from error
        finally:
            response.close()

    def _run(self, way: Steps) -> Any:
        outcome: Outcome = None
        while True:
            try:
                step = way.send(outcome)
            except StopIteration as end:
                return end.value
            outcome = self._take(step)

    def _take(self, step: Send | Wait) -> Outcome:
        if isinstance(step, Wait):
            time.sleep(step.seconds)
            return None
        try:
            response = self.http.send(step.request, stream=step.streams)
            if step.streams and response.status_code >= 300:
                response.read()
            return response
        except httpx.TransportError as error:
            return error


class AsyncRunner:
    """Sends and waits with ``await``."""

    def __init__(self, options: Options, http: httpx.AsyncClient) -> None:
        self.options, self.http = options, http

    def send(self, request: Request) -> Any:
        return self._run(steps(request, self.options))

    async def iterate(self, requests: Iterable[Request]) -> AsyncIterator[Any]:
        for first in requests:
            request: Request | None = first
            while request is not None:
                answer = await self.send(request)
                for result in answer["results"]:
                    yield result
                request = next_page(request, answer)

    def stream(self, request: Request) -> AsyncStream[Any]:
        return AsyncStream(self._lines(request))

    async def _lines(self, request: Request) -> AsyncIterator[Any]:
        response = await self._run(steps(request, self.options, streams=True))
        try:
            async for line in response.aiter_lines():
                yield json.loads(line)
        except httpx.TransportError as error:
            raise failure_of(request, error) from error
        finally:
            await response.aclose()

    async def _run(self, way: Steps) -> Any:
        outcome: Outcome = None
        while True:
            try:
                step = way.send(outcome)
            except StopIteration as end:
                return end.value
            outcome = await self._take(step)

    async def _take(self, step: Send | Wait) -> Outcome:
        if isinstance(step, Wait):
            await asyncio.sleep(step.seconds)
            return None
        try:
            response = await self.http.send(step.request, stream=step.streams)
            if step.streams and response.status_code >= 300:
                await response.aread()
            return response
        except httpx.TransportError as error:
            return error
