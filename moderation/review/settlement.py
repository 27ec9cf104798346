"""Step 6, two people differ: a lead says who was right, and where that was the second, the decision is overridden."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.audit import record_audit, user_actor
from moderation.enums import FINAL_OUTCOMES, UNSETTLED_STATUSES, CaseSource, Outcome, SubjectType
from moderation.models import Content, Decision, QualityReview
from moderation.review.override import record_override
from moderation.review.refusals import ActRefused
from moderation.review.resolve import draft_of

SEE, SETTLE = "moderation.view_qualityreview", "moderation.change_qualityreview"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a lead said of a disagreement. ``decision`` overrides the first one, where that was wrong and still stood.

    ``stands_apart``: it was wrong, and could not be overridden: the content was edited or erased since.
    """

    review: QualityReview
    decision: Decision | None
    stands_apart: bool


def disagreements() -> QuerySet[QualityReview]:
    """Double reviews that differ and that nobody has settled, the oldest first."""
    rows = QualityReview.objects.filter(kind=CaseSource.DOUBLE, agrees=False, settled_at=None)
    return rows.order_by("created_at", "id")


@transaction.atomic
def settle_review(*, review_id: UUID, lead: User, outcome: Outcome, note: str = "", label: str = "") -> Settlement:
    """Says which outcome is right; where the content's decision is another, the lead's own overrides it.

    ``note`` (up to 1,000 characters) tells both people why, and is the reasoning of the override, whose ``label`` is
    that of a RejectionReason. Raises PermissionDenied for whoever may not settle and for the two who differ,
    QualityReview.DoesNotExist, ValueError for an outcome that is not final, and ActRefused for what is settled
    already, or while the content is being moderated.
    """
    if outcome not in FINAL_OUTCOMES:
        raise ValueError(f"A right answer approves or rejects; '{outcome}' does neither.")
    if not lead.has_perm(SETTLE):
        raise PermissionDenied(_("You may not settle disagreements. Ask a lead."))
    content_id = QualityReview.objects.only("content_id").get(pk=review_id).content_id
    content = Content.objects.select_for_update(of=("self",)).get(pk=content_id)
    rows = QualityReview.objects.select_related("case", "first_decision")
    review = rows.select_for_update(of=("self",)).get(pk=review_id)
    _require_open(review, content, lead)
    is_current = content.erased_at is None and content.version == review.case.content_version
    differs = is_current and content.decision != outcome
    decision = _override(content, review, lead, outcome, note, label) if differs else None
    review.settled_at, review.settled_by = timezone.now(), lead
    review.settled_outcome, review.settled_note = outcome, note
    review.save(update_fields=["settled_at", "settled_by", "settled_outcome", "settled_note"])
    _record(review, lead, decision)
    return Settlement(review, decision, stands_apart=not is_current and review.expected_outcome != outcome)


def _require_open(review: QualityReview, content: Content, lead: User) -> None:
    first = review.first_decision
    if first is None or review.agrees:
        raise ActRefused(_("The two agree: there is nothing to settle."))
    if lead.pk in (review.moderator_id, first.moderator_id):
        raise PermissionDenied(_("You are one of the two who differ: somebody else has to settle this."))
    if review.settled_at is not None:
        raise ActRefused(_("This disagreement was settled already."))
    if content.status in UNSETTLED_STATUSES and content.version == review.case.content_version:
        raise ActRefused(_("The content is being moderated: settle this in a moment."), wait=True)


def _override(content: Content, review: QualityReview, lead: User, outcome: Outcome, note: str, label: str) -> Decision:
    label = label if outcome == Outcome.REJECT else ""
    draft = draft_of(case=review.case, content=content, moderator=lead, outcome=outcome, label=label, reasoning=note)
    return record_override(draft)


def _record(review: QualityReview, lead: User, decision: Decision | None) -> None:
    data = {"content": str(review.content_id), "outcome": review.settled_outcome}
    record_audit(
        action="quality_review.settled",
        actor=user_actor(lead),
        subject_type=SubjectType.QUALITY_REVIEW,
        subject_id=review.pk,
        data={**data, **({"decision": str(decision.pk)} if decision else {})},
    )
