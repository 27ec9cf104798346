"""Pages through tables of millions of rows without counting them."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

MOST_ROWS = 10_000


class BoundedPaginator(Paginator):
    """Counts, and reaches, no further than ``MOST_ROWS``: what lies beyond is found by a filter or a search."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return rows.order_by()[:MOST_ROWS].count()

    @property
    def is_bounded(self) -> bool:
        """Whether there may be more rows than the pages show."""
        return self.count >= MOST_ROWS
