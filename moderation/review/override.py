"""Step 6, what is decided is decided anew: by the platform through its API, or by a person of the console."""

from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.decisions import DecisionDraft, record_decision
from moderation.enums import (
    FINAL_OUTCOMES,
    UNRESOLVED_STATUSES,
    UNSETTLED_STATUSES,
    CaseSource,
    CaseStatus,
    ContentStatus,
    DecisionSource,
    Outcome,
)
from moderation.models import Content, Decision, ReviewCase, ReviewQueue
from moderation.review.access import require_level, require_moderator, require_queue
from moderation.review.blindness import is_kept_from
from moderation.review.doors import require_open_content
from moderation.review.hold_ends import lapse
from moderation.review.leases import new_claim
from moderation.review.newest import newest_decision, newest_result
from moderation.review.queue import ensure_queues
from moderation.review.refusals import ActRefused
from moderation.review.resolve import Resolution, close_case, decide_locked
from moderation.review.routing import GENERAL


@transaction.atomic
def override_decision(
    *, content: Content, outcome: Outcome, reasoning: str, actor: str, expected_id: UUID | None = None
) -> Decision:
    """Decides a content whose row lock the caller holds, whoever decided before and whoever holds its case.

    ``reasoning`` (1 to 1,000 characters) may be shown to the author. ``expected_id`` is the decision that the caller
    means to override. Raises ValueError for an outcome that is not final, and ActRefused for content that was erased,
    that is being moderated, or whose newest decision is another; then nothing is stored.
    """
    if outcome not in FINAL_OUTCOMES:
        raise ValueError(f"A decision approves or rejects; '{outcome}' does neither.")
    _require_decidable(content, expected_id)
    result = newest_result(content)
    draft = DecisionDraft(
        content=content,
        outcome=outcome,
        source=DecisionSource.API,
        actor=actor,
        rule=result.rule if result else "",
        reasoning=reasoning,
        result=result,
    )
    return record_override(draft)


def record_override(draft: DecisionDraft) -> Decision:
    """Records a decision over whatever stood: the open case about its content ends with it, a held decision lapses.

    The caller holds the content's row lock.
    """
    content = draft.content
    unresolved = _ordinary_cases(content).filter(status__in=UNRESOLVED_STATUSES)
    case = unresolved.select_for_update(of=("self",)).first()
    if case is not None and case.status == CaseStatus.DECIDED:
        lapse(content_ids=[content.pk])
    decision = record_decision(draft=draft)
    close_case(content=content, case=case, decision=decision)
    return decision


@transaction.atomic
def decide_anew(
    *,
    content_id: UUID,
    person: User,
    content_version: int,
    expected_id: UUID | None,
    outcome: Outcome,
    label: str = "",
    reasoning: str = "",
    private_note: str = "",
) -> Resolution:
    """A person of the console decides again what is decided: in a case of its own, held and undone like any decision.

    ``content_version`` and ``expected_id`` are what the person saw. Raises Content.DoesNotExist, PermissionDenied, and
    ActRefused for content that was erased, edited or decided since, is being moderated, or has a case that waits.
    """
    content = Content.objects.select_for_update(of=("self",)).select_related("author").get(pk=content_id)
    require_may_decide_anew(person=person, content=content)
    if content.version != content_version:
        raise ActRefused(_("The content was edited after you opened it. Read it again, and decide then."))
    _require_decidable(content, expected_id)
    if content.status != ContentStatus.DECIDED:
        raise ActRefused(waits_in_case())
    case = _open_case(person, content, _ordinary_cases(content).order_by("-opened_at").first())
    return decide_locked(
        case=case,
        content=content,
        moderator=person,
        outcome=outcome,
        label=label,
        reasoning=reasoning,
        private_note=private_note,
    )


def require_may_decide_anew(*, person: User, content: Content) -> None:
    """What stands before showing what is decided of a content to be decided anew, and before storing that.

    Raises PermissionDenied for whoever may not decide cases, those of its queues, or those of the level at which it was
    decided; ActRefused while a case waits, in the same words where the case measures this very person.
    """
    require_moderator(person)
    require_open_content(person=person, content=content)
    cases = _ordinary_cases(content)
    last = cases.order_by("-opened_at").only("queue_id", "level").first()
    if last is not None:
        require_queue(moderator=person, queue_id=last.queue_id)
        require_level(moderator=person, level=last.level)
    if cases.filter(status__in=UNRESOLVED_STATUSES).exists() or is_kept_from(person, content):
        raise ActRefused(waits_in_case())


def waits_in_case() -> str:
    """Why a content is not decided anew now."""
    return _("A case about this content waits for a decision: decide it there.")


def _ordinary_cases(content: Content) -> QuerySet[ReviewCase]:
    return ReviewCase.objects.ordinary().filter(content=content)


def _open_case(person: User, content: Content, last: ReviewCase | None) -> ReviewCase:
    """Theirs, and in the queue of the last case about it, so that whoever may work there may decide it anew."""
    now = timezone.now()
    return ReviewCase.objects.create(
        content=content,
        client_id=content.client_id,
        content_version=content.version,
        result=newest_result(content),
        queue=last.queue if last else _general(),
        source=CaseSource.PERSON,
        categories=last.categories if last else [],
        level=last.level if last else 1,
        opened_at=now,
        due_at=now,
        **new_claim(person, now),
    )


def _general() -> ReviewQueue:
    ensure_queues(slugs=[GENERAL])
    return ReviewQueue.objects.get(slug=GENERAL)


def _require_decidable(content: Content, expected_id: UUID | None) -> None:
    if content.erased_at is not None:
        raise ActRefused(_("The content was erased: what was decided of it stays as it is."))
    if content.status in UNSETTLED_STATUSES:
        raise ActRefused(_("The content is being moderated: its decision comes in a moment."), wait=True)
    if expected_id is None:
        return
    newest = newest_decision(content)
    newest_id = newest.pk if newest else None
    if newest_id != expected_id:
        sentence = _("The newest decision is another one: %(which)s. Read it, and decide anew.")
        raise ActRefused(sentence % {"which": newest_id})
