"""Step 6, second thoughts: what somebody said of a case that measures them can be undone as long as a decision can."""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.audit import record_audit, user_actor
from moderation.enums import CaseStatus, SubjectType
from moderation.models import Content, QualityReview, ReviewCase
from moderation.review.holds import waits_for_second
from moderation.review.leases import new_claim, write
from moderation.review.refusals import ActRefused
from reviewengine import conf

# Nobody comes to answers as a second person; after an hour people are told how they answered.
UNTIL_A_SECOND = timedelta(hours=1)


def _time_for(review: QualityReview) -> timedelta:
    """How long it can be taken back. A decision that waits for a second person can be until that one has come."""
    author = review.content.author
    if waits_for_second(outcome=review.outcome, reach=author.reach if author else None):
        return UNTIL_A_SECOND
    return timedelta(seconds=conf.load().review.undo_seconds)


@transaction.atomic
def take_back_answer(*, review_id: UUID, person: User, now: datetime | None = None) -> tuple[ReviewCase, QualityReview]:
    """Opens the case again, claimed by the same person; answers it, and what had been said, which is stored no more.

    Raises QualityReview.DoesNotExist for what is not theirs, and ActRefused when the time is up or the content changed.
    """
    now = now or timezone.now()
    found = QualityReview.objects.only("content_id", "case_id").get(pk=review_id, moderator=person)
    content = Content.objects.select_for_update(of=("self",)).get(pk=found.content_id)
    case = ReviewCase.objects.select_for_update(of=("self",)).get(pk=found.case_id)
    rows = QualityReview.objects.filter(moderator=person, settled_at=None).select_for_update(of=("self",))
    review = rows.select_related("content__author").filter(pk=review_id).first()
    if review is None or review.created_at <= now - _time_for(review):
        raise ActRefused(_("This decision counts already."))
    if content.erased_at is not None or content.version != case.content_version:
        raise ActRefused(_("The content was edited or erased meanwhile."))
    QualityReview.objects.filter(pk=review_id).delete()
    write(case, status=CaseStatus.OPEN, resolved_at=None, **new_claim(person, now))
    record_audit(
        action="quality_review.withdrawn",
        actor=user_actor(person),
        subject_type=SubjectType.QUALITY_REVIEW,
        subject_id=review_id,
        data={"content": str(content.pk), "kind": review.kind, "outcome": review.outcome},
    )
    return case, review
