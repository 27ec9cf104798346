"""Step 6, too late: why an act on a case no longer fits, in words for the person who tried it."""

from enum import StrEnum
from uuid import UUID

from django.contrib.auth.models import User

from moderation.enums import QUALITY_SOURCES, CaseSource, CaseStatus, ContentStatus, DecisionSource, Outcome
from moderation.models import Content, Decision, ReviewCase

PAST_TENSE = {Outcome.APPROVE: "approved", Outcome.REJECT: "rejected"}


class StaleReason(StrEnum):
    """What changed since the case was claimed."""

    CLAIM_LOST = "claim_lost"
    CLAIMED = "claimed"
    ASSIGNED = "assigned"
    DECIDED = "decided"
    EDITED = "edited"
    ERASED = "erased"


# Somebody else has the case, or is to have it.
NOT_FREE = (StaleReason.CLAIMED, StaleReason.ASSIGNED)


class StaleDecision(Exception):  # noqa: N818 - the name people know it by
    """The act came too late, and nothing of it was stored; the message says why.

    ``own``: the same person had decided under the same claim, as a double click does.
    """

    def __init__(self, reason: StaleReason, message: str, *, own: bool = False) -> None:
        super().__init__(message)
        self.reason = reason
        self.own = own


def find_fault(
    *, case: ReviewCase, content: Content, moderator: User, lease_token: UUID | None, content_version: int
) -> StaleDecision | None:
    """What speaks against an act under this claim, or None. The caller holds the locks of both rows."""
    if case.status in (CaseStatus.DECIDED, CaseStatus.RESOLVED):
        return _decided(case, moderator, lease_token)
    if content.erased_at is not None:
        return StaleDecision(StaleReason.ERASED, "The content was erased while you had it open.")
    if case.status == CaseStatus.CANCELLED or not _is_of_version(case, content, content_version):
        return _edited(content_version, content)
    if case.claimed_by_id != moderator.pk or case.lease_token != lease_token:
        return _claim_lost(case, moderator)
    return None


def _is_of_version(case: ReviewCase, content: Content, content_version: int) -> bool:
    same = content_version == case.content_version == content.version
    if case.source in QUALITY_SOURCES:
        return same
    # A case about what is decided leaves that in force.
    is_decided = case.source in (CaseSource.REPORT, CaseSource.PERSON)
    return same and content.status == (ContentStatus.DECIDED if is_decided else ContentStatus.IN_REVIEW)


def _decided(case: ReviewCase, moderator: User, lease_token: UUID | None) -> StaleDecision:
    decision = case.decision
    # Whoever answered a case that decides nothing has no decision to show for it; the claim stays on the case.
    own = (decision.moderator_id if decision else case.claimed_by_id) == moderator.pk
    who = "You have already" if own else _decider(decision)
    did = PAST_TENSE[Outcome(decision.outcome)] if decision else "resolved"
    when = case.resolved_at or (decision.created_at if decision else None)
    at = f" at {when:%H:%M} UTC on {when:%d %B}" if when else ""
    same_click = own and case.lease_token == lease_token
    return StaleDecision(StaleReason.DECIDED, f"{who} {did} this case{at}.", own=same_click)


def _decider(decision: Decision | None) -> str:
    if decision is not None and decision.source == DecisionSource.API:
        return "The platform"
    return person_name(decision.moderator if decision else None)


def _edited(seen: int, content: Content) -> StaleDecision:
    if content.version == seen:
        return StaleDecision(StaleReason.EDITED, "This case was closed undecided; the content is being moderated anew.")
    versions = f"you saw version {seen}, it is now at version {content.version}"
    return StaleDecision(StaleReason.EDITED, f"The content was edited after you opened it: {versions}.")


def _claim_lost(case: ReviewCase, moderator: User) -> StaleDecision:
    if case.claimed_by_id is None:
        message = "Your claim on this case has ended, and nobody holds it now."
    elif case.claimed_by_id == moderator.pk:
        message = "You opened this case again in another tab or window, and only the newest one may decide it."
    else:
        message = f"Your claim on this case has ended, and {person_name(case.claimed_by)} holds it now."
    return StaleDecision(StaleReason.CLAIM_LOST, message)


def person_name(person: User | None) -> str:
    """How a person of the console is called on its pages."""
    return person.get_full_name() or person.get_username() if person else "Somebody else"
