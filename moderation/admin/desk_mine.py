"""What the desk tells a person about themselves and the others: what is theirs, what they skipped, and who is there."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone

from moderation.admin.claim_forms import hold_choices
from moderation.admin.desk_presence import tell_viewers
from moderation.enums import CaseStatus
from moderation.models import ReviewCase, ReviewQueue
from moderation.review.available import NEXT_FIRST, skipped_for
from moderation.review.capacity import on_hold
from moderation.review.presence import be_here, online
from moderation.review.stale import person_name
from reviewengine import conf

# A list that is longer says how many there are.
MOST_SKIPPED = 1000


def start_facts(moderator: User, now: datetime | None = None) -> dict[str, Any]:
    """For ``mine.html`` on the start page: the person's cases on hold, those that wait for them, and who is online."""
    now = now or timezone.now()
    be_here(person=moderator, now=now)
    return {
        "on_hold": list(on_hold(moderator=moderator, now=now)),
        "handed": list(waiting_for(moderator, now)),
        "online": [person for person in online(now=now) if person.person_id != moderator.pk],
        "most_held": conf.load().review.max_held,
    }


def waiting_for(moderator: User, now: datetime) -> QuerySet[ReviewCase]:
    """What waits for this person alone: handed over or assigned to them, or their hold is over.

    Cases that measure quality are not named: they come as any other does.
    """
    cases = ReviewCase.objects.ordinary().filter(assigned_to=moderator, status=CaseStatus.OPEN, assigned_until__gt=now)
    cases = cases.exclude(on_hold_until__gt=now)
    cases = cases.select_related("content", "queue", "assigned_by").defer("content__text", "content__metadata")
    return cases.order_by(*NEXT_FIRST)


def empty_facts(moderator: User, queue: ReviewQueue | None) -> dict[str, Any]:
    """For the page that says that nothing waits: what the person skipped, and what they have on hold."""
    now = timezone.now()
    skipped = ReviewCase.objects.filter(skipped_for(moderator=moderator, now=now))
    if queue is not None:
        skipped = skipped.filter(queue=queue)
    return {
        "skipped": skipped[:MOST_SKIPPED].count(),
        "most_skipped": MOST_SKIPPED,
        "on_hold": list(on_hold(moderator=moderator, now=now)),
    }


def claim_facts(moderator: User, case: ReviewCase) -> dict[str, Any]:
    """For a case page: from whom it came and with which words, who else looks at it, and how long it can be held."""
    handed = case.assigned_to_id == moderator.pk and not case.is_quality
    return {
        "handed_by_name": person_name(case.assigned_by) if handed and case.assigned_by_id != moderator.pk else "",
        "was_on_hold": handed and case.on_hold_until is not None,
        "viewers": tell_viewers(be_here(person=moderator, case_id=case.pk)),
        "hold_choices": hold_choices(),
    }
