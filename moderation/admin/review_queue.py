"""Review queues: whose they are, which cases come to them, and how long a case may wait."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.admin.base import AuditedAdmin
from moderation.admin.cells import NOTHING, duration
from moderation.admin.review_queue_form import ReviewQueueForm, TrialForm, tried_queue
from moderation.enums import DueClock
from moderation.models import ReviewCase, ReviewQueue
from moderation.review.routing import faults_of
from moderation.review.routing_trial import try_on_cases, try_on_content
from moderation.review.sla import waiting_cases

TRY = "_try"
# Of those that would come, so many are listed.
MOST_SHOWN = 20


@admin.register(ReviewQueue)
class ReviewQueueAdmin(AuditedAdmin):
    """Saving a routing that cannot be understood is refused, with what is wrong in which line."""

    form = ReviewQueueForm
    list_display = ("name", "slug", "shown_waiting", "shown_due", "shown_routing", "hide_text")
    ordering = ("slug",)
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    change_form_template = "admin/moderation/reviewqueue/change_form.html"
    fieldsets = (
        (None, {"fields": ("name", "slug", "description", "groups")}),
        (gettext_lazy("How long a case may wait"), {"fields": ("due_minutes", "due_clock")}),
        (gettext_lazy("Which cases come here"), {"fields": ("routing", "position")}),
        (gettext_lazy("Care and quality"), {"fields": ("hide_text", "double_percent", "golden_percent")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewQueue]:
        cases = waiting_cases(ReviewCase.objects.filter(queue=OuterRef("pk"))).order_by().values("queue")
        waiting = Subquery(cases.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
        return super().get_queryset(request).annotate(waiting=Coalesce(waiting, 0))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = TrialForm if TRY in request.POST else ReviewQueueForm
        return super().get_form(request, obj, change, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["widget"] = forms.CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form = context["adminform"].form
        if TRY in request.POST and "trial_cases" in form.fields:
            context["trial"] = _trial(form)
        elif request.method == "GET" and form.instance.pk and (faults := faults_of(form.instance.routing)):
            messages.warning(request, _("The routing cannot be used, so no case comes by it: %s") % _listed(faults))
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=gettext_lazy("waiting"), ordering="waiting")
    def shown_waiting(self, row: Any) -> str:
        return f"{row.waiting:,}"

    @admin.display(description=gettext_lazy("due after"), ordering="due_minutes")
    def shown_due(self, row: ReviewQueue) -> str:
        wait = duration(row.due_minutes * 60)
        return _("%(wait)s of business hours") % {"wait": wait} if row.due_clock == DueClock.BUSINESS else wait

    @admin.display(description=gettext_lazy("routing"), ordering="position")
    def shown_routing(self, row: ReviewQueue) -> str:
        if not row.routing.strip():
            return NOTHING
        if faults_of(row.routing):
            return format_html('<b class="alarming">{}</b>', _("cannot be used"))
        return _("asked in the order %(position)s") % {"position": row.position}


def _trial(form: Any) -> dict[str, Any]:
    """What the routing that was typed would do; ``asked`` is False where there is none to ask, or it has faults."""
    condition = form.condition()
    if condition is None:
        return {"asked": False}
    typed = form.cleaned_data
    found = try_on_cases(routing=condition, queue=tried_queue(form), last=typed.get("trial_cases") or 200)
    wanted = typed.get("trial_content", "")
    return {
        "asked": True,
        "found": found,
        "shown": found.fitting[:MOST_SHOWN],
        "wanted": wanted,
        "of_content": try_on_content(routing=condition, wanted=wanted) if wanted else None,
    }


def _listed(faults: Any) -> str:
    return "; ".join(str(fault) for fault in faults)
