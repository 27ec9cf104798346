"""What came of one attempt to deliver an event, and what it means for the event and for its endpoint."""

from dataclasses import dataclass
from enum import Enum

GONE_STATUS = 410
OVERLOADED = frozenset({429, 502, 503, 504})
"""Statuses by which the receiver, or the proxy before it, says that it cannot take anything now."""


class Meaning(Enum):
    """A refusal concerns the event; silence concerns the receiver as a whole."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    SILENT = "silent"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Answer:
    """The receiver's status, or the error that stood in its way. ``retry_after`` is the pause it asked for, seconds."""

    duration_ms: float
    status_code: int | None = None
    error: str = ""
    retry_after: float | None = None

    @property
    def meaning(self) -> Meaning:
        """Only 2xx is success: a redirect is a refusal, and is never followed."""
        if self.status_code is None or self.status_code in OVERLOADED:
            return Meaning.SILENT
        if self.status_code == GONE_STATUS:
            return Meaning.GONE
        return Meaning.DELIVERED if 200 <= self.status_code <= 299 else Meaning.REFUSED
