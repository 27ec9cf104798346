"""Step 3 for callers that wait: threads that read texts at the same time share the panel's batches.

Whoever finds nobody reading reads the next batch, with a part of everybody's texts in it; the others wait for theirs.
A caller alone pays nothing for it, and a call with few texts never waits for all of one with many.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from moderation.detectors.base import DetectionReport

Read = Callable[[Sequence[str], Sequence[str]], Sequence[DetectionReport]]

BATCH_TEXTS = 32
BATCH_CHARACTERS = 16_384  # what else may come into a batch that holds a long text already


class Busy(Exception):
    """There is more to read than can be read in time; nothing of this call was begun."""


@dataclass(eq=False, slots=True)
class _Call:
    """What one thread wants to have read, and how far it has come."""

    texts: Sequence[str]
    languages: Sequence[str]
    begun: int = 0
    reports: list[DetectionReport] = field(default_factory=list)
    error: BaseException | None = None

    @property
    def finished(self) -> bool:
        return self.error is not None or len(self.reports) == len(self.texts)


class MicroBatches:
    """Shares the calls of ``read`` among threads. It is never called twice at a time."""

    def __init__(self, read: Read, *, texts: int = BATCH_TEXTS, characters: int = BATCH_CHARACTERS) -> None:
        """``read`` takes texts and their languages; a batch has at most so many ``texts``, and ``characters``.

        A text that is longer alone makes a batch of its own.
        """
        self._read = read
        self._most_texts, self._most_characters = texts, characters
        self._waiting: deque[_Call] = deque()  # those with texts that nobody reads yet; the next to be served first
        self._reading = False
        self._changed = threading.Condition()

    def reports(self, texts: Sequence[str], languages: Sequence[str], *, wait_seconds: float) -> list[DetectionReport]:
        """One report a text, in order. Raises Busy when the first is not begun within ``wait_seconds``.

        Raises what ``read`` raises for these texts, whatever it raises for those of others.
        """
        call = _Call(texts, languages)
        if not texts:
            return []
        with self._changed:
            self._waiting.append(call)
        begin_until = time.monotonic() + wait_seconds
        while self._may_read(call, begin_until):
            self._read_next()
        if call.error is not None:
            raise call.error
        return call.reports

    def _may_read(self, call: _Call, begin_until: float) -> bool:
        """Waits until it is this thread's turn to read (True), or until others have read what it asked for."""
        with self._changed:
            while self._reading and not call.finished:
                left = None if call.begun else begin_until - time.monotonic()
                if left is not None and left <= 0:
                    self._waiting.remove(call)
                    raise Busy
                self._changed.wait(left)
            if call.finished:
                return False
            self._reading = True
            return True

    def _read_next(self) -> None:
        """Reads one batch for everybody who waits, and lets the next thread read."""
        batch: list[tuple[_Call, int]] = []
        try:
            with self._changed:
                batch = self._next_batch()
            self._read_batch(batch)
        finally:
            with self._changed:
                self._reading = False
                self._changed.notify_all()

    def _next_batch(self) -> list[tuple[_Call, int]]:
        """Takes texts from the calls in turn, one each, while there is room; each call's in their order."""
        batch: list[tuple[_Call, int]] = []
        room = self._most_characters
        while self._waiting and len(batch) < self._most_texts:
            call = self._waiting[0]
            length = len(call.texts[call.begun])
            if batch and length > room:
                break
            room -= length
            batch.append((call, call.begun))
            call.begun += 1
            self._waiting.popleft()
            if call.begun < len(call.texts):
                self._waiting.append(call)
        return batch

    def _read_batch(self, batch: Sequence[tuple[_Call, int]]) -> None:
        try:
            reports = self._read_places(batch)
        except BaseException as error:  # whatever it is belongs to a caller, and nobody may be left waiting
            if len({id(call) for call, _ in batch}) == 1:
                self._fail(batch[0][0], error)
                return
            # Whose text it was is not known: each caller's are read by themselves.
            for one in {id(call): call for call, _ in batch}.values():
                self._read_batch([(call, place) for call, place in batch if call is one])
            return
        for (call, _), report in zip(batch, reports, strict=True):
            call.reports.append(report)

    def _read_places(self, batch: Sequence[tuple[_Call, int]]) -> Sequence[DetectionReport]:
        texts = [call.texts[place] for call, place in batch]
        reports = self._read(texts, [call.languages[place] for call, place in batch])
        if len(reports) != len(batch):
            raise ValueError(f"{len(reports)} reports for {len(batch)} texts")
        return reports

    def _fail(self, call: _Call, error: BaseException) -> None:
        call.error = error
        with self._changed:
            if call in self._waiting:
                self._waiting.remove(call)
