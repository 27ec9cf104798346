"""Requests, counted and timed by method, status and view."""

from functools import lru_cache

from prometheus_client import Counter, Histogram

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BUCKETS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

requests_total = Counter("http_requests_total", "HTTP requests answered.", ["method", "status", "view"])
request_seconds = Histogram(
    "http_request_duration_seconds", "Seconds until an HTTP request was answered.", ["method", "view"], buckets=BUCKETS
)


def count_request(method: str | None, status: int, view: str, seconds: float) -> None:
    """Counts one answered request. ``view`` is the name of its address, never the address itself."""
    method = method if method in METHODS else "OTHER"
    _counter(method, status, view).inc()
    _timer(method, view).observe(seconds)


# Looking a label set up in the client costs more than counting: the few hundred that exist are kept.
@lru_cache(maxsize=4096)
def _counter(method: str, status: int, view: str) -> Counter:
    return requests_total.labels(method, status, view)


@lru_cache(maxsize=1024)
def _timer(method: str, view: str) -> Histogram:
    return request_seconds.labels(method, view)
