"""Step 3, remote detector: what the endpoint has said lately. Only hashes and scores are kept, in this process."""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping

Scores = Mapping[str, float]


class Memory:
    """At most so many answers for so many seconds; the one that was not needed for longest goes first. Thread-safe."""

    def __init__(self, *, entries: int, seconds: float) -> None:
        self._most, self._seconds = entries, seconds
        self._lock = threading.Lock()
        self._answers: OrderedDict[bytes, tuple[float, Scores]] = OrderedDict()

    def recall(self, key: bytes) -> Scores | None:
        """The scores, while they are fresh."""
        with self._lock:
            found = self._answers.get(key)
            if found is None:
                return None
            if found[0] < time.monotonic():
                del self._answers[key]
                return None
            self._answers.move_to_end(key)
            return found[1]

    def keep(self, key: bytes, scores: Scores) -> None:
        """Remembers an answer, and forgets the oldest beyond the limit."""
        if not self._seconds:
            return
        with self._lock:
            self._answers[key] = (time.monotonic() + self._seconds, scores)
            self._answers.move_to_end(key)
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)


def key_of(kind: str, model: str, text: str) -> bytes:
    """SHA-256 over what decides an answer."""
    whole = "\0".join((kind, model, text))
    return hashlib.sha256(whole.encode(errors="surrogatepass")).digest()
