"""Step 6, what is free: which open cases may come to a moderator now, as conditions on the rows."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Q

from moderation.enums import QUALITY_SOURCES, CaseStatus
from moderation.review.access import DECIDE_ESCALATED, queues_of
from moderation.review.care import excluded_categories

# The order in which people are given cases: see ReviewCase.rank.
NEXT_FIRST = ("rank", "id")


def free_for(*, moderator: User, now: datetime) -> Q:
    """The open cases that ``moderator`` may be given at ``now``, in every queue in which they may work.

    Those that nobody holds, that wait for nobody else, that are not on hold, that this person did not skip, and that
    are of a level and about categories they take; cases that measure quality only for whom they were made.
    """
    return Q(queue__in=queues_of(moderator)) & open_to(moderator=moderator, now=now) & ~skipped(moderator)


def skipped_for(*, moderator: User, now: datetime) -> Q:
    """What ``free_for`` would hold too, had the moderator not skipped it."""
    return Q(queue__in=queues_of(moderator)) & open_to(moderator=moderator, now=now) & skipped(moderator)


def open_to(*, moderator: User, now: datetime) -> Q:
    """As ``free_for``, whatever the queue, and whether skipped or not."""
    free = Q(status=CaseStatus.OPEN, level__in=levels_of(moderator)) & unclaimed(now) & unassigned(moderator, now)
    return free & not_excluded(moderator, now)


def levels_of(moderator: User) -> tuple[int, ...]:
    """The levels that a moderator may decide: what others escalate only with the right for it."""
    return (1, 2) if moderator.has_perm(DECIDE_ESCALATED) else (1,)


def not_excluded(moderator: User, now: datetime) -> Q:
    """They are about nothing that is kept from the moderator; an empty condition where nothing is. Of golden cases too.

    As many queries as ``excluded_categories``.
    """
    excluded = excluded_categories(moderator=moderator, now=now)
    return ~Q(categories__overlap=sorted(excluded)) if excluded else Q()


def unclaimed(now: datetime) -> Q:
    """Nobody has them, or the claim has run out."""
    return Q(lease_expires_at=None) | Q(lease_expires_at__lte=now)


def unassigned(moderator: User, now: datetime) -> Q:
    """They wait for nobody else and are not on hold. Cases that measure quality are for one person, whatever the time.

    Who is assigned a case keeps it after the time too, while nobody else has taken it.
    """
    own = Q(assigned_to=moderator) & (Q(on_hold_until=None) | Q(on_hold_until__lte=now))
    return own | (waiting_for_nobody(now) & ~Q(source__in=QUALITY_SOURCES))


def waiting_for_nobody(now: datetime) -> Q:
    """They were given to nobody, or the time in which they were somebody's alone is over."""
    return Q(assigned_to=None) | Q(assigned_until__lte=now)


def skipped(moderator: User) -> Q:
    """The moderator skipped them, and did not ask to look at them again."""
    return Q(skipped_by__contains=[moderator.pk])
