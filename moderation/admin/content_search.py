"""Lists that are searched by the content they are about."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest


def content_matches(term: str, prefix: str = "") -> Q:
    """The contents a search term means: an id, or the beginning of an external id; both read an index."""
    found = Q(**{f"{prefix}external_id__startswith": term})
    try:
        return found | Q(**{f"{prefix}pk": UUID(term)})
    except ValueError:
        return found


class SearchByContent:
    """For a ModelAdmin whose rows are found by their content; ``content_prefix`` leads from a row to it."""

    content_prefix = "content__"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        return (queryset.filter(content_matches(term, self.content_prefix)) if term else queryset), False
