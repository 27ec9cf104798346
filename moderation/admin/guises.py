"""Pages and lists that show a content that is measured as it was, to whoever answers the case."""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest

from moderation.admin.base import LeanChangeList, person_of
from moderation.admin.names import in_words
from moderation.review.guise import Guise, guises_for, with_value

Guises = dict[UUID, Guise]


def guises_of(request: HttpRequest) -> Guises:
    """Those of the person who asks; read once a request."""
    if not hasattr(request, "guises"):
        request.guises = guises_for(person_of(request))  # type: ignore[attr-defined]
    return cast(Guises, request.guises)  # type: ignore[attr-defined]


def is_export(request: HttpRequest) -> bool:
    """Whether a list is written into a file, where rows stand as they are stored."""
    return request.resolver_match is not None and str(request.resolver_match.url_name).endswith("_export")


class GuisedChangeList(LeanChangeList):
    """Its rows are shown in their guise; they are read once, and the page shows the same ones."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        guises = guises_of(request)
        for row in self.result_list if guises else ():
            cast(InGuise, self.model_admin).dress(guises, row)


class InGuise(admin.ModelAdmin):
    """For a ModelAdmin whose rows are a content, or about one."""

    def dress(self, guises: Guises, row: Any) -> None:
        """Gives the row the values that its reader may see."""
        raise NotImplementedError

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return GuisedChangeList

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        row = super().get_object(request, object_id, from_field)
        if row is not None and (guises := guises_of(request)):
            self.dress(guises, row)
        return row


class GuisedFilter(admin.SimpleListFilter):
    """Rows by what they are shown as: a filter must not find what the column hides."""

    field_name: str
    values: Sequence[tuple[str, Any]]

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return in_words(self.values)

    def shown(self, guises: Guises) -> Mapping[Any, Any]:
        """The keys of the rows that are in a guise, with what is shown of them."""
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not (value := self.value()):
            return queryset
        guises = guises_of(request)
        return with_value(queryset, self.shown(guises) if guises else {}, self.field_name, value)
