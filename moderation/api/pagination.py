"""Cursor pagination: stable while rows come in, as fast on the last page as on the first."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response

from moderation.api.errors import Problem
from reviewengine import conf

CURSOR = re.compile(r"[A-Za-z0-9+/_-]+=*")
MOST_DIGITS = 9


class NewestFirst(CursorPagination):
    """Newest first; ``limit`` sets the page size up to the configured maximum."""

    ordering: tuple[str, ...] = ("-created_at", "-id")
    page_size_query_param = "limit"
    max_page_size: int

    def __init__(self) -> None:
        self.page_size = conf.load().api.page_size
        self.max_page_size = conf.load().api.max_page_size

    def get_page_size(self, request: Any) -> int | None:
        raw = request.query_params.get("limit")
        return self.page_size if raw is None else self._limit(raw)

    def _limit(self, raw: str) -> int:
        """What was asked for. More than there may be is refused: whoever counts on it would miss rows."""
        if not (raw.isascii() and raw.removeprefix("-").isdigit()):
            code = "invalid_format"
        elif raw.startswith("-") or not raw.strip("0"):
            code = "too_small"
        elif len(digits := raw.lstrip("0")) > MOST_DIGITS or int(digits) > self.max_page_size:
            code = "too_large"
        else:
            return int(digits)
        fault = {"parameter": "limit", "code": code, "detail": f"is a whole number from 1 to {self.max_page_size}"}
        raise Problem("invalid_parameter", errors=[fault])

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        cursor = request.query_params.get(self.cursor_query_param)
        if cursor is not None and not CURSOR.fullmatch(cursor):
            raise Problem("invalid_cursor")
        try:
            return super().paginate_queryset(queryset, request, view)
        except (NotFound, ValidationError, ValueError) as error:
            raise Problem("invalid_cursor") from error

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self.get_next_link(), "previous": self.get_previous_link()})
