"""Lists as CSV: the filtered rows, sent while they are read."""

import re
from collections.abc import Iterator
from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.audit import record_audit, record_views, user_actor
from moderation.audit.subjects import subject_type_of
from moderation.models import ApiClient, Content, ReviewQueue
from reviewengine.batches import in_batches
from reviewengine.csv_files import BYTE_ORDER_MARK, CONTENT_TYPE, csv_lines

MOST_ROWS = 50_000
CHUNK = 500
SEE_CONTENT = "moderation.view_content"
# Never in a file, whoever asks: what opens doors.
SECRET = re.compile(r"password|secret|digest|token")
# How a row of another table is named in a file; otherwise by its key.
NAMES: dict[type[models.Model], str] = {User: "username", ReviewQueue: "slug", ApiClient: "name"}


def columns_of(model_admin: ModelAdmin, request: HttpRequest) -> dict[str, str]:
    """Heading to lookup: every short field of the list's rows, and content text for those who may see contents."""
    others_words = getattr(model_admin, "export_text", ())
    columns = {
        field.name: _lookup_of(field)
        for field in model_admin.model._meta.concrete_fields
        if not SECRET.search(field.name)
        and not isinstance(field, models.TextField | models.JSONField)
        and field.name not in others_words
    }
    if cast(User, request.user).has_perm(SEE_CONTENT):
        columns |= {name: name for name in others_words}
    return columns


def _lookup_of(field: Any) -> str:
    named = NAMES.get(field.related_model) if field.is_relation else None
    return f"{field.name}__{named}" if named else str(field.attname)


def export_list(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponseBase:
    """The rows that the list shows under the filters of the address, all pages of it, as a file."""
    if not model_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    back = _address_of(model_admin, request)
    if request.method != "POST":
        return HttpResponseRedirect(back)
    rows = _filtered(model_admin, request)
    if rows is None:
        messages.error(request, _("The address holds a filter that this list does not know. Choose it again."))
        return HttpResponseRedirect(back.partition("?")[0])
    count = rows.order_by()[: MOST_ROWS + 1].count()
    if count > MOST_ROWS:
        text = _("A file holds at most %(most)d rows, and this list has more. Narrow it by filters, then export again.")
        messages.error(request, text % {"most": MOST_ROWS})
        return HttpResponseRedirect(back)
    return _file(model_admin, request, rows, count)


def _address_of(model_admin: ModelAdmin, request: HttpRequest) -> str:
    meta = model_admin.model._meta
    return f"{reverse(f'admin:{meta.app_label}_{meta.model_name}_changelist')}?{request.GET.urlencode()}"


def _filtered(model_admin: ModelAdmin, request: HttpRequest) -> QuerySet | None:
    filters = request.GET.copy()
    filters.pop("p", None)
    request.GET = filters  # type: ignore[assignment]
    try:
        return model_admin.get_changelist_instance(request).queryset
    except IncorrectLookupParameters:
        return None


def _file(model_admin: ModelAdmin, request: HttpRequest, rows: QuerySet, count: int) -> HttpResponse:
    meta, columns = model_admin.model._meta, columns_of(model_admin, request)
    shows_text = issubclass(model_admin.model, Content) and "text" in columns
    record_audit(
        action="list.exported",
        actor=user_actor(request.user),
        subject_type=subject_type_of(model_admin.model),
        subject_id="*",
        data={"rows": count, "filters": request.GET.urlencode()[:500], "columns": list(columns)},
    )
    lines = _lines(request, rows, columns, shows_text=shows_text)
    response = StreamingHttpResponse(lines, content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{meta.model_name}s-{timezone.now():%Y-%m-%d}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return cast(HttpResponse, response)


def _lines(request: HttpRequest, rows: QuerySet, columns: dict[str, str], *, shows_text: bool) -> Iterator[str]:
    """The file in pieces. Text leaves only after the record says who was shown it."""
    yield BYTE_ORDER_MARK + "".join(csv_lines([columns]))
    found = rows.values_list("pk", *columns.values())[:MOST_ROWS].iterator(chunk_size=CHUNK)
    for chunk in in_batches(found, CHUNK):
        if shows_text:
            record_views(viewer=request.user, content_ids=[row[0] for row in chunk], page="export", request=request)
        yield "".join(csv_lines(row[1:] for row in chunk))
