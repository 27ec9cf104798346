"""What happens at the door, told to the metrics and to whoever keeps the record. No password and no code is told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from prometheus_client import Counter

sign_ins_total = Counter("reviewengine_sign_ins_total", "Steps of signing in to the console.", ["result"])


@dataclass(frozen=True, slots=True)
class AccessEvent:
    """Something that happened to a person's way in.

    ``act`` is one word of the record (``signed_in``, ``sign_in_failed``, ``locked_out``, ``signed_out``,
    ``second_factor_set_up`` ...). ``person`` is None where no account of that name exists: the name is not told, for
    people type their password into the wrong field. ``actor`` did it (``user:alice``, ``system``); empty: the person.
    """

    act: str
    person: AbstractBaseUser | None
    actor: str = ""
    data: dict[str, Any] = field(default_factory=dict)


_recorders: list[Callable[[AccessEvent], object]] = []


def register_recorder(recorder: Callable[[AccessEvent], object]) -> None:
    """``recorder`` is called with every event, in the transaction in which it happens."""
    _recorders.append(recorder)


def tell(act: str, person: AbstractBaseUser | None, *, actor: str = "", **data: Any) -> None:
    """Counts the event and hands it to the recorders."""
    sign_ins_total.labels(act).inc()
    event = AccessEvent(act=act, person=person, actor=actor, data=data)
    for recorder in _recorders:
        recorder(event)
