"""Step 6, recorded and not yet in effect: a decision can be undone for a while, or waits for a second person.

While it is held its content stays as it was, nobody is told, and its case is ``decided``. Then content, outbox and
reports follow in one transaction. Rows are locked content first, then case, then hold; the releasing worker, which
goes the other way, never waits for one that somebody else has.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.decisions import HoldDraft, bring_into_effect
from moderation.enums import CaseSource, CaseStatus, HoldKind, HoldStatus, Outcome
from moderation.models import Content, Decision, DecisionHold, ReviewCase
from moderation.review.access import may_decide, require_confirmer
from moderation.review.doors import require_may_act
from moderation.review.hold_ends import end_holds
from moderation.review.leases import new_claim, write
from moderation.review.quality import sample_decisions
from moderation.review.queue import NO_CLAIM
from moderation.review.refusals import ActRefused
from moderation.review.reports import answer_reports
from reviewengine import conf

BATCH = 500


class HoldEnded(ActRefused):
    """The decision is held no more; ``status`` says how that ended. Nothing was changed."""

    def __init__(self, message: str, status: HoldStatus) -> None:
        super().__init__(message)
        self.status = status


def hold_for(
    *, case: ReviewCase, content: Content, outcome: Outcome, now: datetime, seen_by_two: bool = False
) -> HoldDraft | None:
    """Why a person's decision should not count at once; None where it does. ``content`` comes with its author.

    ``seen_by_two``: another person has looked already.
    """
    options = conf.load().review
    reach = content.author.reach if content.author else None
    if waits_for_second(outcome=outcome, reach=reach) and not seen_by_two:
        return HoldDraft(case=case, kind=HoldKind.SECOND_PERSON, reason=f"The author reaches {reach:,} people.")
    if not options.undo_seconds:
        return None
    return HoldDraft(case=case, kind=HoldKind.UNDO, release_at=now + timedelta(seconds=options.undo_seconds))


def waits_for_second(*, outcome: str, reach: int | None) -> bool:
    """Whether two people have to agree on this outcome, for an author who reaches so many."""
    most = conf.load().review.second_person_reach
    return outcome == Outcome.REJECT and reach is not None and 0 < most <= reach


def release_due_holds(*, now: datetime | None = None, size: int = BATCH) -> int:
    """Brings every decision into effect whose time to be undone is over; answers how many.

    Each batch is a transaction of its own: a worker killed at any moment has released a batch whole or not at all.
    Two at once share the work.
    """
    now = now or timezone.now()
    total = 0
    while released := _release_batch(now, size):
        total += released
    return total


@transaction.atomic
def _release_batch(now: datetime, size: int) -> int:
    due = DecisionHold.objects.filter(status=HoldStatus.HELD, release_at__lte=now).order_by("release_at")
    rows = due.select_related("decision__result", "decision__overrides")
    holds = list(rows.select_for_update(skip_locked=True, of=("self",))[:size])
    wanted = Content.objects.filter(pk__in=[hold.decision.content_id for hold in holds]).order_by("pk")
    contents = {row.pk: row for row in wanted.select_for_update(skip_locked=True, of=("self",))}
    ours = [hold for hold in holds if hold.decision.content_id in contents]
    for hold in ours:
        hold.decision.content = contents[hold.decision.content_id]
    _release(ours, person=None)
    return len(ours)


def _release(holds: Sequence[DecisionHold], *, person: User | None) -> None:
    """Ends holds with all that follows, in a constant number of queries; the caller holds the locks."""
    if not holds:
        return
    decisions = [hold.decision for hold in holds]
    bring_into_effect(decisions=decisions)
    end_holds(holds, HoldStatus.RELEASED, person=person)
    cases = ReviewCase.objects.filter(pk__in=[hold.case_id for hold in holds], status=CaseStatus.DECIDED)
    cases.update(status=CaseStatus.RESOLVED, resolved_at=timezone.now())
    for outcome in {Outcome(decision.outcome) for decision in decisions}:
        ids = [decision.content_id for decision in decisions if decision.outcome == outcome]
        answer_reports(content_ids=ids, outcome=outcome)
    sample_decisions(decisions)


@transaction.atomic
def withdraw(*, decision: Decision, person: User) -> ReviewCase:
    """Takes back one's own decision while it does not count: its case is open again, and theirs if they still may.

    Raises PermissionDenied for the decision of another, and HoldEnded once it counts or its content has changed.
    """
    hold, case = lock_hold(decision.pk)
    if hold.decision.moderator_id != person.pk:
        raise PermissionDenied(_("Only who made this decision can undo it."))
    reopen(holds=[hold], person=person)
    # Who decided anew what was decided, and takes that back, wants it as it was: nobody else had asked.
    status = CaseStatus.CANCELLED if case.source == CaseSource.PERSON else CaseStatus.OPEN
    is_theirs = status == CaseStatus.OPEN and may_decide(moderator=person, case=case)
    write(case, status=status, decision=None, **(new_claim(person, timezone.now()) if is_theirs else NO_CLAIM))
    return case


def reopen(*, holds: Sequence[DecisionHold], person: User, data: dict[str, Any] | None = None) -> None:
    """Ends holds without effect and opens their cases for everybody; the caller holds the locks.

    ``data`` is written into the audit entries.
    """
    end_holds(holds, HoldStatus.WITHDRAWN, person=person, data=data)
    cases = ReviewCase.objects.filter(pk__in=[hold.case_id for hold in holds], status=CaseStatus.DECIDED)
    cases.update(status=CaseStatus.OPEN, decision=None, **NO_CLAIM)


@transaction.atomic
def confirm(*, decision: Decision, person: User) -> DecisionHold:
    """A second person agrees: the decision comes into effect.

    Raises PermissionDenied for who made it and for whoever may not confirm, and HoldEnded where it waits no more.
    """
    hold, case = lock_hold(decision.pk)
    require_second(hold=hold, case=case, person=person)
    _release([hold], person=person)
    hold.refresh_from_db(fields=["status", "ended_at", "ended_by"])
    return hold


def require_second(*, hold: DecisionHold, case: ReviewCase, person: User) -> None:
    """Raises PermissionDenied unless the person may speak as the second about a decision that waits for one."""
    require_confirmer(person)
    if hold.decision.moderator_id == person.pk:
        raise PermissionDenied(_("This is your own decision: somebody else has to confirm it."))
    if hold.kind != HoldKind.SECOND_PERSON:
        raise PermissionDenied(_("This decision waits for nobody: it counts when its time to be undone is over."))
    require_may_act(moderator=person, case=case)


def lock_hold(decision_id: UUID) -> tuple[DecisionHold, ReviewCase]:
    """The hold with its decision, and its case, all locked with the content.

    Raises DecisionHold.DoesNotExist for a decision that was never held, and HoldEnded.
    """
    found = DecisionHold.objects.select_related("decision").only("case_id", "decision__content_id").get(pk=decision_id)
    content = Content.objects.select_for_update(of=("self",)).get(pk=found.decision.content_id)
    case = ReviewCase.objects.select_for_update(of=("self",)).get(pk=found.case_id)
    holds = DecisionHold.objects.select_related("decision__result", "decision__overrides", "decision__moderator")
    hold = holds.select_for_update(of=("self",)).get(pk=decision_id)
    if hold.status != HoldStatus.HELD:
        raise HoldEnded(str(_ENDED[HoldStatus(hold.status)]), HoldStatus(hold.status))
    hold.decision.content = content
    return hold, case


_ENDED = {
    HoldStatus.RELEASED: gettext_lazy("This decision counts already."),
    HoldStatus.WITHDRAWN: gettext_lazy("This decision was taken back already."),
    HoldStatus.LAPSED: gettext_lazy(
        "The content was edited, erased or decided anew meanwhile: this decision never counted."
    ),
}
