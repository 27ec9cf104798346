"""Step 6, care for the person: what the desk keeps from a moderator, by their own choice or by a lead's cap.

A day is one of the site's business time zone (``review.business_hours.timezone``): a night shift is counted by the
calendar that its people live by.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.models import Exposure, ModeratorSettings
from reviewengine import conf


class NotForThem(PermissionDenied):
    """A case that this person does not take: they opted out of what it is about, or have seen enough for today."""


def settings_of(moderator: User) -> ModeratorSettings:
    """The person's settings, read once for the ``moderator`` at hand; without a row, unsaved ones with the defaults."""
    try:
        return moderator.moderator_settings
    except ModeratorSettings.DoesNotExist:
        return ModeratorSettings(moderator=moderator)


def graphic_categories() -> frozenset[str]:
    """What counts as graphic at this site."""
    return frozenset(conf.load().review.care.graphic_categories)


def start_of_day(now: datetime) -> datetime:
    """When the site's day began that ``now`` belongs to."""
    local = now.astimezone(ZoneInfo(conf.load().review.business_hours.timezone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def daily_cap(own: ModeratorSettings) -> int:
    """Graphic cases a day for this person: the lead's number, else the site's; 0 is no cap."""
    return conf.load().review.care.daily_graphic_cap if own.daily_cap is None else own.daily_cap


def graphic_today(*, now: datetime, moderators: Iterable[int] | None = None) -> dict[int, int]:
    """By the person's id, how many graphic contents they were shown since the day began; who saw none is not there.

    One query. A content that was deleted since is not named any more: each such look counts as one.
    """
    looks = Exposure.objects.filter(is_graphic=True, started_at__gte=start_of_day(now))
    if moderators is not None:
        looks = looks.filter(moderator__in=moderators)
    counted = looks.values("moderator").annotate(contents=Count(Coalesce("content", "pk"), distinct=True))
    return dict(counted.values_list("moderator", "contents"))


def graphic_today_of(moderator_id: int, *, now: datetime) -> int:
    """How many of them one person was shown. One query."""
    return graphic_today(now=now, moderators=[moderator_id]).get(moderator_id, 0)


def excluded_categories(*, moderator: User, now: datetime) -> frozenset[str]:
    """The categories whose cases do not come to this person: opted-out ones; all graphic ones once the cap is reached.

    One query, two for a person with a cap.
    """
    own = settings_of(moderator)
    return excluded_by(own, graphic=graphic_today_of(moderator.pk, now=now) if daily_cap(own) else 0)


def excluded_by(own: ModeratorSettings, *, graphic: int) -> frozenset[str]:
    """As ``excluded_categories``, by the settings of a person who was shown so many ``graphic`` contents today."""
    opted_out, cap = frozenset(own.opted_out), daily_cap(own)
    return opted_out | graphic_categories() if cap and graphic >= cap else opted_out


def covered_categories(own: ModeratorSettings) -> frozenset[str]:
    """The categories whose text lies under a cover for this person: the graphic ones, and those they chose.

    What they do not take is met beside other cases, too.
    """
    return graphic_categories().union(own.covered_categories, own.opted_out)


def require_may_take(*, moderator: User, categories: Collection[str], now: datetime | None = None) -> None:
    """Raises NotForThem, with words for the person, when cases about ``categories`` do not go to them."""
    now = now or timezone.now()
    if not excluded_categories(moderator=moderator, now=now).intersection(categories):
        return
    # No word of what it is about: others may read this too, and what somebody cannot bear to see is their own affair.
    if set(settings_of(moderator).opted_out).intersection(categories):
        raise NotForThem(_("This case is about something that you do not take. Your settings say what that is."))
    raise NotForThem(_("You have seen as many graphic cases today as the daily cap allows."))
