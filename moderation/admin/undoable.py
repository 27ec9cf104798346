"""What somebody decided just now and can still take back, for the line that every page of the desk shows."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.models import User
from django.utils import timezone

from moderation.enums import HoldKind, HoldStatus
from moderation.models import DecisionHold
from moderation.review.second_thoughts import answers_to_undo
from reviewengine import conf


@dataclass(frozen=True, slots=True)
class Undoable:
    """A held decision of the person's. ``seconds`` are left to undo it; 0 where it waits for a second person."""

    case_id: UUID
    decision_id: UUID
    external_id: str
    outcome: str
    seconds: int


def undoable(person: User) -> Undoable | None:
    """The newest of the person's decisions that does not count yet, if it is of a moment ago. Two queries.

    What they said of a case that measures them can be undone like any decision.
    """
    now = timezone.now()
    since = now - timedelta(seconds=conf.load().review.undo_seconds)
    held = DecisionHold.objects.filter(
        kind__in=HoldKind.values, status=HoldStatus.HELD, created_at__gt=since, decision__moderator=person
    ).filter(decision__bulk_item=None)
    found = held.select_related("decision__content").only(
        "case_id", "kind", "release_at", "created_at", "decision__outcome", "decision__content__external_id"
    )
    hold = found.order_by("-created_at").first()
    said = answers_to_undo(person=person, now=now).select_related("content").defer("content__text").first()
    if said is not None and (hold is None or said.created_at > hold.created_at):
        seconds = (said.created_at - since).total_seconds()
        return Undoable(said.case_id, said.pk, said.content.external_id, said.outcome, max(1, int(seconds)))
    if hold is None:
        return None
    left = (hold.release_at - now).total_seconds() if hold.release_at else 0
    return Undoable(
        case_id=hold.case_id,
        decision_id=hold.decision_id,
        external_id=hold.decision.content.external_id,
        outcome=hold.decision.outcome,
        seconds=max(1, int(left)) if hold.release_at else 0,
    )
