"""What the steps count as they work. The process serves it at /metrics; what can be looked up instead is in gauges.

Only words of the product's own vocabulary become labels: never a client's, an author's or a content's.
"""

from collections import Counter as Tally
from collections.abc import Iterable, Mapping

from prometheus_client import Counter, Gauge, Histogram

BATCH_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

decisions_total = Counter("reviewengine_decisions_total", "Decisions recorded.", ["outcome", "source"])
detector_seconds = Histogram(
    "reviewengine_detector_seconds", "Seconds a detector took for a batch.", ["detector"], buckets=BATCH_SECONDS
)
detector_failures_total = Counter(
    "reviewengine_detector_failures_total", "Texts that a detector failed to read.", ["detector", "kind"]
)
remote_opinions_total = Counter(
    "reviewengine_remote_opinions_total", "Texts for the remote detector, by what came of them.", ["result"]
)
remote_requests_total = Counter(
    "reviewengine_remote_requests_total", "Requests of the remote detector, by what came of them.", ["result"]
)
remote_circuit_open = Gauge(
    "reviewengine_remote_circuit_open",
    "Processes whose circuit to the remote endpoint is open.",
    multiprocess_mode="livesum",
)
items_failed_total = Counter("reviewengine_items_failed_total", "Attempts to moderate a content that failed.")
webhook_deliveries_total = Counter(
    "reviewengine_webhook_deliveries_total", "Attempts to deliver a webhook, by what came of them.", ["result"]
)
graphic_looks_total = Counter(
    "reviewengine_graphic_looks_total", "Times that somebody was shown a content of a graphic kind."
)
uncovered_seconds_total = Counter(
    "reviewengine_uncovered_seconds_total", "Seconds in which content lay open before somebody.", ["what"]
)


def count_decisions(decisions: Iterable[tuple[str, str]]) -> None:
    """Counts recorded decisions, each its outcome and its source. Call it once they are committed."""
    for labels, number in Tally(decisions).items():
        decisions_total.labels(*labels).inc(number)


def time_detector(name: str, seconds: float) -> None:
    """Counts one batch that the named detector has read, and the seconds it took."""
    detector_seconds.labels(name).observe(seconds)


def count_detector_failures(failures: Iterable[Mapping[str, str]]) -> None:
    """Counts what failed in a batch: for each text, the kinds of failure by detector."""
    for labels, number in Tally(pair for one in failures for pair in one.items()).items():
        detector_failures_total.labels(*labels).inc(number)


def count_remote_opinion(result: str) -> None:
    """Counts a text in doubt: ``read``, ``budget_spent`` or a kind of failure."""
    remote_opinions_total.labels(result).inc()


def count_remote_request(result: str) -> None:
    """Counts a request to the remote endpoint: ``read`` or a kind of failure."""
    remote_requests_total.labels(result).inc()


def show_remote_circuit(is_open: bool) -> None:
    """Shows whether this process has stopped asking the remote endpoint."""
    remote_circuit_open.set(is_open)


def count_deliveries(results: Iterable[str]) -> None:
    """Counts delivery attempts by result: ``delivered``, ``refused``, ``silent`` or ``gone``."""
    for result, number in Tally(results).items():
        webhook_deliveries_total.labels(result).inc(number)


def count_graphic_look() -> None:
    """Counts one look at a graphic content, whoever looked."""
    graphic_looks_total.inc()


def count_uncovered_seconds(*, text: int, images: int) -> None:
    """Counts seconds in which a text, or images, lay open before somebody."""
    uncovered_seconds_total.labels("text").inc(text)
    uncovered_seconds_total.labels("images").inc(images)
