"""A door, people before it, and the codes that their apps show."""

import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from reviewengine import conf
from reviewengine.access import second_factor, sessions

PASSWORD = "correct horse battery staple"


@pytest.fixture
def access(monkeypatch) -> Callable[..., None]:
    """``access(second_factor="required")`` changes options of the section."""

    def change(**options) -> None:
        config = conf.load()
        section = config.access.model_copy(update=options)
        changed = config.model_copy(update={"access": section})
        monkeypatch.setattr(conf, "load", lambda: changed)

    return change


@pytest.fixture
def clock(monkeypatch) -> Callable[[int], None]:
    """``clock(90)`` moves the time of sessions on by so many seconds."""
    moved = SimpleNamespace(seconds=0)
    monkeypatch.setattr(sessions, "time", SimpleNamespace(time=lambda: time.time() + moved.seconds))

    def move(seconds: int) -> None:
        moved.seconds += seconds

    return move


def code_of(person, *, step: int = 0) -> str:
    """What the person's app shows; ``step`` 1 is the next code, which is taken too: clocks differ."""
    return code_for(TOTPDevice.objects.get(user=person).key, step=step)


def code_for(key: str, *, step: int = 0) -> str:
    totp = TOTP(bytes.fromhex(key))
    totp.time = time.time() + 30 * step
    return f"{totp.token():06d}"


def with_app(person) -> list[str]:
    """Sets an app up for the person, with a code of some time ago; answers the recovery codes."""
    key = second_factor.new_key()
    codes = second_factor.set_up(person=person, key=key, code=code_for(key, step=-1))
    assert codes
    return codes


def give_password(client: Client, name: str, password: str = PASSWORD, **headers):
    """Posts the sign-in form."""
    return client.post("/admin/login/?next=/admin/review/", {"username": name, "password": password}, **headers)
