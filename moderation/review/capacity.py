"""Step 6, how many cases one person has at once: those they claimed and those they hold; not more than is allowed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from moderation.enums import CaseStatus
from moderation.models import ModeratorSettings, ReviewCase
from reviewengine import conf


class TooManyHeld(Exception):  # noqa: N818 - a refusal, not an error
    """The person has ``most`` cases already, and may have no more; ``cases`` are those. Nothing was changed."""

    def __init__(self, cases: Sequence[ReviewCase], most: int) -> None:
        super().__init__(_("At most %(most)s cases may be claimed or on hold at once.") % {"most": most})
        self.cases = cases
        self.most = most


def held_by(*, moderator: User, now: datetime) -> QuerySet[ReviewCase]:
    """The open cases that the person has claimed, under a living lease, or put on hold; the oldest first."""
    claimed = Q(claimed_by=moderator, lease_expires_at__gt=now)
    cases = ReviewCase.objects.filter(claimed | Q(assigned_to=moderator, on_hold_until__gt=now), status=CaseStatus.OPEN)
    return cases.order_by("opened_at", "id")


@dataclass(frozen=True, slots=True)
class Hands:
    """What is a person's at this moment: the ids of the cases that are ``held`` (see ``held_by``).

    ``has_claim``: one of them is claimed. ``has_assigned``: something is assigned to them that is not on hold.
    """

    held: frozenset[UUID]
    has_claim: bool
    has_assigned: bool


def hands_of(*, moderator: User, now: datetime) -> Hands:
    """One query. What is assigned need not be theirs to take: its queue and its level are not looked at."""
    theirs = Q(claimed_by=moderator, lease_expires_at__gt=now) | Q(assigned_to=moderator)
    rows = list(
        ReviewCase.objects.filter(theirs, status=CaseStatus.OPEN).values_list(
            "pk", "claimed_by", "lease_expires_at", "assigned_to", "on_hold_until"
        )
    )
    claimed = {pk for pk, holder, ends_at, *_ in rows if holder == moderator.pk and ends_at and ends_at > now}
    assigned = {pk: until for pk, _, _, whose, until in rows if whose == moderator.pk}
    on_hold = {pk for pk, until in assigned.items() if until and until > now}
    return Hands(frozenset(claimed | on_hold), bool(claimed), len(assigned) > len(on_hold))


def on_hold(*, moderator: User, now: datetime) -> QuerySet[ReviewCase]:
    """What the person put on hold, those first whose time comes first."""
    cases = ReviewCase.objects.filter(assigned_to=moderator, on_hold_until__gt=now, status=CaseStatus.OPEN)
    return cases.select_related("content", "queue").defer("content__text").order_by("on_hold_until", "id")


def require_room(*, moderator: User, held: Iterable[UUID]) -> None:
    """Raises TooManyHeld when the person can have no more beside the cases of these ids (see ``held_by``).

    The caller has locked the person (``lock_person``) before it asked: two tabs must not pass at the same moment.
    """
    ids, most = list(held), conf.load().review.max_held
    if len(ids) < most:
        return
    cases = ReviewCase.objects.filter(pk__in=ids).select_related("content", "queue").defer("content__text")
    raise TooManyHeld(list(cases.order_by("opened_at", "id")), most)


def lock_person(moderator: User) -> None:
    """Puts one person's claims in a line, until the transaction ends. People are locked before contents and cases.

    Their settings are read anew with it, so that whoever claims goes by those of this moment.
    """
    people = User.objects.select_related("moderator_settings").select_for_update(no_key=True, of=("self",))
    own = getattr(people.get(pk=moderator.pk), "moderator_settings", None) or ModeratorSettings()
    own.moderator = moderator  # from here on moderator.moderator_settings
