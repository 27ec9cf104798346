"""What became of decisions that did not count at once: entries beside the one that recorded them."""

from collections.abc import Mapping, Sequence
from typing import Any

from moderation.enums import SubjectType
from moderation.models import AuditEntry, DecisionHold
from reviewengine.request_ids import request_id

DECISION_RELEASED = "decision.released"
DECISION_WITHDRAWN = "decision.withdrawn"
DECISION_LAPSED = "decision.lapsed"


def hold_entries(
    holds: Sequence[DecisionHold], *, action: str, actor: str, data: Mapping[str, Any] | None = None
) -> list[AuditEntry]:
    """The unsaved entries that say how these holds ended. The decision of each is read."""
    return [
        AuditEntry(
            action=action,
            actor=actor,
            subject_type=SubjectType.DECISION,
            subject_id=str(hold.decision_id),
            data={
                "content": str(hold.decision.content_id),
                "case": str(hold.case_id),
                "outcome": hold.decision.outcome,
                "held": hold.kind,
                **(data or {}),
            },
            request_id=request_id.get(),
        )
        for hold in holds
    ]
