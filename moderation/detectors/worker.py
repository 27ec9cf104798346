"""Step 3, the thread that a detector runs in, so that one that hangs can be given up."""

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

_Result = TypeVar("_Result")
_IDLE_SECONDS = 30.0
_MOST_ABANDONED = 4

_Call = tuple["Future[Any]", Callable[[], Any]]


class DetectorTimeout(Exception):
    """The call took longer than it was given, or too many earlier ones still hang."""


class DetectorWorker:
    """Runs calls one after the other in a daemon thread of its own, which ends after half a minute without work.

    A call that is given up keeps its thread (Python cannot stop one); the next call gets a new thread. While four
    such threads hang, every call is refused at once: a detector that always hangs must not fill the process.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._calls: SimpleQueue[_Call] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._abandoned: list[threading.Thread] = []

    def run(self, call: Callable[[], _Result], timeout_seconds: float) -> _Result:
        """What ``call`` answers or raises. Raises DetectorTimeout after ``timeout_seconds``, waiting included."""
        future: Future[_Result] = Future()
        with self._lock:
            self._abandoned = [thread for thread in self._abandoned if thread.is_alive()]
            if len(self._abandoned) >= _MOST_ABANDONED:
                raise DetectorTimeout
            self._calls.put((future, call))
            self._ensure_thread()
        try:
            return future.result(timeout_seconds)
        except CancelledError:
            raise DetectorTimeout from None
        except TimeoutError:
            if future.done():  # the call itself raised TimeoutError
                raise
            self._give_up(future)
            raise DetectorTimeout from None

    def _ensure_thread(self) -> None:
        if self._thread is None or not self._thread.is_alive():  # not alive in a forked child either
            self._thread = threading.Thread(target=self._work, name=f"detector-{self._name}", daemon=True)
            self._thread.start()

    def _give_up(self, future: "Future[Any]") -> None:
        """Drops a call that still waits; leaves the thread of one that runs and starts another for those behind it."""
        if future.cancel():
            return
        with self._lock:
            if self._thread is not None and not future.done():
                self._abandoned.append(self._thread)
                self._thread = None
                if not self._calls.empty():
                    self._ensure_thread()

    def _work(self) -> None:
        while True:
            try:
                future, call = self._calls.get(timeout=_IDLE_SECONDS)
            except Empty:
                if self._may_end():
                    return
                continue
            if future.set_running_or_notify_cancel():
                _complete(future, call)
            if self._thread is not threading.current_thread():
                return  # given up meanwhile: another thread took over

    def _may_end(self) -> bool:
        with self._lock:
            if not self._calls.empty():
                return False
            if self._thread is threading.current_thread():
                self._thread = None
            return True


def _complete(future: "Future[Any]", call: Callable[[], Any]) -> None:
    try:
        result = call()
    except BaseException as error:  # the detector boundary: whatever it raises belongs to the caller
        future.set_exception(error)
    else:
        future.set_result(result)
