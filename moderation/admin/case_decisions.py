"""The decisions that a case page shows: those about its content before, about what is like it, and on its author."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q

from moderation.enums import Outcome
from moderation.models import Decision, ReviewCase

EARLIER = 5


def decisions_in_effect(*, content_ids: Collection[UUID], ids: Collection[UUID]) -> list[Decision]:
    """Those about these contents, and those of these ids, as far as they count; the newest first. One query."""
    wanted = Q(content__in=content_ids) | Q(pk__in=ids) if ids else Q(content__in=content_ids)
    rows = Decision.objects.in_effect().filter(wanted).select_related("moderator")
    return list(rows.order_by("-created_at"))


def earlier_decisions(case: ReviewCase, decisions: Iterable[Decision]) -> list[Decision]:
    """Of the case's content: all but the policy's wish for a person, which is why the case is here.

    Whoever is asked a second time sees what the first one saw, and of a golden case only what an older version got.
    """
    found = [decision for decision in decisions if _was_there(decision, case)]
    return found[:EARLIER]


def _was_there(decision: Decision, case: ReviewCase) -> bool:
    asked = decision.outcome == Outcome.REVIEW and decision.content_version == case.content_version
    if decision.content_id != case.content_id or asked:
        return False
    if case.first_decision is not None:
        return decision.created_at < case.first_decision.created_at
    return not case.is_quality or decision.content_version < case.content_version


def newest_by_content(decisions: Iterable[Decision]) -> dict[UUID, Decision]:
    """The newest of each content; ``decisions`` stand the newest first."""
    newest: dict[UUID, Decision] = {}
    for decision in decisions:
        newest.setdefault(decision.content_id, decision)
    return newest
