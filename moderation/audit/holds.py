"""What became of decisions that did not count at once: entries beside the one that recorded them."""

from collections.abc import Mapping, Sequence
from typing import Any

from moderation.enums import HoldStatus, SubjectType
from moderation.models import AuditEntry, DecisionHold
from reviewengine.request_ids import request_id

_ACTIONS = {
    HoldStatus.RELEASED: "decision.released",
    HoldStatus.WITHDRAWN: "decision.withdrawn",
    HoldStatus.LAPSED: "decision.lapsed",
}


def hold_entries(
    holds: Sequence[DecisionHold], *, status: HoldStatus, actor: str, data: Mapping[str, Any] | None = None
) -> list[AuditEntry]:
    """The unsaved entries that say how these holds ended. The decision of each is read."""
    return [
        AuditEntry(
            action=_ACTIONS[status],
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
