"""Step 6, when a break is due: how long somebody has worked at a stretch, and the breaks they take.

Only the stretch that goes on now is known. Breaks are for the person: none is counted, kept or shown to anybody.
"""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from moderation.models import ModeratorSettings, WorkSpell
from reviewengine import conf

# Whoever puts a break off, or comes back early, is asked again after this time.
ASKED_AGAIN_AFTER = timedelta(minutes=15)


def break_after(own: ModeratorSettings) -> timedelta:
    """After how much work at a stretch this person is asked to rest: the lead's number, else the site's; 0 is never."""
    care = conf.load().review.care
    return timedelta(minutes=care.break_after_minutes if own.break_after_minutes is None else own.break_after_minutes)


def break_length() -> timedelta:
    """How long a break is meant to be, and how long a pause ends a stretch of work."""
    return timedelta(minutes=conf.load().review.care.break_minutes)


@transaction.atomic(savepoint=False)
def note_work(*, moderator: User, now: datetime | None = None) -> WorkSpell:
    """The person works now: their stretch goes on, or begins anew after a pause that was a break, asked for or not."""
    now = now or timezone.now()
    spell, is_new = WorkSpell.objects.select_for_update(of=("self",)).get_or_create(
        moderator=moderator, defaults={"since": now, "seen_at": now}
    )
    if is_new:
        return spell
    if now - spell.seen_at >= break_length():
        spell.since, spell.quiet_until = now, None
    elif spell.break_until is not None:
        spell.quiet_until = now + ASKED_AGAIN_AFTER
    spell.seen_at, spell.break_until = now, None
    spell.save(update_fields=["since", "seen_at", "quiet_until", "break_until"])
    return spell


def is_break_due(spell: WorkSpell, own: ModeratorSettings, *, now: datetime) -> bool:
    """Whether the person has worked long enough at a stretch, and has not put the break off."""
    after = break_after(own)
    is_quiet = spell.quiet_until is not None and spell.quiet_until > now
    return bool(after) and not is_quiet and now - spell.since >= after


@transaction.atomic
def put_off_break(*, moderator: User, now: datetime | None = None) -> None:
    """Not now: the person is left alone for a while."""
    quiet_until = (now or timezone.now()) + ASKED_AGAIN_AFTER
    WorkSpell.objects.filter(moderator=moderator).update(quiet_until=quiet_until)


@transaction.atomic
def start_break(*, moderator: User, now: datetime | None = None) -> WorkSpell:
    """The person rests from now on. Opened again, a break that goes on keeps its end."""
    now = now or timezone.now()
    spell, _ = WorkSpell.objects.select_for_update(of=("self",)).get_or_create(
        moderator=moderator, defaults={"since": now, "seen_at": now}
    )
    if spell.break_until is None or spell.break_until <= now:
        spell.seen_at, spell.break_until = now, now + break_length()
        spell.save(update_fields=["seen_at", "break_until"])
    return spell


def break_of(moderator: User) -> datetime | None:
    """When the break ends, or ended, that the person has not come back from; None while they work."""
    return WorkSpell.objects.filter(moderator=moderator).values_list("break_until", flat=True).first()
