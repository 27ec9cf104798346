"""Bulk as a stream: one submission a line, stored in batches as it comes in, one result a line, in order.

Memory holds one batch, whatever the length of the stream. The results wait in a temporary file until the whole body
has been read: a client that reads nothing before it has sent everything would otherwise block us, and itself.
"""

import socket
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from tempfile import SpooledTemporaryFile
from threading import Timer
from time import monotonic
from typing import IO, Any

import orjson
from django.http import FileResponse, HttpRequest

from moderation.api.authentication import Principal
from moderation.api.body import CHUNK_BYTES, GZIP, drain, encoding_of, length_of, raw_body
from moderation.api.counting import count_submissions
from moderation.api.errors import Problem, problem_of
from moderation.api.items import brief, count_sent_images, fault_of_item, refused, take_item
from moderation.api.throttling import spend
from moderation.ingest.store import Submission, submit_contents
from reviewengine import conf

NDJSON = "application/x-ndjson"
NDJSON_TYPES = (NDJSON, "application/jsonl", "application/ndjson")
IN_MEMORY_BYTES = 1_048_576
# What a member of a gzip body counts for beside its bytes: empty ones cost work and say nothing.
MEMBER_COST = 1024


@dataclass
class Tally:
    """What became of the lines. ``complete`` is false where the stream was given up: no later line is stored."""

    lines: int = 0
    stored: int = 0
    unchanged: int = 0
    refused: int = 0
    complete: bool = True


@dataclass
class Batch:
    """Lines that are stored together: in one transaction, as one bulk call would."""

    entries: list[tuple[int, Submission | dict[str, Any]]] = field(default_factory=list)
    external_ids: set[str] = field(default_factory=set)
    bytes: int = 0

    def is_full(self) -> bool:
        options = conf.load().api
        return len(self.entries) >= options.max_bulk_items or self.bytes >= options.max_bulk_body_bytes


def submit_stream(request: HttpRequest, principal: Principal) -> FileResponse:
    """Stores what a client streams and answers a line for each. Raises Problem where nothing could be taken at all."""
    results: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - the answer closes it
    tally = Tally()
    body = _Body(request, conf.load().api.max_stream_bytes)
    ending: dict[str, Any] = {}
    with _reading_ends(body):
        try:
            _store_all(request, principal, body, results, tally)
        except Exception as error:  # the door of the stream: what was stored before it is answered still
            problem = problem_of(error)
            drain(body.source)
            if not tally.lines:
                results.close()
                raise problem from error
            tally.complete = False
            ending = {"error": problem.body()}
    _write(results, {"summary": {**asdict(tally), **ending}})
    results.seek(0)
    return FileResponse(results, content_type=NDJSON, status=202)


@contextmanager
def _reading_ends(body: "_Body") -> Iterator[None]:
    """Stops reading from the client after so long: one that sends a byte now and then could hold a read for days."""
    timer = Timer(body.seconds, _stop_reading, [body.connection])
    timer.daemon = True
    if body.connection is not None:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _stop_reading(connection: socket.socket | None) -> None:
    with suppress(OSError):  # it is closed already
        if connection:
            connection.shutdown(socket.SHUT_RD)


class _Body:
    """The body of a request, read in parts, unpacked where it was sent packed; ``max_bytes`` is of what is unpacked."""

    def __init__(self, request: HttpRequest, max_bytes: int) -> None:
        self.source = raw_body(request)
        self.missing = length_of(request) or 0
        # Of what is sent and of what it unpacks to: a packed body can be long and say nothing.
        self.left_to_read = self.left = self.max_bytes = max_bytes
        self.seconds = conf.load().api.stream_seconds
        self.ends_at = monotonic() + self.seconds
        self.connection: socket.socket | None = request.META.get("gunicorn.socket")
        self.fault: Problem | None = None
        self.unpacker = _unpacker() if encoding_of(request) == GZIP else None

    def parts(self) -> Iterator[bytes]:
        """The body until its end. Raises Problem: it is too large, it broke off, or it is not what it says."""
        while sent := self._read():
            for part in self._unpacked(sent):
                self.left -= len(part)
                if min(self.left, self.left_to_read) < 0:
                    raise Problem("body_too_large", f"A stream may have {self.max_bytes} bytes.")
                yield part
        if self.missing > 0 or (self.unpacker and not self.unpacker.eof):
            raise Problem("incomplete_body")

    def _read(self) -> bytes:
        if monotonic() > self.ends_at:
            raise Problem("incomplete_body", f"A stream may take {self.seconds:g} seconds; send the rest in another.")
        if self.fault:
            raise self.fault
        try:
            sent = self.source.read(CHUNK_BYTES)
        except Problem as fault:
            self.fault, sent = fault, self._last_part()
            if not sent:
                raise
        self.missing -= len(sent)
        self.left_to_read -= len(sent)
        return sent

    def _last_part(self) -> bytes:
        """What had come of the part that broke off: the server holds it, and gives it where it waits for no more."""
        _stop_reading(self.connection)
        with suppress(Problem):
            return self.source.read(CHUNK_BYTES)
        return b""

    def _unpacked(self, sent: bytes) -> Iterator[bytes]:
        """Never more than one part at a time, however much the client has packed into a few bytes."""
        if self.unpacker is None:
            yield sent
            return
        part = b""
        while sent or len(part) == CHUNK_BYTES:
            if self.unpacker.eof:
                if not sent:
                    return
                self.unpacker = _unpacker()
                self.left -= MEMBER_COST
            try:
                yield (part := self.unpacker.decompress(sent, CHUNK_BYTES))
            except zlib.error as error:
                raise Problem("invalid_encoding") from error
            sent = self.unpacker.unconsumed_tail or self.unpacker.unused_data


def _unpacker() -> Any:
    return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)


def _store_all(request: HttpRequest, principal: Principal, body: _Body, results: IO[bytes], tally: Tally) -> None:
    """Batch by batch. The first was paid for at the door; each further one counts as a call of its own."""
    batch = Batch()
    taker = _Taker(principal)
    faults: list[Problem] = []
    for number, line in _until_fault(_lines(body), faults):
        if batch.is_full():
            _store(batch, principal, results, tally)
            batch = Batch()
            spend(principal, request)
        entry = taker.take(line)
        if isinstance(entry, Submission) and entry.external_id in batch.external_ids:
            # The same id again: an edit or a repetition of what came before it, which must be stored by then.
            _store(batch, principal, results, tally)
            batch = Batch()
        batch.entries.append((number, entry))
        batch.bytes += len(line) if isinstance(line, bytes) else 0
        if isinstance(entry, Submission):
            batch.external_ids.add(entry.external_id)
    _store(batch, principal, results, tally)
    if faults:
        raise faults[0]


def _until_fault(
    lines: Iterator[tuple[int, bytes | Problem]], faults: list[Problem]
) -> Iterator[tuple[int, bytes | Problem]]:
    """The lines that came before the body broke off or grew too long: they are whole, and are stored."""
    try:
        yield from lines
    except Problem as problem:
        faults.append(problem)


class _Taker:
    """Makes submissions of lines; remembers what counts for the stream as a whole."""

    def __init__(self, principal: Principal) -> None:
        self.principal = principal
        self.policies: dict[str, int | None] = {}
        self.images_left = conf.load().api.max_bulk_images

    def take(self, line: bytes | Problem) -> Submission | dict[str, Any]:
        """The submission of a line, or its answer where it is faulty."""
        raw: Any = None
        try:
            if isinstance(line, Problem):
                raise line
            raw = _parsed(line)
            self.images_left -= count_sent_images(raw)
            if self.images_left < 0:
                raise Problem("too_many_items", "Too many images within one stream; send them to /api/v1/media.")
            return take_item(raw, self.principal, self.policies)
        except Exception as error:  # the door of the line: whatever it holds spoils no other
            return refused(raw, fault_of_item(error))


def _parsed(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise Problem("invalid_json", f"{error.msg} (column {error.colno}).") from error


def _store(batch: Batch, principal: Principal, results: IO[bytes], tally: Tally) -> None:
    submissions = [entry for _, entry in batch.entries if isinstance(entry, Submission)]
    stored = submit_contents(client_id=principal.client_id, submissions=submissions)
    count_submissions(principal, submissions, stored)
    receipts = iter(stored)
    for number, entry in batch.entries:
        tally.lines += 1
        if isinstance(entry, Submission):
            receipt = next(receipts)
            tally.stored += receipt.accepted
            tally.unchanged += not receipt.accepted
            _write(results, {"line": number, **brief(receipt)})
        else:
            tally.refused += 1
            _write(results, {"line": number, **entry})


def _write(results: IO[bytes], value: dict[str, Any]) -> None:
    results.write(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE))


def _lines(body: _Body) -> Iterator[tuple[int, bytes | Problem]]:
    """The lines that are not blank, with their numbers; a Problem in place of one that is too long.

    Raises Problem when there are more than ``api.max_stream_items``.
    """
    options = conf.load().api
    for number, line in enumerate(_split(body, options.max_body_bytes), start=1):
        if number > options.max_stream_items:
            raise Problem("too_many_items", f"A stream may have {options.max_stream_items} lines.")
        if line is None:
            yield number, Problem("body_too_large", f"A line may have {options.max_body_bytes} bytes.")
        elif line.strip():
            yield number, line


def _split(body: _Body, longest: int) -> Iterator[bytes | None]:
    """The lines of a body; None for one that is longer than ``longest`` bytes, of which no more is kept."""
    kept: list[bytes] = []
    size = 0
    for part in body.parts():
        *whole, last = part.split(b"\n")
        for piece in whole:
            size += len(piece)
            yield None if size > longest else b"".join((*kept, piece))
            kept, size = [], 0
        size += len(last)
        if size > longest:
            kept = []
        elif last:
            kept.append(last)
    if size:
        yield None if size > longest else b"".join(kept)
