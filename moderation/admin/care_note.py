"""What the desk tells a person of their own day: how many graphic cases they saw, and that a cap spares them more."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils import timezone

from moderation.review.care import daily_cap, graphic_today_of, settings_of


@dataclass(frozen=True, slots=True)
class CareNote:
    """Graphic contents seen today, and the cap; 0 is none."""

    graphic: int
    cap: int

    @property
    def is_cap_reached(self) -> bool:
        return bool(self.cap) and self.graphic >= self.cap


def care_note(person: User) -> CareNote:
    """One person's day. Without a cap nothing is counted."""
    cap = daily_cap(settings_of(person))
    return CareNote(graphic_today_of(person.pk, now=timezone.now()) if cap else 0, cap)
