"""How review cases look in answers, and what is sent to act on one."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StrictBool, StrictInt, StrictStr, ValidationInfo
from pydantic_core import PydanticCustomError

from moderation.api.content_shapes import ContentDetailOut, Whole
from moderation.enums import CaseSource, CaseStatus, DecisionSource, Outcome, ReportStatus
from moderation.ingest.schemas import Identifier, Name, Strict
from moderation.models import Decision, Report, ReviewCase
from moderation.review.sla import QueueLoad

# What PostgreSQL cannot hold in a text.
NO_NUL = r"^[^\x00]*$"


class QueueOut(Whole):
    """A queue, and what waits in it of your contents."""

    name: str = Field(description="As cases, policies and calls refer to it")
    title: str = Field(description="As people read it")
    description: str
    due_minutes: int = Field(description="How long a case of it may wait")
    hide_text: bool = Field(description="Cover the text until the moderator asks for it")
    open: int = Field(description="Cases that are not decided yet")
    waiting: int = Field(description="Open cases that nobody holds now")
    overdue: int = Field(description="Open cases past their time")
    oldest_at: datetime | None = Field(description="When the oldest open case was opened")

    @classmethod
    def of(cls, load: QueueLoad) -> "QueueOut":
        queue = load.queue
        return cls(
            name=queue.slug,
            title=queue.name,
            description=queue.description,
            due_minutes=queue.due_minutes,
            hide_text=queue.hide_text,
            open=load.open,
            waiting=load.waiting,
            overdue=load.overdue,
            oldest_at=load.oldest_at,
        )


class QueueList(Whole):
    """All queues: there are few."""

    results: list[QueueOut]
    next: None = None
    previous: None = None


class ClaimOut(Whole):
    """Who has the case. A claim past its end still counts while nobody else has taken the case."""

    moderator: str
    claimed_at: datetime
    expires_at: datetime


class HeldClaimOut(ClaimOut):
    """Your claim: its token names it in whatever you do with the case."""

    lease_token: UUID


class RenewedOut(Whole):
    """Until when the claim lives now."""

    lease_token: UUID
    expires_at: datetime


class CaseDecisionOut(Whole):
    """How the case was decided. What does not count yet is told to nobody: see the case's status."""

    id: UUID
    outcome: Outcome
    source: DecisionSource
    moderator: str | None
    label: str = Field(description="The reason that was chosen, as a short name; empty where there was none")
    reasoning: str
    created_at: datetime

    @classmethod
    def of(cls, decision: Decision) -> "CaseDecisionOut":
        return cls(
            id=decision.pk,
            outcome=Outcome(decision.outcome),
            source=DecisionSource(decision.source),
            moderator=decision.moderator.get_username() if decision.moderator else None,
            label=decision.label,
            reasoning=decision.reasoning,
            created_at=decision.created_at,
        )


class CaseOut(Whole):
    """One content version that a person is asked about."""

    id: UUID
    status: CaseStatus = Field(
        description="`decided`: its decision can be undone, or waits for a second person; `resolved` once it counts"
    )
    source: CaseSource = Field(
        description="Who asked: the policy, a user who reported what was decided, or a person who decides it anew"
    )
    queue: str
    priority: int = Field(description="0 to 100; cases come by it and by how long they wait: 30 minutes are a point")
    content_id: UUID
    external_id: str
    content_version: int = Field(description="The version that is asked about; name it when you decide")
    opened_at: datetime
    due_at: datetime
    overdue: bool
    claim: ClaimOut | None
    decision: CaseDecisionOut | None = Field(description="Null until it counts: as long as the case is `decided`, too")
    resolved_at: datetime | None


class CasePage(Whole):
    """A page of cases; follow ``next`` and ``previous`` as they are."""

    results: list[CaseOut]
    next: str | None
    previous: str | None


class CaseReportOut(Whole):
    """What a user said of the content."""

    id: UUID
    reason: str
    comment: str
    reporter: str | None = Field(description="Your own id of the user; null once the content is erased")
    status: ReportStatus
    created_at: datetime

    @classmethod
    def of(cls, report: Report) -> "CaseReportOut":
        return cls(
            id=report.pk,
            reason=report.reason,
            comment=report.comment,
            reporter=report.reporter_external_id or None,
            status=ReportStatus(report.status),
            created_at=report.created_at,
        )


class CaseDetailOut(CaseOut):
    """A case with its content: the text, all that detectors and policy said, and what users reported."""

    hide_text: bool = Field(description="The queue asks to cover the text until the moderator wants to see it")
    content: ContentDetailOut
    reports: list[CaseReportOut] = Field(description="The first fifty")


class HeldCaseOut(CaseDetailOut):
    """A case that was claimed just now."""

    claim: HeldClaimOut


def claim_of(case: ReviewCase) -> ClaimOut | None:
    """The claim without its token, which only its holder is told."""
    if case.claimed_by is None or case.claimed_at is None or case.lease_expires_at is None:
        return None
    return ClaimOut(
        moderator=case.claimed_by.get_username(), claimed_at=case.claimed_at, expires_at=case.lease_expires_at
    )


class CaseQuery(Strict):
    """What the list is narrowed by."""

    status: Literal["open", "decided", "resolved", "cancelled", "all"] = "open"
    queue: Name | None = Field(None, description="The name of a queue")
    claimed_by: Name | None = Field(None, description="The username of the moderator who has it")
    overdue: bool | None = Field(None, description="Whether an open case is past its time")
    content_id: UUID | None = None


class NextIn(Strict):
    """For whom the next case is claimed, and from which queue alone."""

    moderator: Identifier = Field(description="The username of a person of the console who may decide cases")
    queue: Name | None = Field(None, description="The name of a queue; otherwise all in which the moderator may work")
    skipped: StrictBool = Field(False, description="Look again at the cases that this moderator skipped")


class ActIn(Strict):
    """Who acts."""

    moderator: Identifier = Field(description="The username of a person of the console who may decide cases")


class HeldIn(ActIn):
    """Who acts, under which claim."""

    lease_token: UUID


def _reasoning(value: str, info: ValidationInfo) -> str:
    """A rejection is told to somebody: it must say why, here as at the desk; the label of a reason says it, too."""
    if info.data.get("outcome") == Outcome.REJECT and not value.strip() and not info.data.get("label"):
        raise PydanticCustomError("missing", "say why you reject")
    return value


def _label(value: str, info: ValidationInfo) -> str:
    """The list is of reasons to reject."""
    if value and info.data.get("outcome") == Outcome.APPROVE:
        raise PydanticCustomError("invalid", "is for a rejection: an approval has no label")
    return value


class DecideIn(HeldIn):
    """A decision under a claim. To reject one says why."""

    content_version: Annotated[StrictInt, Field(ge=1, le=2**31 - 1)] = Field(description="The version that was seen")
    outcome: Literal["approve", "reject"]
    label: Annotated[StrictStr, Field(max_length=40, pattern=NO_NUL), AfterValidator(_label)] = Field(
        "", description="Of a rejection: the short name of a rejection reason of the console"
    )
    reasoning: Annotated[StrictStr, Field(max_length=1000, pattern=NO_NUL), AfterValidator(_reasoning)] = Field(
        "",
        validate_default=True,
        description="Why, in words that may be shown to the author. A rejection needs it or a label, whose text it is",
    )
    private_note: Annotated[StrictStr, Field(max_length=2000, pattern=NO_NUL)] = Field(
        "", description="For the console alone: never told to anybody else"
    )
