"""Step 6, the whole team: who it is, and which kinds of cases nobody in it takes."""

from collections import Counter
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Count

from moderation.enums import CaseStatus, Category
from moderation.models import ModeratorSettings, ReviewCase
from moderation.review.access import DECIDE, people_with
from moderation.review.care import graphic_categories, is_cap_reached
from moderation.review.kinds import EACH_CATEGORY


def people_who_decide() -> list[User]:
    """The active staff who may decide cases; superusers only where there is nobody else, as on a site of one."""
    return list(people_with(DECIDE, superusers=False)) or list(people_with(DECIDE))


def settings_by_person(people: list[User]) -> dict[int, ModeratorSettings]:
    """The settings of each, with defaults for those who have no row."""
    rows = ModeratorSettings.objects.filter(moderator__in=people).select_related("moderator").in_bulk()
    return {person.pk: rows.get(person.pk, ModeratorSettings(moderator=person)) for person in people}


def untaken_categories(settings: list[ModeratorSettings], *, now: datetime) -> dict[str, int]:
    """The categories that not one of these people takes now, each with the open cases that wait for it.

    They opted out, or have reached their cap of graphic cases.
    """
    if not settings:
        return {}
    refused = Counter(name for own in settings for name in _refused(own, now))
    untaken = [name for name in Category.values if refused[name] == len(settings)]
    if not untaken:
        return {}
    waiting = ReviewCase.objects.filter(status=CaseStatus.OPEN, categories__overlap=untaken)
    counts = dict(waiting.annotate(kind=EACH_CATEGORY).values_list("kind").annotate(cases=Count("pk")))
    return {name: counts.get(name, 0) for name in untaken}


def _refused(own: ModeratorSettings, now: datetime) -> frozenset[str]:
    opted_out = frozenset(own.opted_out)
    return opted_out | graphic_categories() if is_cap_reached(own, now=now) else opted_out
