"""Step 6, too late: why an act on a case no longer fits, in words for the person who tried it."""

from enum import StrEnum
from uuid import UUID

from django.contrib.auth.models import User
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.enums import CaseSource, CaseStatus, ContentStatus, DecisionSource, Outcome
from moderation.models import Content, Decision, ReviewCase

PAST_TENSE = {Outcome.APPROVE: gettext_lazy("approved"), Outcome.REJECT: gettext_lazy("rejected")}


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
        return StaleDecision(StaleReason.ERASED, _("The content was erased while you had it open."))
    if case.status == CaseStatus.CANCELLED or not _is_of_version(case, content, content_version):
        return _edited(content_version, content)
    if case.claimed_by_id != moderator.pk or case.lease_token != lease_token:
        return _claim_lost(case, moderator)
    return None


def _is_of_version(case: ReviewCase, content: Content, content_version: int) -> bool:
    same = content_version == case.content_version == content.version
    if case.is_quality:
        return same
    # A case about what is decided leaves that in force.
    is_decided = case.source in (CaseSource.REPORT, CaseSource.PERSON)
    return same and content.status == (ContentStatus.DECIDED if is_decided else ContentStatus.IN_REVIEW)


# By whether the person did it, and by what was decided; of a case that decides nothing, nothing.
_SENTENCES = {
    (True, Outcome.APPROVE): gettext_lazy("You have already approved this case at %(at)s."),
    (True, Outcome.REJECT): gettext_lazy("You have already rejected this case at %(at)s."),
    (True, ""): gettext_lazy("You have already resolved this case at %(at)s."),
    (False, Outcome.APPROVE): gettext_lazy("%(who)s approved this case at %(at)s."),
    (False, Outcome.REJECT): gettext_lazy("%(who)s rejected this case at %(at)s."),
    (False, ""): gettext_lazy("%(who)s resolved this case at %(at)s."),
}


def _decided(case: ReviewCase, moderator: User, lease_token: UUID | None) -> StaleDecision:
    decision = case.decision
    # Whoever answered a case that decides nothing has no decision to show for it; the claim stays on the case.
    own = (decision.moderator_id if decision else case.claimed_by_id) == moderator.pk
    sentence = _SENTENCES[own, decision.outcome if decision else ""]
    when = case.resolved_at or (decision.created_at if decision else case.opened_at)
    at = _("%(time)s UTC on %(day)s") % {"time": date_format(when, "H:i"), "day": date_format(when, "d F")}
    same_click = own and case.lease_token == lease_token
    return StaleDecision(StaleReason.DECIDED, sentence % {"who": _decider(decision), "at": at}, own=same_click)


def _decider(decision: Decision | None) -> str:
    if decision is not None and decision.source == DecisionSource.API:
        return _("The platform")
    return person_name(decision.moderator if decision else None)


def _edited(seen: int, content: Content) -> StaleDecision:
    if content.version == seen:
        message = _("This case was closed undecided; the content is being moderated anew.")
        return StaleDecision(StaleReason.EDITED, message)
    sentence = _("The content was edited after you opened it: you saw version %(seen)s, it is now at version %(now)s.")
    return StaleDecision(StaleReason.EDITED, sentence % {"seen": seen, "now": content.version})


def _claim_lost(case: ReviewCase, moderator: User) -> StaleDecision:
    if case.claimed_by_id is None:
        message = _("Your claim on this case has ended, and nobody holds it now.")
    elif case.claimed_by_id == moderator.pk:
        message = _("You opened this case again in another tab or window, and only the newest one may decide it.")
    else:
        name = person_name(case.claimed_by)
        message = _("Your claim on this case has ended, and %(person)s holds it now.") % {"person": name}
    return StaleDecision(StaleReason.CLAIM_LOST, message)


def person_name(person: User | None) -> str:
    """How a person of the console is called on its pages."""
    return person.get_full_name() or person.get_username() if person else _("Somebody else")
