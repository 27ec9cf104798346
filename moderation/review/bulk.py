"""Step 6, many cases, one decision: a run is written down first, and worked off in batches that each commit whole.

A run that dies half-way has decided whole batches, shows what is done, and is continued by whoever asks for the next
batch; two that ask at once take turns. Each row keeps the content version that was there when it was chosen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.audit import record_audit, user_actor
from moderation.decisions import DecisionDraft, HoldDraft, record_decisions
from moderation.enums import BulkStatus, CaseStatus, HoldKind, HoldStatus, Outcome, SubjectType
from moderation.models import BulkItem, BulkRun, Content, Decision, DecisionHold, ReviewCase
from moderation.models.ids import new_id
from moderation.review.access import require_moderator
from moderation.review.capacity import lock_person
from moderation.review.holds import hold_for, reopen
from moderation.review.quality import sample_decisions
from moderation.review.refusals import ActRefused
from moderation.review.reports import answer_reports
from moderation.review.resolve import draft_of
from moderation.review.selection import Selection, fitting, obstacles
from moderation.review.stale import find_fault
from reviewengine import conf

BULK = "moderation.bulk_decide"
BATCH = 250
# A run is undone as a whole: what its first batch decided must not count before its last one is done.
LONGEST_RUN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: of ``total`` cases so many were decided, refused, and are to come."""

    total: int
    decided: int
    refused: int

    @property
    def done(self) -> int:
        return self.decided + self.refused

    @property
    def left(self) -> int:
        return self.total - self.decided - self.refused


def require_bulk(person: User) -> None:
    """Raises PermissionDenied for whoever may not decide in bulk."""
    require_moderator(person)
    if not person.has_perm(BULK):
        raise PermissionDenied(_("You may not decide in bulk. Ask a senior moderator or a lead."))


@transaction.atomic
def start_run(
    *,
    selection: Selection,
    moderator: User,
    outcome: Outcome,
    label: str = "",
    reasoning: str = "",
    seen_at: datetime | None = None,
    run_id: UUID | None = None,
) -> BulkRun:
    """Writes down which cases are to be decided, the most urgent first; decides none yet.

    ``seen_at``: when the moderator was shown what it would be; cases that came later are left alone. ``run_id`` names
    the run before it is: the same asked again under the same name answers the run that is there, and starts none.

    Raises PermissionDenied, and ActRefused where nothing can be decided or the selection narrows nothing.
    """
    require_bulk(moderator)
    if selection.is_empty:
        raise ActRefused(_("Choose what to decide: a queue, a rule, an author or anything else."))
    asked = {"selection": selection.as_json(), "outcome": outcome, "label": label, "reasoning": reasoning}
    if run_id is not None:
        lock_person(moderator)  # two clicks come at the same moment
        if run := BulkRun.objects.filter(pk=run_id, moderator=moderator, **asked).first():
            return run
        if BulkRun.objects.filter(pk=run_id).exists():
            run_id = None  # the page was gone back to, and something else is asked
    now = timezone.now()
    cases = fitting(selection, moderator=moderator, outcome=outcome, now=now).filter(opened_at__lte=seen_at or now)
    rows = list(cases.values_list("pk", "content_version")[: conf.load().review.max_bulk_cases])
    if not rows:
        raise ActRefused(_("Nothing of this can be decided now."))
    run = BulkRun.objects.create(pk=run_id or new_id(), moderator=moderator, **asked)
    BulkItem.objects.bulk_create(BulkItem(run=run, case_id=pk, content_version=version) for pk, version in rows)
    _record("bulk_run.started", run, moderator, cases=len(rows), selection=run.selection, outcome=outcome, label=label)
    return run


def progress(run: BulkRun) -> Progress:
    """How far the run is; one query."""
    counts = BulkItem.objects.filter(run=run).aggregate(
        total=Count("pk"), decided=Count("decision"), refused=Count("pk", filter=~Q(refusal=""))
    )
    return Progress(**counts)


def work_off(*, run_id: UUID, moderator: User, until: datetime | None = None, size: int = BATCH) -> Progress:
    """Decides batch after batch until nothing is left, or until the time named; at least one.

    Raises BulkRun.DoesNotExist for the run of another, and PermissionDenied.
    """
    require_bulk(moderator)
    while True:
        with transaction.atomic():
            run = BulkRun.objects.select_for_update(no_key=True).get(pk=run_id, moderator=moderator)
            done = run.status != BulkStatus.RUNNING or not _work_off_batch(run, moderator, size)
            if done and run.status == BulkStatus.RUNNING:
                _finish(run)
        if done or (until is not None and timezone.now() >= until):
            return progress(run)


def _finish(run: BulkRun) -> None:
    """From now on the whole run can be undone for as long as any decision."""
    now = timezone.now()
    run.status, run.finished_at = BulkStatus.DONE, now
    run.save(update_fields=["status", "finished_at"])
    held = DecisionHold.objects.filter(decision__bulk_item__run=run, status=HoldStatus.HELD)
    held.update(release_at=now + timedelta(seconds=conf.load().review.undo_seconds))


def _work_off_batch(run: BulkRun, moderator: User, size: int) -> int:
    """Decides the next rows of the run with bulk statements; answers how many there were."""
    todo = BulkItem.objects.filter(run=run, decision=None, refusal="").order_by("pk")
    items = {item.case_id: item for item in todo[:size]}
    if not items:
        return 0
    contents = _lock_contents(items)
    rows = ReviewCase.objects.filter(pk__in=items).select_related("result").order_by("pk")
    cases = list(rows.select_for_update(of=("self",)))
    now = timezone.now()
    barred = _barred(cases, moderator, Outcome(run.outcome), now)
    taken = []
    for case in cases:
        item, content = items[case.pk], contents[case.content_id]
        item.refusal = barred.get(case.pk) or _fault(case, content, item, moderator)
        if not item.refusal:
            taken.append((case, content))
    _decide(run, moderator, taken, items, now)
    BulkItem.objects.bulk_update(items.values(), ["decision", "refusal"])
    return len(items)


def _lock_contents(items: Iterable[UUID]) -> dict[UUID, Content]:
    ids = ReviewCase.objects.filter(pk__in=list(items)).values("content")
    rows = Content.objects.filter(pk__in=ids).select_related("author").order_by("pk")
    return {row.pk: row for row in rows.select_for_update(of=("self",))}


def _barred(cases: Sequence[ReviewCase], moderator: User, outcome: Outcome, now: datetime) -> dict[UUID, str]:
    """What has come between since the run was written down, by case; one query a reason that could be."""
    barred: dict[UUID, str] = {}
    locked = ReviewCase.objects.filter(pk__in=[case.pk for case in cases], status=CaseStatus.OPEN)
    for why, condition in obstacles(moderator=moderator, outcome=outcome, now=now):
        for pk in locked.filter(condition).values_list("pk", flat=True):
            barred.setdefault(pk, str(why))
    return barred


def _fault(case: ReviewCase, content: Content, item: BulkItem, moderator: User) -> str:
    """In the words of the desk, as if the moderator had claimed the case: what was chosen counts as the claim."""
    token = case.lease_token
    holder, case.claimed_by_id = case.claimed_by_id, moderator.pk
    fault = find_fault(
        case=case, content=content, moderator=moderator, lease_token=token, content_version=item.content_version
    )
    case.claimed_by_id = holder
    return str(fault) if fault else ""


def _decide(
    run: BulkRun,
    moderator: User,
    taken: Sequence[tuple[ReviewCase, Content]],
    items: dict[UUID, BulkItem],
    now: datetime,
) -> None:
    """One decision a case, with all that follows, in a number of queries that does not grow with them."""
    if not taken:
        return
    decisions = record_decisions(drafts=[_draft(run, moderator, case, content, now) for case, content in taken])
    held = conf.load().review.undo_seconds > 0
    for (case, _content), decision in zip(taken, decisions, strict=True):
        items[case.pk].decision = decision
        case.decision = decision
        case.status = CaseStatus.DECIDED if held else CaseStatus.RESOLVED
        case.resolved_at = None if held else now
    ReviewCase.objects.bulk_update([case for case, _content in taken], ["decision", "status", "resolved_at"])
    if not held:
        answer_reports(content_ids=[content.pk for _case, content in taken], outcome=Outcome(run.outcome))
        sample_decisions(decisions)


def _draft(run: BulkRun, moderator: User, case: ReviewCase, content: Content, now: datetime) -> DecisionDraft:
    hold = hold_for(case=case, content=content, outcome=Outcome(run.outcome), now=now)
    if hold is not None and hold.release_at is not None:
        hold = HoldDraft(case=case, kind=HoldKind.UNDO, release_at=hold.release_at + LONGEST_RUN)
    return draft_of(
        case=case,
        content=content,
        moderator=moderator,
        outcome=Outcome(run.outcome),
        label=run.label,
        reasoning=run.reasoning,
        via=f"bulk:{run.pk}",
        hold=hold,
    )


@transaction.atomic
def undo_run(*, run_id: UUID, moderator: User) -> tuple[int, int]:
    """Takes back what does not count yet of one's run; answers how many were, and how many decisions count already.

    What the run had not come to yet is left undecided. Raises BulkRun.DoesNotExist for the run of another.
    """
    run = BulkRun.objects.select_for_update(no_key=True).get(pk=run_id, moderator=moderator)
    undoable = BulkItem.objects.filter(run=run, decision__hold__status=HoldStatus.HELD)
    _lock_contents(undoable.values_list("case", flat=True))
    rows = DecisionHold.objects.filter(decision__bulk_item__run=run, status=HoldStatus.HELD)
    cases = ReviewCase.objects.filter(pk__in=rows.values("case")).order_by("pk")
    list(cases.select_for_update(of=("self",)).values_list("pk"))
    holds = list(rows.select_for_update(of=("self",)).select_related("decision").order_by("pk"))
    reopen(holds=holds, person=moderator, data={"bulk_run": str(run.pk)})
    run.status, run.finished_at = BulkStatus.UNDONE, run.finished_at or timezone.now()
    run.save(update_fields=["status", "finished_at"])
    counting = Decision.objects.in_effect().filter(bulk_item__run=run).count()
    _record("bulk_run.undone", run, moderator, undone=len(holds), in_effect=counting)
    return len(holds), counting


def _record(action: str, run: BulkRun, person: User, **facts: object) -> None:
    actor = user_actor(person)
    record_audit(action=action, actor=actor, subject_type=SubjectType.BULK_RUN, subject_id=run.pk, data=dict(facts))
