"""What waits for a person, for those who build a console of their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from reviewengine_client.calls import Call, R, Resource, many, one

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from reviewengine_client.shapes import (
        ActIn,
        CaseDetailOut,
        CaseOut,
        DecideIn,
        HeldCaseOut,
        HeldIn,
        ListCasesQuery,
        NextIn,
        QueueList,
        RenewedOut,
    )


class Cases(Resource[R]):
    @one("listQueues", "GET", "/api/v1/review/queues")
    def queues(self) -> Call[QueueList]:
        """The queues, and what waits in each."""
        return Call()

    @many("listCases", "GET", "/api/v1/review/cases")
    def list(self, **query: Unpack[ListCasesQuery]) -> Iterable[Call[CaseOut]]:
        """Cases in the order in which they are to be decided."""
        return [Call(query=query)]

    @one("getCase", "GET", "/api/v1/review/cases/{case_id}")
    def get(self, case_id: str) -> Call[CaseDetailOut]:
        """A case with its content."""
        return Call((case_id,))

    @one("claimNextCase", "POST", "/api/v1/review/cases/claim")
    def claim_next(self, **asked: Unpack[NextIn]) -> Call[HeldCaseOut | None]:
        """Claims the most urgent case for a moderator; None where nothing waits."""
        return Call(body=asked)

    @one("claimCase", "POST", "/api/v1/review/cases/{case_id}/claim")
    def claim(self, case_id: str, **by: Unpack[ActIn]) -> Call[HeldCaseOut]:
        """Claims this very case."""
        return Call((case_id,), body=by)

    @one("renewClaim", "POST", "/api/v1/review/cases/{case_id}/renew")
    def renew(self, case_id: str, **held: Unpack[HeldIn]) -> Call[RenewedOut]:
        """Keeps a claim alive."""
        return Call((case_id,), body=held)

    @one("releaseCase", "POST", "/api/v1/review/cases/{case_id}/release")
    def release(self, case_id: str, **held: Unpack[HeldIn]) -> Call[None]:
        """Gives a case back."""
        return Call((case_id,), body=held)

    @one("skipCase", "POST", "/api/v1/review/cases/{case_id}/skip")
    def skip(self, case_id: str, **held: Unpack[HeldIn]) -> Call[None]:
        """Gives a case to others."""
        return Call((case_id,), body=held)

    @one("decideCase", "POST", "/api/v1/review/cases/{case_id}/decide")
    def decide(self, case_id: str, **decision: Unpack[DecideIn]) -> Call[CaseOut]:
        """Decides a case under its claim and for the version that was seen; one that came too late is a Conflict."""
        return Call((case_id,), body=decision)
