"""The sections of the configuration about people: how they sign in, and how they work at the desk."""

from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, field_validator

from reviewengine.sections import Section


class BusinessHours(Section):
    """When people work, in ``timezone``, for queues whose cases are due by business hours. Holidays are dates."""

    timezone: str = "UTC"
    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = Field(
        ["mon", "tue", "wed", "thu", "fri"], min_length=1
    )
    opens: str = Field("09:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    closes: str = Field("17:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    holidays: list[date] = []

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ValueError, OSError, ZoneInfoNotFoundError) as error:
            raise ValueError(f"'{name}' is no time zone, such as Europe/Berlin") from error
        return name


class Care(Section):
    """What protects moderators, unless a lead sets it otherwise for one of them; 0 is none.

    ``graphic_categories``: what counts as graphic; text about it is covered at first. ``daily_graphic_cap``: cases a
    day. ``break_after_minutes`` of work without a pause, ``break_minutes`` are asked for.
    """

    graphic_categories: list[str] = [
        "sexual/minors",
        "violence/graphic",
        "self-harm",
        "self-harm/intent",
        "self-harm/instructions",
        "nsfw_image",
    ]
    daily_graphic_cap: int = Field(0, ge=0)
    break_after_minutes: int = Field(90, ge=0)
    break_minutes: int = Field(10, ge=1)


class Quality(Section):
    """How people's decisions are measured. ``golden_days``: nobody meets the same golden case twice within so many.

    ``tell_answers``: whether moderators are shown, on the page of their own figures, what was right and why.
    """

    golden_days: int = Field(90, ge=1)
    tell_answers: bool = True


class Review(Section):
    """The desk. ``lease_seconds``: how long a claim lives without a sign of life; an open page gives one every third.

    ``max_held``: cases that a moderator may have at once, claimed or on hold. ``hold_hours``: the longest hold.
    ``handover_hours``: how long a case waits for the person it was handed to. ``undo_seconds``: how long a decision can
    be undone, and does not count; 0: it counts at once. ``second_person_reach``: from so many followers on a rejection
    waits for a second person; 0: never. ``due_soon_hours``: what the lists show first.
    """

    lease_seconds: int = Field(30, ge=10)
    max_held: int = Field(3, ge=1, le=100)
    hold_hours: int = Field(72, ge=1)
    handover_hours: int = Field(24, ge=1)
    undo_seconds: int = Field(10, ge=0, le=3600)
    second_person_reach: int = Field(100_000, ge=0)
    due_soon_hours: int = Field(48, ge=1)
    max_bulk_cases: int = Field(1000, ge=1, le=10_000)
    business_hours: BusinessHours = BusinessHours()
    care: Care = Care()
    quality: Quality = Quality()


def _mode(value: Any) -> Any:
    """YAML takes a bare ``off`` for a truth value."""
    return "off" if value is False else value


class Oidc(Section):
    """Sign-in through an OpenID provider; an empty ``issuer`` is none. Needs requirements-oidc.in.

    ``issuer``: its address, under which ``/.well-known/openid-configuration`` lies. ``name``: what people call it.
    ``username_claim``: the claim that names a person; it must be unique there and never be given to another.
    ``groups_claim``: the claim that holds the person's groups; ``groups`` maps each of them to groups of the console.
    Who has none of these is let in nowhere. ``link_existing``: whether an account that has a password of its own here
    may be entered by its name there. ``second_factor_there``: whether the provider asks for the second factor.
    """

    issuer: str = ""
    name: str = "your organisation"
    client_id: str = ""
    client_secret: str = ""
    scopes: list[str] = ["openid", "email", "profile"]
    username_claim: str = "preferred_username"
    groups_claim: str = "groups"
    groups: dict[str, list[str]] = {}
    sign_algorithm: Literal["RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "HS256"] = "RS256"
    link_existing: bool = False
    second_factor_there: bool = True
    timeout_seconds: float = Field(10.0, gt=0)


class Access(Section):
    """How people sign in to the console. Keys of the API are another thing.

    ``second_factor``: off, optional, or required of everybody; ``second_factor_groups``: groups of whom it is required
    anyway. ``session_idle_minutes``: how long a session lives without an act of a person; ``session_hours``: how long
    at all. ``lockout_failures``: wrong passwords for one name from one address, until it has to wait for
    ``lockout_minutes``. ``password_sign_in``: whether people may sign in with a password at all.
    """

    second_factor: Annotated[Literal["off", "optional", "required"], BeforeValidator(_mode)] = "optional"
    second_factor_groups: list[str] = []
    session_idle_minutes: int = Field(60, ge=1, le=1440)
    session_hours: int = Field(12, ge=1, le=168)
    lockout_failures: int = Field(5, ge=1, le=100)
    lockout_minutes: int = Field(15, ge=1, le=1440)
    password_sign_in: bool = True
    oidc: Oidc = Oidc()
