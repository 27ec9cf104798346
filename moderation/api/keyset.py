"""Pages in an order of several fields: the cursor holds the values of the row that the page begins behind.

The pages of ``moderation.api.pagination`` begin at one value of one field, and count rows from there. Where thousands
of rows share that value, as a priority is shared, only the whole order tells where a page ends.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from moderation.api.errors import Problem
from moderation.api.pagination import NewestFirst

FORWARD, BACKWARD = "f", "b"


class Page:
    """One page of a list: its size, where it begins, and the addresses of its neighbours.

    ``place`` is the key of the row beside which the page begins, None for the first page.
    """

    def __init__(self, request: Request) -> None:
        self.request = request
        self.size = NewestFirst().get_page_size(request) or 1
        self.backward, self.place = _read(request.query_params.get("cursor"))

    def answer(self, rows: list[Any], key: Callable[[Any], list[Any]], show: Callable[[list[Any]], Any]) -> Response:
        """``rows`` are up to one more than the page holds, in the direction in which the page was asked for."""
        more, rows = len(rows) > self.size, rows[: self.size]
        if self.backward:
            rows.reverse()
        before = more if self.backward else self.place is not None
        after = self.place is not None if self.backward else more
        body = {
            "results": show(rows),
            "next": self._address(FORWARD, key(rows[-1])) if rows and after else None,
            "previous": self._address(BACKWARD, key(rows[0])) if rows and before else None,
        }
        return Response(body)

    def _address(self, direction: str, place: list[Any]) -> str:
        cursor = base64.urlsafe_b64encode(orjson.dumps([direction, *place])).decode().rstrip("=")
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)


def page_in_order(
    request: Request,
    rows: QuerySet[Any],
    show: Callable[[Sequence[Any]], Sequence[Any]],
    *,
    ordering: tuple[str, ...],
) -> Response:
    """One page of ``rows`` in ``ordering``: columns that are never null and, together, name one row."""
    page = Page(request)
    names = [name.removeprefix("-") for name in ordering]
    order = tuple(_reversed(name) for name in ordering) if page.backward else ordering
    if page.place is not None:
        rows = rows.filter(_behind(order, _values(rows, names, page.place)))
    found = list(rows.order_by(*order)[: page.size + 1])
    return page.answer(found, lambda row: [getattr(row, name) for name in names], show)


def _reversed(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def _values(rows: QuerySet[Any], names: list[str], place: list[Any]) -> list[Any]:
    """What the cursor says, as the columns hold it."""
    if len(place) != len(names):
        raise Problem("invalid_cursor")
    try:
        values = [rows.model._meta.get_field(name).to_python(value) for name, value in zip(names, place, strict=True)]
    except (ValidationError, ValueError, TypeError, OverflowError) as error:
        raise Problem("invalid_cursor") from error
    if any(isinstance(value, datetime) and value.tzinfo is None for value in values):
        raise Problem("invalid_cursor")
    return values


def _behind(order: tuple[str, ...], values: list[Any]) -> Q:
    """Rows that come after these values: later in the first column, or there the same and later in the next."""
    found, same = Q(), Q()
    for name, value in zip(order, values, strict=True):
        column, descending = name.removeprefix("-"), name.startswith("-")
        found |= same & Q(**{f"{column}__{'lt' if descending else 'gt'}": value})
        same &= Q(**{column: value})
    first, bound = order[0].removeprefix("-"), "lte" if order[0].startswith("-") else "gte"
    # It follows from the rest, and lets the database begin there in its index.
    return Q(**{f"{first}__{bound}": values[0]}) & found


def _read(cursor: str | None) -> tuple[bool, list[Any] | None]:
    if cursor is None:
        return False, None
    try:
        direction, *place = orjson.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True))
    except (binascii.Error, ValueError, TypeError) as error:
        raise Problem("invalid_cursor") from error
    if direction not in (FORWARD, BACKWARD) or not all(_is_plain(value) for value in place):
        raise Problem("invalid_cursor")
    return direction == BACKWARD, place


def _is_plain(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return False
    return "\x00" not in value if isinstance(value, str) else True
