"""What was decided: by the policy, by moderators, by you."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from reviewengine_client.calls import Call, R, Resource, many, one

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from reviewengine_client.shapes import (
        DecisionDetailOut,
        DecisionOut,
        ListDecisionsQuery,
        OverrideIn,
    )


class Decisions(Resource[R]):
    @many("listDecisions", "GET", "/api/v1/decisions")
    def list(self, **query: Unpack[ListDecisionsQuery]) -> Iterable[Call[DecisionOut]]:
        """Decisions, newest first. They are never changed: an override is a new one."""
        return [Call(query=query)]

    @one("getDecision", "GET", "/api/v1/decisions/{decision_id}")
    def get(self, decision_id: str) -> Call[DecisionDetailOut]:
        """A decision with what it rests on."""
        return Call((decision_id,))

    @one("overrideDecision", "POST", "/api/v1/decisions")
    def override(self, **decision: Unpack[OverrideIn]) -> Call[DecisionOut]:
        """Decides a content anew, with a reason."""
        return Call(body=decision)
