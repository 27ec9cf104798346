"""Step 6, whom a case that measures people is shown, and when: a double review that waits, or a golden case.

Both are made for one person just before that person is given a case, and then come as one that waits for them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from moderation.audit import CONTENT_VIEWED, name_of_actor, user_actor
from moderation.enums import CaseSource, CaseStatus
from moderation.models import AuditEntry, Decision, QualityReview, ReviewCase, ReviewQueue
from moderation.review.access import people_with, queues_of
from moderation.review.assignments import candidates as people_for
from moderation.review.available import (
    NEXT_FIRST,
    levels_of,
    not_excluded,
    open_to,
    skipped,
    unclaimed,
    waiting_for_nobody,
)
from moderation.review.blindness import SEE_OUTCOMES, sees_every_outcome
from moderation.review.golden import make_golden_case
from moderation.review.lots import lot

# So long a case is kept for the person it was made for; then a double review goes to another.
KEPT_FOR = timedelta(hours=2)
# Double reviews wait for the right person: once one is there, they come up more often than they arise.
CATCH_UP = 2
CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class _Chance:
    """What is drawn before a case is shown: it stays the same until the person has answered, or the case is another."""

    moderator: User
    ahead: ReviewCase | None
    answered: object

    def falls_within(self, percent: int, name: str) -> bool:
        ahead = self.ahead.pk if self.ahead else ""
        return lot(name, self.moderator.pk, ahead, self.answered) < percent


def offer_case(*, moderator: User, queue: ReviewQueue | None, now: datetime | None = None) -> ReviewCase | None:
    """A double or golden case that this moderator should be shown now, made for them; None: an ordinary one is due.

    ``queue`` narrows to one. A case is made only where the moderator has none open, so that it is safe to ask twice.
    One query where no queue measures anything. To be called in a transaction that has locked the person.
    """
    now = now or timezone.now()
    scope = queues_of(moderator) if queue is None else queues_of(moderator).filter(pk=queue.pk)
    if not scope.filter(measures()).exists() or _has_one_open(moderator, now):
        return None
    last = QualityReview.objects.filter(moderator=moderator).order_by("-created_at").values_list("pk", flat=True)
    chance = _Chance(moderator, _ahead(moderator, scope, now), last.first())
    return _offer_double(chance, scope, now) or _offer_golden(chance, now)


def measures() -> Q:
    """The queues in which anything may be offered at all, as a condition on them."""
    return Q(golden_percent__gt=0) | Q(Exists(_unanswered().filter(queue=OuterRef("pk"))))


def _unanswered() -> QuerySet[ReviewCase]:
    return ReviewCase.objects.filter(status=CaseStatus.OPEN, source=CaseSource.DOUBLE)


def _unkept(now: datetime) -> QuerySet[ReviewCase]:
    """Of those the ones that nobody answers now, and that are kept for nobody."""
    return _unanswered().filter(unclaimed(now), waiting_for_nobody(now))


def _has_one_open(moderator: User, now: datetime) -> bool:
    """One at a time; one that was kept too long counts no more, and a golden case of that age is closed."""
    own = ReviewCase.objects.measuring().filter(status=CaseStatus.OPEN, assigned_to=moderator)
    return own.filter(Q(assigned_until__gt=now) | Q(lease_expires_at__gt=now)).exists()


def _ahead(moderator: User, scope: QuerySet[ReviewQueue], now: datetime) -> ReviewCase | None:
    """The ordinary case that would come next; each queue is read in the order of its index."""
    free = ReviewCase.objects.ordinary().filter(open_to(moderator=moderator, now=now)).exclude(skipped(moderator))
    head = free.filter(queue=OuterRef("pk")).order_by(*NEXT_FIRST)
    first = scope.annotate(head=Subquery(head.values("pk")[:1]), head_rank=Subquery(head.values("rank")[:1]))
    found = first.exclude(head=None).order_by("head_rank", "slug").values_list("head", flat=True).first()
    return found and ReviewCase.objects.select_related("queue").get(pk=found)


def _offer_double(chance: _Chance, scope: QuerySet[ReviewQueue], now: datetime) -> ReviewCase | None:
    """The most urgent one that this person may answer; while ordinary cases wait, only by its queue's share."""
    waiting = _free_doubles(chance.moderator, scope, now).select_related("queue", "first_decision")
    candidates = list(waiting.order_by(*NEXT_FIRST)[:CANDIDATES])
    if not candidates:
        return None
    known = _seen_by(chance.moderator, candidates)
    for case in candidates:
        due = chance.ahead is None or chance.falls_within(CATCH_UP * case.queue.double_percent, "double")
        may = due and case.pk not in known and _is_theirs(chance.moderator, case)
        if may and (ours := _keep_for(chance.moderator, case, now)):
            return ours
    return None


def _is_theirs(moderator: User, case: ReviewCase) -> bool:
    """Whoever may look up every outcome is asked only where nobody else is left: a small team has its doubles."""
    if not sees_every_outcome(moderator):
        return True
    first = case.first_decision
    if first is None or first.moderator_id is None:
        return False
    looks = _looks_at([case]).filter(created_at__gt=first.created_at).values_list("actor", flat=True).distinct()
    others = people_for(case=case, moderator=moderator).exclude(pk=first.moderator_id)
    others = others.exclude(username__in=[name_of_actor(actor) for actor in looks])
    for right in SEE_OUTCOMES:
        others = others.exclude(pk__in=people_with(right))
    return not others.exists()


def _free_doubles(moderator: User, scope: QuerySet[ReviewQueue], now: datetime) -> QuerySet[ReviewCase]:
    """Those that may go to this person, leaving out whatever they had a hand in."""
    of_content = Decision.objects.filter(content=OuterRef("content"), moderator=moderator)
    own = Q(first_decision__hold__ended_by=moderator) | Q(first_decision__case__escalated_by=moderator)
    free = _unkept(now).filter(not_excluded(moderator, now), queue__in=scope, level__in=levels_of(moderator))
    return free.filter(~Exists(of_content)).exclude(skipped(moderator)).exclude(own)


def _seen_by(moderator: User, cases: list[ReviewCase]) -> set[object]:
    """The cases whose content this person has looked at since it was decided: the decision stood beside it."""
    views = _looks_at(cases).filter(actor=user_actor(moderator))
    last = dict(views.order_by("created_at").values_list("subject_id", "created_at"))
    firsts = Decision.objects.filter(second_case__in=cases)
    decided: dict[UUID | None, datetime] = dict(firsts.values_list("pk", "created_at"))
    return {
        case.pk
        for case in cases
        if case.first_decision_id
        and (seen := last.get(str(case.content_id)))
        and seen > decided[case.first_decision_id]
    }


def _looks_at(cases: list[ReviewCase]) -> QuerySet[AuditEntry]:
    """What is recorded of people who were shown the contents of these cases."""
    ids = [str(case.content_id) for case in cases]
    return AuditEntry.objects.filter(subject_type="content", subject_id__in=ids, action=CONTENT_VIEWED)


def _keep_for(moderator: User, case: ReviewCase, now: datetime) -> ReviewCase | None:
    """The case, kept for the person; None where another is being given it at this moment."""
    ours = _unkept(now).filter(pk=case.pk).select_for_update(skip_locked=True, of=("self",)).first()
    if ours is None:
        return None
    ours.assigned_to, ours.assigned_until = moderator, now + KEPT_FOR
    ours.save(update_fields=["assigned_to", "assigned_until"])
    return ours


def _offer_golden(chance: _Chance, now: datetime) -> ReviewCase | None:
    """Only in the queue in which the person is about to be given a case, and looking as that case does."""
    ahead = chance.ahead
    if ahead is None or not chance.falls_within(ahead.queue.golden_percent, "golden"):
        return None
    return make_golden_case(moderator=chance.moderator, ahead=ahead, now=now, kept_until=now + KEPT_FOR)
