"""Saved views of the console's lists: one click opens them, plain forms keep and delete them."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from moderation.models import SavedFilter
from moderation.review.access import RELEASE_OTHERS
from moderation.review.saved_filters import ADD, FilterRefused, delete_filter, filters_for, save_filter, tidy_query


def list_page(request: HttpRequest, page: str) -> str:
    """The address of the list that ``page`` names; 404 where there is none, or not for this person."""
    for model, model_admin in admin.site._registry.items():
        name = f"{admin.site.name}:{model._meta.app_label}_{model._meta.model_name}_changelist"
        if name == page and model_admin.has_view_or_change_permission(request):
            return reverse(name)
    raise Http404("There is no such list.")


def views_of(request: HttpRequest, page: str) -> dict[str, Any]:
    """What the list shows of its saved views, two queries at most."""
    person, now = cast(User, request.user), tidy_query(request.GET.urlencode())
    rows = list(filters_for(person=person, page=page)) if person.has_perm("moderation.view_savedfilter") else []
    return {
        "page": page,
        "query": now,
        "may_save": person.has_perm(ADD),
        "may_delete_shared": person.has_perm(RELEASE_OTHERS),
        "views": [{"row": row, "own": row.owner_id == person.pk, "current": row.query == now} for row in rows],
    }


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keeps the list's filters under the name that was typed."""
    page, query = request.POST.get("page", ""), request.POST.get("query", "")
    address = list_page(request, page)
    try:
        row = save_filter(
            owner=cast(User, request.user),
            page=page,
            name=request.POST.get("name", ""),
            query=query,
            shared="shared" in request.POST,
        )
    except FilterRefused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(f"{address}?{tidy_query(query)}")
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": row.name})
    return HttpResponseRedirect(f"{address}?{row.query}")


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Deletes a view; one that is gone already is no fault."""
    row = SavedFilter.objects.filter(pk=pk).first()
    if row is None:
        return HttpResponseRedirect(reverse("admin:index"))
    address, name = list_page(request, row.page), row.name
    try:
        delete_filter(row=row, person=cast(User, request.user))
    except PermissionDenied as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(address)
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": name})
    return HttpResponseRedirect(address)


urls = [
    path("save/", admin.site.admin_view(save), name="saved_filter_save"),
    path("<int:pk>/delete/", admin.site.admin_view(delete), name="saved_filter_delete"),
]
admin.site.register_pages("saved-views/", urls)  # type: ignore[attr-defined]  # it is our own site
