"""The second factor: a code from an app (TOTP), or one of ten recovery codes, each good once.

django-otp keeps the devices, refuses a code that was used, and slows down whoever guesses. Recovery codes are kept as
digests only: they are shown once, and the database cannot give them back.
"""

import hashlib
import hmac
import math
import secrets
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from reviewengine import conf
from reviewengine.access.events import tell

RECOVERY_CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that reads as something else
GROUPS, GROUP_LENGTH = 3, 4
Method = Literal["app", "recovery code"]


@dataclass(frozen=True, slots=True)
class Check:
    """What came of a code: by which method it was right, or how many seconds to wait before the next try counts."""

    method: Method | None = None
    wait_seconds: int = 0


def is_switched_on() -> bool:
    """Whether there is a second factor at all."""
    return conf.load().access.second_factor != "off"


def is_required_of(person: User) -> bool:
    """Whether the person may not do without one."""
    access = conf.load().access
    if access.second_factor == "off":
        return False
    if access.second_factor == "required":
        return True
    return bool(access.second_factor_groups) and person.groups.filter(name__in=access.second_factor_groups).exists()


def app_of(person: User) -> TOTPDevice | None:
    """The app that the person has set up."""
    return TOTPDevice.objects.filter(user=person, confirmed=True).first()


def recovery_codes_left(person: User) -> int:
    """How many of the recovery codes were not used yet."""
    return StaticToken.objects.filter(device__user=person).count()


def new_key() -> str:
    """A secret for an app, hexadecimal."""
    return random_hex(20)


def proposed_app(person: User, key: str) -> TOTPDevice:
    """The app with this secret, not saved: for its address and its code in letters."""
    return TOTPDevice(user=person, key=key, name="app", confirmed=True)


@transaction.atomic
def set_up(*, person: User, key: str, code: str) -> list[str] | None:
    """Sets the app up if ``code`` is one of its codes; answers the recovery codes, and None if it is not.

    An app and codes from before are forgotten.
    """
    User.objects.select_for_update().get(pk=person.pk)
    trial = proposed_app(person, key)
    with transaction.atomic():
        trial.save()
        if not trial.verify_token(_digits(code)):
            trial.delete()
            return None
    TOTPDevice.objects.filter(user=person).exclude(pk=trial.pk).delete()
    codes = _renew_codes(person)
    tell("second_factor_set_up", person)
    return codes


@transaction.atomic
def check(*, person: User, code: str) -> Check:
    """Takes a code of the app or a recovery code. A right one is used up; a wrong one makes the next tries wait."""
    app = TOTPDevice.objects.select_for_update().filter(user=person, confirmed=True).first()
    written = StaticDevice.objects.select_for_update().filter(user=person, confirmed=True).first()
    typed = "".join(code.split()).replace("-", "").lower()
    if not typed.isdigit():
        device, method, token = written, "recovery code", _digest(typed)
    else:
        device, method, token = app, "app", _digits(code)
    if device is None:
        return Check()
    allowed, why_not = device.verify_is_allowed()
    if not allowed:
        locked_until = (why_not or {}).get("locked_until")
        seconds = (locked_until - timezone.now()).total_seconds() if locked_until else 1
        return Check(wait_seconds=max(1, math.ceil(seconds)))
    if device.verify_token(token):
        tell("second_factor_accepted", person, method=method)
        return Check(method=method)  # type: ignore[arg-type]
    tell("second_factor_failed", person, method=method)
    return Check()


@transaction.atomic
def renew_recovery_codes(*, person: User) -> list[str]:
    """New recovery codes; those of before are worth nothing any more."""
    codes = _renew_codes(person)
    tell("recovery_codes_renewed", person)
    return codes


@transaction.atomic
def remove(*, person: User, actor: str = "") -> bool:
    """Forgets the person's app and recovery codes; ``actor`` names who did it for them. False if there were none."""
    apps, _ = TOTPDevice.objects.filter(user=person).delete()
    written, _ = StaticDevice.objects.filter(user=person).delete()
    if apps or written:
        tell("second_factor_removed", person, actor=actor)
    return bool(apps or written)


def _renew_codes(person: User) -> list[str]:
    StaticDevice.objects.filter(user=person).delete()
    device = StaticDevice.objects.create(user=person, name="recovery codes", confirmed=True)
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_digest(code.replace("-", ""))) for code in codes)
    return codes


def _recovery_code() -> str:
    """Twelve letters in groups, the first of them no digit: one that is all digits would be taken for the app's."""
    letters = secrets.choice(ALPHABET[:23]) + "".join(
        secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP_LENGTH - 1)
    )
    return "-".join(letters[at : at + GROUP_LENGTH] for at in range(0, len(letters), GROUP_LENGTH))


def _digest(code: str) -> str:
    """What is kept of a recovery code: 64 bits under our secret key, which is what the column holds."""
    return hmac.new(settings.SECRET_KEY.encode(), f"recovery:{code}".encode(), hashlib.sha256).hexdigest()[:16]


def _digits(code: str) -> str:
    return "".join(code.split())
