"""What somebody decided just now and can still take back, for the line that every page of the desk shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import User
from django.utils import timezone

from moderation.enums import HoldKind, HoldStatus
from moderation.models import DecisionHold
from moderation.review.holds import waits_for_second
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
    said = answers_to_undo(person=person, now=now)
    answers = said.values_list("created_at", "case", "pk", "content__external_id", "outcome", "content__author__reach")[
        :1
    ]
    held = DecisionHold.objects.filter(
        kind__in=HoldKind.values,
        status=HoldStatus.HELD,
        created_at__gt=since,
        decision__moderator=person,
        decision__bulk_item=None,
    )
    decisions = held.order_by("-created_at").values_list(
        "created_at", "case", "decision", "decision__content__external_id", "decision__outcome", "release_at"
    )[:1]
    # What was said of a case that measures looks as a decision does: to be undone for a while, or waiting for a second.
    found = [*decisions, *(_as_decision(*answer, window=now - since) for answer in answers)]
    if not found:
        return None
    _, case_id, decision_id, external_id, outcome, release_at = max(found, key=lambda row: row[0])
    seconds = max(1, int((release_at - now).total_seconds())) if release_at else 0
    return Undoable(case_id, decision_id, external_id, outcome, seconds)


def _as_decision(
    said_at: datetime, case_id: UUID, pk: UUID, external_id: str, outcome: str, reach: int | None, *, window: timedelta
) -> tuple[datetime, UUID, UUID, str, str, datetime | None]:
    """The row of an answer as the row of a decision that said the same."""
    release_at = None if waits_for_second(outcome=outcome, reach=reach) else said_at + window
    return said_at, case_id, pk, external_id, outcome, release_at
