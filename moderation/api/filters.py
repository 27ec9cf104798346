"""The list's filters. An unknown parameter or value is refused: a typo must not answer everything."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime

from moderation.api.errors import Problem
from moderation.enums import ContentStatus, Outcome
from moderation.models import Content


def _choice(values: list[str]) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in values:
            raise ValueError(f"is one of {', '.join(values)}")
        return value

    return parse


def _time(value: str) -> datetime:
    try:
        found = parse_datetime(value) or datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("is a time in ISO 8601, such as 2026-11-21T08:00:00Z") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _plain(value: str) -> str:
    if "\x00" in value or len(value) > 255:
        raise ValueError("is a text of at most 255 characters without NUL")
    return value


FILTERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "external_id": ("external_id", _plain),
    "status": ("status", _choice(ContentStatus.values)),
    "decision": ("decision", _choice(Outcome.values)),
    "author": ("author__external_id", _plain),
    "conversation_id": ("conversation_id", _plain),
    "created_after": ("created_at__gte", _time),
    "created_before": ("created_at__lt", _time),
}
OTHER_PARAMETERS = {"cursor", "limit"}


def filter_contents(contents: QuerySet[Content], parameters: Mapping[str, str]) -> QuerySet[Content]:
    """``contents`` narrowed by the query string. Raises Problem that names every faulty parameter."""
    conditions: dict[str, Any] = {}
    errors = []
    for name, value in parameters.items():
        if name in FILTERS:
            lookup, parse = FILTERS[name]
            try:
                conditions[lookup] = parse(value)
            except ValueError as error:
                errors.append({"parameter": name, "code": "invalid_value", "detail": str(error)})
        elif name not in OTHER_PARAMETERS:
            errors.append({"parameter": name, "code": "unknown_parameter", "detail": "is not known here"})
    if errors:
        raise Problem("invalid_parameter", errors=errors)
    return contents.filter(**conditions)
