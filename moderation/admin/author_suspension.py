"""Suspending an author in the console: the form, the two buttons behind it, and what the list can be narrowed by."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from moderation.admin import cells
from moderation.admin.base import ConsoleAdmin
from moderation.audit import user_actor
from moderation.authors import reinstate_author, suspend_author
from moderation.models import Author

DAYS = [
    ("1", _("A day")),
    ("3", _("Three days")),
    ("7", _("A week")),
    ("30", _("30 days")),
    ("", _("Until reinstated")),
]


class SuspensionForm(forms.Form):
    """How long, and why."""

    days = forms.TypedChoiceField(
        label=_("For"), choices=DAYS, initial="7", coerce=int, empty_value=None, required=False
    )
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.TextInput(attrs={"size": 60}))


class SuspensionFilter(admin.SimpleListFilter):
    """Authors by whether a suspension runs now."""

    title = _("suspension")
    parameter_name = "suspension"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("running", gettext("Suspended now")), ("none", gettext("Not suspended"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Author]) -> QuerySet[Author]:
        now = timezone.now()
        if self.value() == "running":
            return queryset & Author.objects.suspended(now)
        if self.value() == "none":
            return queryset & Author.objects.not_suspended(now)
        return queryset


class SuspensionAdmin(ConsoleAdmin):
    """The part of an author's page that is about the suspension."""

    change_form_template = "admin/moderation/author/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        acts = {"suspend": self.suspend_view, "reinstate": self.reinstate_view}
        routes = [
            path(
                f"<int:author_id>/{name}/",
                require_POST(self.admin_site.admin_view(view)),
                name=f"moderation_author_{name}",
            )
            for name, view in acts.items()
        ]
        return [*routes, *super().get_urls()]

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        if not self.has_change_permission(request, row):
            return {}
        return {"suspension": SuspensionForm(prefix="suspension"), "is_suspended": row.is_suspended(timezone.now())}

    @transaction.atomic
    def suspend_view(self, request: HttpRequest, author_id: int) -> HttpResponse:
        """POST: the button below an author's fields."""
        author = self._locked(request, author_id)
        form = SuspensionForm(request.POST, prefix="suspension")
        if form.is_valid():
            now, days = timezone.now(), form.cleaned_data["days"]
            until = now + timedelta(days=days) if days else None
            reason = form.cleaned_data["reason"]
            suspend_author(author=author, actor=user_actor(request.user), reason=reason, until=until, now=now)
            self.message_user(request, _("The author is suspended."), messages.SUCCESS)
        else:
            self.message_user(request, _("Not suspended: say for how long, and why."), messages.ERROR)
        return _back_to(author)

    @transaction.atomic
    def reinstate_view(self, request: HttpRequest, author_id: int) -> HttpResponse:
        """POST: the button beside a suspension that runs."""
        author = self._locked(request, author_id)
        reinstate_author(author=author, actor=user_actor(request.user))
        self.message_user(request, _("The author is suspended no more."), messages.SUCCESS)
        return _back_to(author)

    def _locked(self, request: HttpRequest, author_id: int) -> Author:
        if not self.has_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(Author.objects.select_for_update(of=("self",)), pk=author_id)

    @admin.display(description=_("suspension"))
    def shown_suspension(self, row: Author) -> str:
        """In words; one that has run out is none."""
        if not row.is_suspended(timezone.now()):
            return cells.NOTHING
        if row.suspended_until is None:
            return gettext("until reinstated")
        return gettext("until %(time)s UTC") % {"time": cells.to_the_minute(row.suspended_until)}

    @admin.display(description=_("reason of the suspension"))
    def shown_suspension_reason(self, row: Author) -> str:
        return cells.foreign(row.suspension_reason if row.is_suspended(timezone.now()) else "", 1000)


def _back_to(author: Author) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:moderation_author_change", args=[author.pk]))
