"""Step 6, the whole team: who it is, and which kinds of cases nobody in it takes."""

from collections import Counter
from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db.models import Count

from moderation.enums import CaseStatus, Category
from moderation.models import ModeratorSettings, ReviewCase
from moderation.review.access import DECIDE, people_with
from moderation.review.care import excluded_by
from moderation.review.kinds import EACH_CATEGORY


def people_who_decide() -> list[User]:
    """The active staff who may decide cases; superusers only where there is nobody else, as on a site of one."""
    return list(people_with(DECIDE, superusers=False)) or list(people_with(DECIDE))


def settings_by_person(people: list[User]) -> dict[int, ModeratorSettings]:
    """The settings of each, with defaults for those who have no row."""
    rows = ModeratorSettings.objects.filter(moderator__in=people).select_related("moderator").in_bulk()
    return {person.pk: rows.get(person.pk, ModeratorSettings(moderator=person)) for person in people}


def untaken_categories(settings: list[ModeratorSettings], *, graphic: Mapping[int, int]) -> dict[str, int]:
    """The categories that not one of these people takes now, each with the open cases that wait for it.

    They opted out, or have reached their cap of graphic cases: ``graphic`` is what they saw (see ``graphic_today``).
    """
    if not settings:
        return {}
    refused = Counter(name for own in settings for name in excluded_by(own, graphic=graphic.get(own.moderator_id, 0)))
    untaken = [name for name in Category.values if refused[name] == len(settings)]
    if not untaken:
        return {}
    waiting = ReviewCase.objects.filter(status=CaseStatus.OPEN, categories__overlap=untaken)
    counts = dict(waiting.annotate(kind=EACH_CATEGORY).values_list("kind").annotate(cases=Count("pk")))
    return {name: counts.get(name, 0) for name in untaken}
