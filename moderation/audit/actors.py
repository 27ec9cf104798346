"""How the record writes a person who acted: ``user:alice``."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

_PERSON = "user:"


def user_actor(person: AbstractBaseUser | AnonymousUser) -> str:
    """The person as an ``actor``."""
    return actor_named(person.get_username())


def actor_named(username: str) -> str:
    """Whoever has this name, as an ``actor``."""
    return f"{_PERSON}{username}"


def name_of_actor(actor: str) -> str:
    """The person's name; an actor that is no person (``system``, ``key:re_1a2b3c4d``) stays as it is written."""
    return actor.removeprefix(_PERSON)
