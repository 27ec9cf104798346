"""Where two people differ: the lead's list, and both sides of one, without names until somebody has settled it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from moderation.admin.base import person_of
from moderation.admin.categories import category_title
from moderation.admin.covers import shown_words
from moderation.admin.desk_form import TypedField
from moderation.admin.desk_guard import page_for
from moderation.admin.quality_form import RightAnswerForm
from moderation.admin.quality_frame import answer
from moderation.audit import record_view
from moderation.enums import FINAL_OUTCOMES, CaseSource, Outcome
from moderation.models import QualityReview
from moderation.review.lots import lot
from moderation.review.reasons import find_reason, offered_reasons
from moderation.review.refusals import ActRefused
from moderation.review.settlement import SEE, SETTLE, disagreements, settle_review

MOST_OPEN = 100
MOST_SETTLED = 20


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the two said. ``name`` is empty while nobody has settled who was right."""

    title: str
    name: str
    outcome: str
    label: str
    reasoning: str
    private_note: str
    is_first: bool
    was_right: bool | None


class SettleForm(RightAnswerForm):
    """Who was right, and why."""

    note = TypedField(max_length=1000)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        rejects = values.get("outcome") == Outcome.REJECT
        if rejects and not self.errors and not values.get("label") and not values["note"].strip():
            self.add_error(None, _("Say why it is to be rejected: choose a reason, or write one."))
        return values


def sides_of(review: QualityReview) -> list[Side]:
    """Both, in an order that tells nothing: not who was first, and so not which of them stands."""
    first = review.first_decision
    if first is None or first.moderator is None:
        raise ValueError("A double review is about a moderator's decision.")
    is_settled = review.settled_at is not None
    pair = [
        (first.moderator, first.outcome, first.label, first.reasoning, first.private_note, True),
        (review.moderator, review.outcome, review.label, review.reasoning, review.private_note, False),
    ]
    if lot("sides", review.pk) < 50:
        pair.reverse()
    return [
        Side(
            title=title,
            name=person.get_username() if is_settled else "",
            outcome=outcome,
            label=label,
            reasoning=reasoning,
            private_note=note,
            is_first=is_first and is_settled,
            was_right=outcome == review.settled_outcome if is_settled else None,
        )
        for title, (person, outcome, label, reasoning, note, is_first) in zip(
            (_("One"), _("The other")), pair, strict=True
        )
    ]


@require_safe
@page_for(SEE)
def listed(request: HttpRequest) -> HttpResponse:
    """What waits for a lead, the oldest first, and what was settled last."""
    rows = QualityReview.objects.filter(kind=CaseSource.DOUBLE, settled_at__isnull=False)
    settled = rows.select_related("content", "queue", "settled_by", "first_decision").defer(*_HEAVY)
    waiting = disagreements().select_related("content", "queue").defer(*_HEAVY)
    context = {
        "title": _("Disagreements"),
        "waiting": [(row, _titles(row)) for row in waiting[:MOST_OPEN]],
        "total": disagreements().count(),
        "settled": [(row, _titles(row)) for row in settled.order_by("-settled_at")[:MOST_SETTLED]],
    }
    return answer(request, "disagreements", context)


_HEAVY = ("content__text", "content__metadata", "content__url")


def _titles(review: QualityReview) -> str:
    return ", ".join(str(category_title(category)) for category in review.categories)


@page_for(SEE)
def one(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Both sides of a disagreement; posted, it settles who was right."""
    if request.method != "POST":
        return _show(request, _read(review_id), SettleForm())
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _show(request, _read(review_id), form, status=400)
    values = form.cleaned_data
    reason = find_reason(values["label"]) if values["label"] and values["outcome"] == Outcome.REJECT else None
    try:
        done = settle_review(
            review_id=review_id,
            lead=person_of(request),
            outcome=Outcome(values["outcome"]),
            note=values["note"].strip() or (reason.text if reason else ""),
            label=values["label"],
        )
    except QualityReview.DoesNotExist as error:
        raise Http404 from error
    except (ActRefused, PermissionDenied) as refusal:
        form.add_error(None, str(refusal))
        return _show(request, _read(review_id), form, status=409)
    messages.success(request, _told(done.decision is not None, done.stands_apart))
    return HttpResponseRedirect(reverse("admin:quality_disagreement", args=[review_id]))


def _told(is_overridden: bool, stands_apart: bool) -> str:
    if is_overridden:
        return _("Settled. Your decision takes the place of the one that stood, and the platform is told.")
    if stands_apart:
        return _("Settled. The content was edited or erased since: its decision stays as it is.")
    return _("Settled. The decision stands as it is.")


def _read(review_id: UUID) -> QualityReview:
    rows = QualityReview.objects.select_related(
        "content__client", "case__result", "queue", "moderator", "first_decision__moderator", "settled_by"
    )
    review = rows.filter(pk=review_id, kind=CaseSource.DOUBLE, agrees=False).first()
    if review is None:
        raise Http404("There is no such disagreement.")
    return review


def _show(request: HttpRequest, review: QualityReview, form: SettleForm, *, status: int = 200) -> HttpResponse:
    content, lead = review.content, person_of(request)
    record_view(viewer=lead, content_id=content.pk, page="quality", request=request, case_id=review.case_id)
    is_one_of_them = lead.pk in (review.moderator_id, getattr(review.first_decision, "moderator_id", None))
    is_current = content.erased_at is None and content.version == review.case.content_version
    context = {
        "title": _("Disagreement about %(content)s") % {"content": content.external_id},
        "review": review,
        "sides": sides_of(review),
        "categories": _titles(review),
        **shown_words(lead, content),
        "is_current": is_current,
        "is_one_of_them": is_one_of_them,
        "may_settle": request.user.has_perm(SETTLE) and not is_one_of_them and review.settled_at is None,
        "form": form,
        "reasons": offered_reasons(queue_id=review.queue_id),
        "outcomes": FINAL_OUTCOMES,
        "next": disagreements().exclude(pk=review.pk).values_list("pk", flat=True).first(),
    }
    return answer(request, "disagreement", context, status=status)


urls = [
    path("disagreements/", listed, name="quality_disagreements"),
    path("disagreements/<uuid:review_id>/", one, name="quality_disagreement"),
]
