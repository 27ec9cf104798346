"""The pages of bulk decisions: choose, see what it would do, decide with progress, and undo the whole run."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from moderation.admin.bulk_form import BulkForm, ChoiceForm
from moderation.admin.covers import mark_covers
from moderation.admin.desk_guard import StaffRequest, answer, page_view
from moderation.audit import record_views
from moderation.enums import BulkStatus, HoldStatus, Outcome
from moderation.models import BulkItem, BulkRun, Content, DecisionHold
from moderation.models.ids import new_id
from moderation.review.bulk import progress, require_bulk, start_run, undo_run, work_off
from moderation.review.refusals import ActRefused
from moderation.review.selection import preview

SHOWN = 200
# A page without JavaScript is answered within this time, and offers to go on.
PATIENCE = timedelta(seconds=8)


@page_view
def bulk(request: StaffRequest) -> HttpResponse:
    """Asks which cases are meant, and shows what deciding them would do; posted, begins to."""
    require_bulk(request.user)
    if request.method == "POST":
        return _start(request)
    return _page(request, BulkForm(request.user, request.GET or None), None)


def _page(request: StaffRequest, choice: BulkForm, form: ChoiceForm | None, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    shown = None
    if choice.is_bound and choice.is_valid() and not choice.selection.is_empty:
        outcome = Outcome(choice.cleaned_data["outcome"] or Outcome.REJECT)
        shown = preview(choice.selection, moderator=request.user, outcome=outcome, now=now)
        mark_covers(request.user, [case.content for case in shown.sample])
        seen = [case.content_id for case in shown.sample]
        record_views(viewer=request.user, content_ids=seen, page="bulk", request=request)
        form = form or ChoiceForm(initial={"seen_at": now.isoformat(), "outcome": outcome, "run": new_id()})
        form.initial.setdefault("reason", request.GET.get("reason", ""))
    context = {
        "title": _("Decide in bulk"),
        "choice": choice,
        "like": _like(choice),
        "reason": request.GET.get("reason", ""),
        "form": form,
        "preview": shown,
        "runs": BulkRun.objects.filter(moderator=request.user).order_by("-created_at")[:5],
    }
    return answer(request, "bulk", context, status=status)


def _like(choice: BulkForm) -> Content | None:
    """The content that the others are to be like, to name it."""
    alike = choice.cleaned_data.get("alike") if choice.is_bound else None
    return Content.objects.only("external_id").filter(pk=alike).first() if alike else None


def _start(request: StaffRequest) -> HttpResponse:
    choice, form = BulkForm(request.user, request.POST), ChoiceForm(request.POST)
    if not (form.is_valid() and choice.is_valid()):
        return _page(request, choice, form, status=400)
    try:
        run = start_run(
            selection=choice.selection,
            moderator=request.user,
            outcome=Outcome(form.cleaned_data["outcome"]),
            label=form.label,
            reasoning=form.reasoning,
            seen_at=form.cleaned_data["seen_at"],
            run_id=form.cleaned_data["run"],
        )
    except ActRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, choice, form, status=409)
    return HttpResponseRedirect(reverse("admin:review_bulk_run", args=[run.pk]))


@page_view
def bulk_run(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """What became of each row, how far the run is, and the way to go on or to undo it."""
    run = _find(request, run_id)
    items = BulkItem.objects.filter(run=run).select_related("case__content", "decision__hold")
    context = {
        "title": _("Bulk decision"),
        "run": run,
        "progress": progress(run),
        "items": items.defer("case__content__text", "case__content__metadata").order_by("-refusal", "pk")[:SHOWN],
        "undo_seconds": _undo_seconds(run),
        "is_running": run.status == BulkStatus.RUNNING,
    }
    return answer(request, "bulk_run", context)


@page_view
def work(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Decides the next rows: one batch for a page that shows progress, as many as there is time for without one."""
    run = _find(request, run_id)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("admin:review_bulk_run", args=[run.pk]))
    is_polling = request.headers.get("Accept") == "application/json"
    until = timezone.now() + (timedelta(0) if is_polling else PATIENCE)
    work_off(run_id=run.pk, moderator=request.user, until=until)
    if is_polling:
        return bulk_progress(request, run_id=run.pk)
    return HttpResponseRedirect(reverse("admin:review_bulk_run", args=[run.pk]))


@page_view
def bulk_progress(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """How far the run is."""
    run = _find(request, run_id)
    far = progress(run)
    facts = {"status": run.status, "total": far.total, "decided": far.decided, "refused": far.refused, "left": far.left}
    return JsonResponse(facts)


@page_view
def undo(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Takes the whole run back as far as it does not count yet, and says what counts already."""
    run = _find(request, run_id)
    if request.method == "POST":
        undone, counting = undo_run(run_id=run.pk, moderator=request.user)
        messages.info(request, _undone(undone, counting))
    return HttpResponseRedirect(reverse("admin:review_bulk_run", args=[run.pk]))


def _undone(undone: int, counting: int) -> str:
    said = ngettext(
        "%(number)d decision was undone; its case is open again.",
        "%(number)d decisions were undone; their cases are open again.",
        undone,
    ) % {"number": undone}
    if not counting:
        return said
    late = ngettext(
        "%(number)d counts already: decide it anew from its content.",
        "%(number)d count already: decide them anew from their contents.",
        counting,
    ) % {"number": counting}
    return f"{said} {late}"


def _find(request: StaffRequest, run_id: UUID) -> BulkRun:
    """One's own run; that of another is not found, whoever asks."""
    require_bulk(request.user)
    run = BulkRun.objects.filter(pk=run_id, moderator=request.user).first()
    if run is None:
        raise Http404("You have no such run.")
    return run


def _undo_seconds(run: BulkRun) -> int:
    """How long the whole run can still be undone; 0 when it counts, or has been undone."""
    held = DecisionHold.objects.filter(decision__bulk_item__run=run, status=HoldStatus.HELD)
    first: Any = held.order_by("release_at").values_list("release_at", flat=True).first()
    return max(1, int((first - timezone.now()).total_seconds())) if first else 0


urls = [
    path("bulk/", bulk, name="review_bulk"),
    path("bulk/<uuid:run_id>/", bulk_run, name="review_bulk_run"),
    path("bulk/<uuid:run_id>/work/", work, name="review_bulk_work"),
    path("bulk/<uuid:run_id>/progress/", bulk_progress, name="review_bulk_progress"),
    path("bulk/<uuid:run_id>/undo/", undo, name="review_bulk_undo"),
]
