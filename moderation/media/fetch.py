"""Fetching an image whose address a client named, without being led into our own network or being kept waiting."""

import contextlib
import http.client
import re
import ssl
import threading
import time
from collections.abc import Iterator
from urllib.parse import urljoin

from urllib3.exceptions import HTTPError
from urllib3.response import HTTPResponse

from moderation.outbound.connections import Connection, connect, trusting_context
from moderation.outbound.guard import Route, UnsafeUrl, find_route
from reviewengine import conf

_HEADERS = {
    "user-agent": "ReviewEngine-Images",
    "accept": "image/jpeg, image/png, image/gif, image/webp",
    "accept-encoding": "identity",
}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 65_536
_LENGTH = re.compile(r"[0-9]{1,18}")


class FetchFault(Exception):
    """An image that could not be fetched. ``code`` is one word for the record; nothing of the answer is in it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def fetch_image(url: str, *, until: float) -> bytes:
    """The bytes at ``url``, at most as many as an image may have; ``until`` is a time of time.monotonic().

    Every address is checked, those of redirects too, and the connection goes to the one that was checked. What the
    answer says of its type does not count. Raises FetchFault: ``address_refused``, ``not_reached``, ``too_slow``,
    ``status_4xx`` (or another), ``too_many_redirects``, ``too_many_bytes``, ``not_http``.
    """
    for _ in range(conf.load().images.fetch.max_redirects + 1):
        with _answer(_route(url), until) as response:
            if response.status in _REDIRECTS:
                url = _redirected(url, response.headers.get("Location") or "")
                continue
            if response.status != 200:
                raise FetchFault(f"status_{response.status // 100}xx")
            return _body(response)
    raise FetchFault("too_many_redirects")


def _redirected(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise FetchFault("address_refused") from error


def _route(url: str) -> Route:
    options = conf.load().images.fetch
    try:
        return find_route(
            url.partition("#")[0],
            allow_http=options.allow_http,
            allow_networks=options.allow_networks,
            section="images.fetch",
        )
    except UnsafeUrl as error:
        raise FetchFault("address_refused") from error
    except (OSError, UnicodeError) as error:
        raise FetchFault("not_reached") from error


@contextlib.contextmanager
def _answer(route: Route, until: float) -> Iterator[HTTPResponse]:
    """The answer to one request; a watchdog ends it when its time is up, however slowly the sender drips."""
    connection = connect(route, trusting_context() if route.target.scheme == "https" else None)
    connection.overdue_at = until
    watchdog = threading.Timer(max(0.0, until - time.monotonic()), connection.abort)
    watchdog.daemon = True
    watchdog.start()
    try:
        yield _request(connection, route)
        if connection.overdue:  # what the watchdog cut off reads like the end of an answer
            raise TimeoutError
    except FetchFault as error:
        raise FetchFault("too_slow") if connection.overdue else error from error
    except TimeoutError as error:
        raise FetchFault("too_slow") from error
    except (ssl.SSLError, OSError) as error:
        raise FetchFault("too_slow" if connection.overdue else "not_reached") from error
    except (http.client.HTTPException, HTTPError) as error:
        raise FetchFault("too_slow" if connection.overdue else "not_http") from error
    finally:
        watchdog.cancel()
        connection.close()


def _request(connection: Connection, route: Route) -> HTTPResponse:
    connection.timeout = connection.remaining()
    connection.request("GET", route.target.path, headers=_HEADERS, preload_content=False, decode_content=False)
    connection.wire = connection.sock
    connection.timeout = connection.remaining()
    return connection.getresponse()


def _body(response: HTTPResponse) -> bytes:
    limit = conf.load().images.max_bytes
    if _claimed_length(response) > limit:
        raise FetchFault("too_many_bytes")
    parts, left = [], limit
    # What is there, at most a chunk: read() would trust a length that the sender made up, such as a negative one.
    while part := response.read1(_CHUNK):
        left -= len(part)
        if left < 0:
            raise FetchFault("too_many_bytes")
        parts.append(part)
    return b"".join(parts)


def _claimed_length(response: HTTPResponse) -> int:
    claim = (response.headers.get("Content-Length") or "0").strip()
    # int() would take signs, blanks and the digits of other scripts, and raise for thousands of digits.
    if not _LENGTH.fullmatch(claim):
        raise FetchFault("not_http")
    return int(claim)
