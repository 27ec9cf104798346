"""The period on which a page of figures looks back: so many days, as its address names them."""

from collections.abc import Sequence

from django.http import HttpRequest


def days_asked(request: HttpRequest, periods: Sequence[int], default: int) -> int:
    """The ``days`` that were asked for, by an address or by a form, if they are one of ``periods``."""
    asked = (request.POST if request.method == "POST" else request.GET).get("days", "")
    return int(asked) if asked in map(str, periods) else default
