"""The two clients: one waits, one is awaited. What they can do is described once, in ``resources``."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar
from urllib.parse import urlsplit

import httpx

from reviewengine_client.calls import R
from reviewengine_client.resources.authors import Authors
from reviewengine_client.resources.cases import Cases
from reviewengine_client.resources.content import Content
from reviewengine_client.resources.decisions import Decisions
from reviewengine_client.resources.figures import Stats, Usage
from reviewengine_client.resources.hash_banks import HashBanks
from reviewengine_client.resources.keys import Keys
from reviewengine_client.resources.media import Media
from reviewengine_client.resources.policies import Policies
from reviewengine_client.resources.reports import Reports
from reviewengine_client.resources.scoring import Scoring
from reviewengine_client.resources.term_lists import TermLists
from reviewengine_client.resources.webhook_endpoints import WebhookEndpoints
from reviewengine_client.running import AsyncRunner, SyncRunner
from reviewengine_client.writing import Options

Same = TypeVar("Same", bound="Client | AsyncClient")


class _Resources(Scoring[R]):
    """Every resource of the API, and the scoring calls themselves."""

    def __init__(self, runner: R) -> None:
        super().__init__(runner)
        self.content = Content(runner)
        self.media = Media(runner)
        self.authors = Authors(runner)
        self.reports = Reports(runner)
        self.decisions = Decisions(runner)
        self.cases = Cases(runner)
        self.policies = Policies(runner)
        self.term_lists = TermLists(runner)
        self.hash_banks = HashBanks(runner)
        self.webhook_endpoints = WebhookEndpoints(runner)
        self.keys = Keys(runner)
        self.usage = Usage(runner)
        self.stats = Stats(runner)


class Client(_Resources[SyncRunner]):
    """Review Engine at ``base_url``, such as ``https://moderation.example.com``, with an API key.

    ``timeout`` is in seconds. What fails for a moment (no connection, 429, 502, 503, 504) is sent ``retries`` times
    more, after what Retry-After asks for, up to ``longest_wait`` seconds. Threads may share a client. Close it, or use
    it with ``with``.
    """

    def __init__(
        self, base_url: str, *, key: str, timeout: float = 30.0, retries: int = 3, longest_wait: float = 60.0
    ) -> None:
        options = _options(base_url, key, timeout, retries, longest_wait)
        super().__init__(SyncRunner(options, httpx.Client()))

    def using(self, *, idempotency_key: str = "", timeout: float | None = None, retries: int | None = None) -> Client:
        """The same client, over the same connections, with other options; for one call, say, with a key of its own."""
        runner = self._runner
        return _sharing(self, SyncRunner(_changed(runner.options, idempotency_key, timeout, retries), runner.http))

    def close(self) -> None:
        """Closes the connections."""
        self._runner.http.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({self._runner.options.base_url!r})"


class AsyncClient(_Resources[AsyncRunner]):
    """The same as Client, to be awaited; lists and streams are iterated with ``async for``."""

    def __init__(
        self, base_url: str, *, key: str, timeout: float = 30.0, retries: int = 3, longest_wait: float = 60.0
    ) -> None:
        options = _options(base_url, key, timeout, retries, longest_wait)
        super().__init__(AsyncRunner(options, httpx.AsyncClient()))

    def using(
        self, *, idempotency_key: str = "", timeout: float | None = None, retries: int | None = None
    ) -> AsyncClient:
        """The same client, over the same connections, with other options; for one call, say, with a key of its own."""
        runner = self._runner
        return _sharing(self, AsyncRunner(_changed(runner.options, idempotency_key, timeout, retries), runner.http))

    async def close(self) -> None:
        """Closes the connections."""
        await self._runner.http.aclose()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"AsyncClient({self._runner.options.base_url!r})"


def _options(base_url: str, key: str, timeout: float, retries: int, longest_wait: float) -> Options:
    address = urlsplit(base_url)
    if address.scheme not in ("http", "https") or not address.hostname or address.query or address.fragment:
        raise ValueError("base_url must be an address such as https://moderation.example.com")
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise ValueError("key must be an API key of Review Engine")  # it is not quoted: it is a secret
    if timeout <= 0 or retries < 0 or longest_wait < 0:
        raise ValueError("timeout must be above 0, retries and longest_wait 0 or more")
    return Options(base_url, key, timeout, retries, longest_wait)


def _changed(options: Options, idempotency_key: str, timeout: float | None, retries: int | None) -> Options:
    return replace(
        options,
        idempotency_key=idempotency_key or options.idempotency_key,
        timeout=options.timeout if timeout is None else timeout,
        retries=options.retries if retries is None else retries,
    )


def _sharing(client: Same, runner: SyncRunner | AsyncRunner) -> Same:
    twin = object.__new__(type(client))
    _Resources.__init__(twin, runner)
    return twin
