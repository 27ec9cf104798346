"""Who calls, as the rest of the API knows them."""

from dataclasses import dataclass
from datetime import datetime

from moderation.api.addresses import Network


@dataclass(frozen=True, slots=True)
class SharedLimit:
    """The limit of a key by which the caller's was made: its allowance, and how many requests that has now."""

    allowance: str
    requests: int | None


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated key: its client, what it may do, how often, from where (none: anywhere), and until when.

    ``allowance`` is what its requests are counted in, ``within`` what they are counted in too.
    """

    key_id: int
    client_id: int
    prefix: str
    scopes: frozenset[str]
    rate_limit_requests: int | None
    allowed_networks: tuple[Network, ...] = ()
    expires_at: datetime | None = None
    allowance: str = ""
    within: tuple[SharedLimit, ...] = ()

    is_authenticated = True

    @property
    def actor(self) -> str:
        """How the audit names it."""
        return f"key:{self.prefix}"
