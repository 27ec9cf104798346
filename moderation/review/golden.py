"""Step 6, cases whose right answer is known: leads add and retire them, and each person meets each once in a while."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.audit import record_audit, user_actor
from moderation.enums import FINAL_OUTCOMES, CaseSource, CaseStatus, Outcome, SubjectType
from moderation.models import Content, Decision, GoldenCase, ModerationResult, QualityReview, ReviewCase, ReviewQueue
from moderation.models.ids import new_id
from moderation.models.review import SECONDS_A_POINT
from moderation.review.available import not_excluded
from moderation.review.due import due_at
from moderation.review.lots import lot
from moderation.review.newest import newest_result
from moderation.review.priority import REPORTS, SEVERITY, Points, points, terms_of, total
from moderation.review.queue import NO_CLAIM
from moderation.review.refusals import ActRefused
from reviewengine import conf

MINUTES_AHEAD = 10
ADD, CHANGE = "moderation.add_goldencase", "moderation.change_goldencase"


@transaction.atomic
def add_golden_case(
    *, content_id: UUID, lead: User, queue: ReviewQueue, outcome: Outcome, label: str = "", explanation: str = ""
) -> GoldenCase:
    """Makes the content, as it is now, a golden case of ``queue``.

    With a ``label``, only a rejection under that label is right. ``explanation`` (up to 1,000 characters) is shown to
    moderators afterwards. Raises PermissionDenied, Content.DoesNotExist, ValueError for an outcome that is not final,
    and ActRefused for content that was erased, waits for its decision, or is a golden case already.
    """
    if not lead.has_perm(ADD):
        raise PermissionDenied(_("You may not add golden cases. Ask a lead."))
    if outcome not in FINAL_OUTCOMES:
        raise ValueError(f"A right answer approves or rejects; '{outcome}' does neither.")
    content = Content.objects.select_for_update(of=("self",)).get(pk=content_id)
    _require_usable(content)
    case = content.cases.ordinary().filter(content_version=content.version).order_by("-opened_at").first()
    result = newest_result(content)
    golden = GoldenCase.objects.create(
        content=content,
        content_version=content.version,
        result=result,
        queue=queue,
        categories=case.categories if case and case.categories else _categories(result),
        outcome=outcome,
        label=label if outcome == Outcome.REJECT else "",
        explanation=explanation,
        added_by=lead,
    )
    data = {"content": str(content.pk), "queue": queue.slug, "outcome": outcome, "label": golden.label}
    _record("golden_case.added", lead, golden, data)
    return golden


def _require_usable(content: Content) -> None:
    if content.erased_at is not None:
        raise ActRefused(_("The content was erased: there is nothing left to show."))
    if content.decision not in FINAL_OUTCOMES:
        raise ActRefused(_("The content is not decided yet: decide it first, then make it a golden case."))
    known = GoldenCase.objects.filter(content=content, content_version=content.version, retired_at=None)
    if known.exists():
        raise ActRefused(_("This content is a golden case already. Retire that one first to change its answer."))


def _categories(result: ModerationResult | None) -> list[str]:
    """What the deciding rule found."""
    said = [reason.get("category") for reason in result.reasons] if result else []
    return sorted({category for category in said if category})


@transaction.atomic
def retire_golden_case(*, golden_id: UUID, lead: User) -> GoldenCase:
    """Shows it to nobody any more, and takes it back from those who have it; what was answered keeps counting.

    Raises PermissionDenied, GoldenCase.DoesNotExist, and ActRefused when it is retired already.
    """
    if not lead.has_perm(CHANGE):
        raise PermissionDenied(_("You may not retire golden cases. Ask a lead."))
    golden = GoldenCase.objects.select_for_update(of=("self",)).get(pk=golden_id)
    if golden.retired_at is not None:
        raise ActRefused(_("This golden case is retired already."))
    golden.retired_at = timezone.now()
    golden.save(update_fields=["retired_at"])
    open_ones = ReviewCase.objects.filter(golden=golden, source=CaseSource.GOLDEN, status=CaseStatus.OPEN)
    open_ones.update(status=CaseStatus.CANCELLED, **NO_CLAIM)
    _record("golden_case.retired", lead, golden, {"content": str(golden.content_id)})
    return golden


def usable_golden_cases() -> QuerySet[GoldenCase]:
    """Those in use whose content is still what it was: neither edited nor erased since."""
    rows = GoldenCase.objects.filter(retired_at=None, content__erased_at=None)
    return rows.filter(content_version=F("content__version"))


def make_golden_case(*, moderator: User, ahead: ReviewCase, now: datetime, kept_until: datetime) -> ReviewCase | None:
    """A case for this person, about a golden content that they have not met lately; None where none is left.

    It stands in the line just before ``ahead``, the case that would have come: its priority is what its content asks
    for, its age what that takes to be the first, and its id and its due time are of that age. Nothing tells them apart.
    """
    _close_forgotten(moderator, now)
    golden = _pick(moderator, ahead, now)
    if golden is None:
        return None
    terms = _terms(golden, ahead)
    opened_at = _opened_at(total(terms), ahead, now)
    return ReviewCase.objects.create(
        id=new_id(at=opened_at),
        content_id=golden.content_id,
        client_id=golden.content.client_id,
        content_version=golden.content_version,
        result_id=golden.result_id,
        queue_id=ahead.queue_id,
        source=CaseSource.GOLDEN,
        categories=golden.categories,
        priority=total(terms),
        priority_terms=terms,
        opened_at=opened_at,
        due_at=due_at(ahead.queue, opened_at),
        golden=golden,
        assigned_to=moderator,
        assigned_until=kept_until,
    )


def _terms(golden: GoldenCase, ahead: ReviewCase) -> Points:
    """What its content was worth when a person was asked; nobody reports it now."""
    asked = ReviewCase.objects.ordinary().filter(content=golden.content_id, content_version=golden.content_version)
    if first := asked.order_by("-opened_at").first():
        return {**terms_of(first), REPORTS: 0}
    reach = golden.content.author.reach if golden.content.author else None
    return points(severity=terms_of(ahead)[SEVERITY], result=golden.result, reach=reach)


def _opened_at(priority: int, ahead: ReviewCase, now: datetime) -> datetime:
    """When a case of this priority had to come to stand minutes before ``ahead``; two that came together would tell."""
    apart = timedelta(milliseconds=1 + secrets.randbelow(MINUTES_AHEAD * 60_000))
    return min(now, ahead.opened_at + timedelta(seconds=(priority - ahead.priority) * SECONDS_A_POINT)) - apart


def _close_forgotten(moderator: User, now: datetime) -> None:
    """What was made for this person and left unanswered: skipped, or the window was closed."""
    left = ReviewCase.objects.filter(
        source=CaseSource.GOLDEN, status=CaseStatus.OPEN, assigned_to=moderator, assigned_until__lte=now
    )
    left.update(status=CaseStatus.CANCELLED, **NO_CLAIM)


def _pick(moderator: User, ahead: ReviewCase, now: datetime) -> GoldenCase | None:
    """One by lot; not what the person has answered within the days, decided themself, or made a golden case."""
    since = now - timedelta(days=conf.load().review.quality.golden_days)
    met = QualityReview.objects.filter(golden__content=OuterRef("content"), moderator=moderator, created_at__gte=since)
    decided = Decision.objects.filter(content=OuterRef("content"), moderator=moderator)
    fresh = usable_golden_cases().filter(queue=ahead.queue_id).exclude(added_by=moderator)
    ids = fresh.filter(not_excluded(moderator, now), ~Exists(met), ~Exists(decided)).values_list("pk", flat=True)
    chosen = min(ids, key=lambda pk: lot("golden", moderator.pk, ahead.pk, pk), default=None)
    return None if chosen is None else GoldenCase.objects.select_related("content__author", "result").get(pk=chosen)


def _record(action: str, lead: User, golden: GoldenCase, data: dict[str, str]) -> None:
    actor = user_actor(lead)
    record_audit(action=action, actor=actor, subject_type=SubjectType.GOLDEN_CASE, subject_id=golden.pk, data=data)
