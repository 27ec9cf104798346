"""Step 3, the second opinion of an OpenAI-compatible endpoint, on texts that the local detectors leave in doubt.

It is asked only where a local score lies in the uncertain band, or where no local detector could read the text. When
it fails, the local scores stand, and only what nobody else has read is missing: then a person decides.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, Self

from moderation.detectors.base import Detection, Opinion, Question, SecondOpinion, TermListSpec
from moderation.detectors.remote.answers import PROMPT_VERSION, read_answer, request_body
from moderation.detectors.remote.breaker import Breaker
from moderation.detectors.remote.budget import DayBudget
from moderation.detectors.remote.client import Client
from moderation.detectors.remote.faults import RemoteFault
from moderation.detectors.remote.memory import Memory, Scores, key_of
from moderation.detectors.remote.options import RemoteOptions, read_options
from moderation.enums import Category

logger = logging.getLogger(__name__)
_VERSION = "remote-1"
_NEVER_LOWERED = frozenset({Category.SEXUAL_MINORS.value})


class RemoteDetector(SecondOpinion):
    """Options: see RemoteOptions. Each process has its own circuit breaker and memory.

    ``count_opinion`` is told in one word what came of each text that it wanted to ask about, ``count_request`` what
    came of each request, and ``show_circuit`` whether the circuit is open.
    """

    name = "remote"

    def __init__(self, options: RemoteOptions) -> None:
        self.categories = frozenset(options.categories)
        self.languages = frozenset(options.languages)
        prompt = f"-prompt{PROMPT_VERSION}" if options.kind == "chat" else ""
        self.version = f"{_VERSION}+{options.kind}{prompt}:{options.model or 'default'}"
        self.count_opinion: Callable[[str], None] = lambda result: None
        self.count_request: Callable[[str], None] = lambda result: None
        self.show_circuit: Callable[[bool], None] = lambda is_open: None
        self._options = options
        self._client = Client(options)
        self._budget = DayBudget(options.daily_requests)
        self._memory = Memory(entries=options.cache_entries, seconds=options.cache_seconds)
        self._breaker = Breaker(
            failures=options.failures_to_open, rest_seconds=options.rest_seconds, on_change=self._circuit_changed
        )

    @classmethod
    def build(cls, options: Mapping[str, Any], term_lists: Sequence[TermListSpec]) -> Self:
        return cls(read_options(options))

    def share_budget(self, count_together: Callable[[str], int | None]) -> None:
        """Counts the day's requests with other processes: see DayBudget."""
        self._budget = DayBudget(self._options.daily_requests, count_together)

    def consult(self, questions: Sequence[Question], seconds: float) -> list[Opinion | str | None]:
        """Asks about those in doubt, several at a time; what is not answered within ``seconds`` is a timeout."""
        until = time.monotonic() + seconds
        opinions: list[Opinion | str | None] = [None] * len(questions)
        wanted = [at for at, question in enumerate(questions) if self._wants(question)]
        if not wanted:
            return opinions
        pool = ThreadPoolExecutor(min(self._options.concurrency, len(wanted)), thread_name_prefix="detector-remote")
        futures = {pool.submit(self._opinion, questions[at], until): at for at in wanted}
        done, late = wait(futures, timeout=max(0.0, until - time.monotonic()))
        pool.shutdown(wait=False, cancel_futures=True)
        for future in done:
            opinions[futures[future]] = future.result()
        for future in late:
            opinions[futures[future]] = "timeout"
        for at in wanted:
            self.count_opinion(_in_a_word(opinions[at]))
        return opinions

    def _wants(self, question: Question) -> bool:
        if not question.sample.text.strip():
            return False
        if question.unread:
            return self._options.ask_unread
        if self._budget.spent():
            self.count_opinion("budget_spent")
            return False
        return bool(self._uncertain(question))

    def _uncertain(self, question: Question) -> frozenset[str]:
        """Its own categories whose score so far lies in the band."""
        low, high = self._options.uncertain_from, self._options.uncertain_to
        return frozenset(name for name in self.categories if low <= question.scores.get(name, -1.0) <= high)

    def _opinion(self, question: Question, until: float) -> Opinion | str | None:
        """Runs in a thread of its own. Nobody else has read what is unread: there a spent budget is a failure."""
        scores = self._scores(question.sample.text, until)
        if isinstance(scores, str):
            return None if scores == "budget_spent" and not question.unread else scores
        gives_way = self._uncertain(question) - _NEVER_LOWERED if self._options.combine == "replace" else frozenset()
        detections = tuple(Detection(name, score) for name, score in scores.items())
        return Opinion(detections, gives_way & scores.keys())

    def _scores(self, text: str, until: float) -> Scores | str:
        """What the endpoint says, or said lately; else why it was not asked or did not answer."""
        if len(text) > self._options.max_characters:
            return "too_long"
        key = key_of(self._options.kind, self._options.model, text)
        if known := self._memory.recall(key):
            return known
        if not self._breaker.admits():
            return "circuit_open" if self._breaker.is_open else "rate_limited"
        if not self._budget.spend():
            self._breaker.undecided()
            return "budget_spent"
        result = self._request(text, until)
        if not isinstance(result, str):
            self._memory.keep(key, result)
        self.count_request(result if isinstance(result, str) else "read")
        return result

    def _request(self, text: str, until: float) -> Scores | str:
        """One request, and what it says of the endpoint's health."""
        limit = time.monotonic() + self._options.request_seconds
        try:
            body = self._client.post(request_body(self._options, text), until=min(until, limit))
            scores = read_answer(self._options, body)
        except RemoteFault as fault:
            self._note(fault, cut_short=until < limit)
            return fault.kind
        self._breaker.succeeded()
        return scores

    def _note(self, fault: RemoteFault, *, cut_short: bool) -> None:
        if fault.retry_after is not None and fault.retry_after > 0:
            self._breaker.told_to_wait(fault.retry_after)
        elif fault.kind == "timeout" and cut_short:
            self._breaker.undecided()  # the caller had less time than the endpoint may take
        elif fault.endpoint_at_fault:
            self._breaker.failed()
        else:
            self._breaker.succeeded()

    def _circuit_changed(self, is_open: bool) -> None:
        logger.warning(
            "detector.circuit_opened" if is_open else "detector.circuit_closed", extra={"detector": self.name}
        )
        self.show_circuit(is_open)


def _in_a_word(opinion: Opinion | str | None) -> str:
    if opinion is None:
        return "budget_spent"
    return opinion if isinstance(opinion, str) else "read"
