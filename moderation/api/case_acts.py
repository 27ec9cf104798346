"""What a key does with review cases in the name of a person of the console: claims under a lease, and decisions.

The person must be allowed to; the audit names both.
"""

from collections.abc import Sequence
from typing import Any, NoReturn
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.api.case_shapes import (
    ActIn,
    CaseOut,
    DecideIn,
    HeldCaseOut,
    HeldClaimOut,
    HeldIn,
    NextIn,
    RenewedOut,
    claim_of,
)
from moderation.api.cases import CaseView, detail_of, show_cases
from moderation.api.errors import Problem
from moderation.api.platform import find
from moderation.enums import Outcome, Scope
from moderation.models import RejectionReason, ReviewCase, ReviewQueue
from moderation.review.access import find_moderator
from moderation.review.capacity import TooManyHeld
from moderation.review.claims import claim_case, claim_next
from moderation.review.leases import look_again, release_case, renew_claim, skip_case
from moderation.review.reasons import find_reason
from moderation.review.resolve import resolve_case
from moderation.review.stale import StaleDecision

CLAIM = {"moderator": "alice", "lease_token": "0b7f3a52-8d1e-4f6a-9a51-0c2f5f0f9a10"}
A_DECISION = OpenApiExample(
    "Reject",
    {**CLAIM, "content_version": 1, "outcome": "reject", "reasoning": "Unsolicited advertising"},
    request_only=True,
)


class ActView(CaseView):
    """What the acts share: the key acts in the name of a moderator, and is refused what the desk would refuse."""

    scopes = {"POST": Scope.CASES_WRITE}
    shows_persons = True

    def handle_exception(self, error: Exception) -> Any:
        """An act that the desk would refuse is refused here in the same words."""
        if isinstance(error, StaleDecision):
            error = Problem(error.reason.value, str(error))
        elif isinstance(error, PermissionDenied):
            error = Problem("moderator_not_allowed", str(error))
        elif isinstance(error, TooManyHeld):
            error = Problem("too_many_held", f"{error} {self._named(error.cases)}")
        return super().handle_exception(error)

    def _named(self, cases: Sequence[ReviewCase]) -> str:
        """Those of the caller's own, by their ids; what a moderator has of other platforms is not theirs to know."""
        known = [case for case in cases if not case.is_quality]  # cases that measure people are the console's alone
        own = [str(case.pk) for case in known if case.client_id == self.principal.client_id]
        others = len(cases) - len(own)
        return f"Of yours: {', '.join(own) or 'none'}." + (f" Of others: {others}." if others else "")


class NextCase(ActView):
    """/api/v1/review/cases/claim."""

    @extend_schema(
        operation_id="claimNextCase",
        tags=["cases"],
        summary="Claim the case that this moderator should see next",
        description="A case that the moderator holds already comes first, then what was handed to them. "
        "204: nothing waits for this moderator. 409 `too_many_held`: they have as many cases as one may.",
        request=NextIn,
        responses={200: HeldCaseOut, 204: None},
    )
    def post(self, request: Request) -> Response:
        wish = self.body(NextIn)
        queue = _queue(wish.queue) if wish.queue else None
        moderator, client_id = _moderator(wish.moderator), self.principal.client_id
        if wish.skipped:
            look_again(moderator=moderator, queue=queue, client_id=client_id)
        case = claim_next(moderator=moderator, queue=queue, client_id=client_id)
        return Response(status=204) if case is None else _held(self.cases().get(pk=case.pk), _claim(case))


class ActOnCase(ActView):
    """What the acts on one case share."""

    def found(self, case_id: str) -> UUID:
        """The id of a case of the caller's own. Raises Problem."""
        return find(self.cases(), case_id).pk


class ClaimCase(ActOnCase):
    """/api/v1/review/cases/{id}/claim."""

    @extend_schema(
        operation_id="claimCase",
        tags=["cases"],
        summary="Claim this very case",
        description="Whoever has it already gets a new token, and the older one ends. 409 `claimed` while somebody "
        "else has it, `assigned` while it waits for somebody else, `too_many_held` when they have as many as one may.",
        request=ActIn,
        responses=HeldCaseOut,
    )
    def post(self, request: Request, case_id: str) -> Response:
        case = claim_case(case_id=self.found(case_id), moderator=_moderator(self.body(ActIn).moderator))
        return _held(self.cases().get(pk=case.pk), _claim(case))


class RenewClaim(ActOnCase):
    """/api/v1/review/cases/{id}/renew."""

    @extend_schema(
        operation_id="renewClaim", tags=["cases"], summary="Keep a claim alive", request=HeldIn, responses=RenewedOut
    )
    def post(self, request: Request, case_id: str) -> Response:
        act, case_id_ = self.body(HeldIn), self.found(case_id)
        moderator = _moderator(act.moderator)
        ends_at = renew_claim(case_id=case_id_, moderator=moderator, lease_token=act.lease_token)
        return Response(RenewedOut(lease_token=act.lease_token, expires_at=ends_at))


class ReleaseCase(ActOnCase):
    """/api/v1/review/cases/{id}/release."""

    @extend_schema(
        operation_id="releaseCase",
        tags=["cases"],
        summary="Give a case back to its queue",
        description="204 also when the claim had ended before: either way it is not held under this token.",
        request=HeldIn,
        responses={204: None},
    )
    def post(self, request: Request, case_id: str) -> Response:
        act = self.body(HeldIn)
        release_case(case_id=self.found(case_id), moderator=_moderator(act.moderator), lease_token=act.lease_token)
        return Response(status=204)


class SkipCase(ActOnCase):
    """/api/v1/review/cases/{id}/skip."""

    @extend_schema(
        operation_id="skipCase",
        tags=["cases"],
        summary="Leave a case to others",
        description="It does not come back to this moderator, unless they claim the next one with `skipped`.",
        request=HeldIn,
        responses={204: None},
    )
    def post(self, request: Request, case_id: str) -> Response:
        act = self.body(HeldIn)
        skip_case(case_id=self.found(case_id), moderator=_moderator(act.moderator), lease_token=act.lease_token)
        return Response(status=204)


class DecideCase(ActOnCase):
    """/api/v1/review/cases/{id}/decide."""

    @extend_schema(
        operation_id="decideCase",
        tags=["cases"],
        summary="Decide a case",
        description="Late decisions are refused and not stored: 409 `claim_lost`, `decided`, `edited` or `erased`. "
        "The very same decision sent again under its claim answers what is stored. While it can be undone, or waits "
        "for a second person, the status is `decided` and `decision` is null.",
        request=DecideIn,
        responses=CaseOut,
        examples=[A_DECISION],
    )
    def post(self, request: Request, case_id: str) -> Response:
        act, case_id_ = self.body(DecideIn), self.found(case_id)
        reason = _reason(act.label) if act.label else None
        try:
            resolve_case(
                case_id=case_id_,
                moderator=_moderator(act.moderator),
                lease_token=act.lease_token,
                content_version=act.content_version,
                outcome=Outcome(act.outcome),
                reasoning=_reasoning(act, reason),
                private_note=act.private_note,
                label=act.label,
                via=self.principal.actor,
            )
        except StaleDecision as refusal:
            _unless_repeated(self.cases().get(pk=case_id_), act, reason, refusal)
        return Response(show_cases([self.cases().get(pk=case_id_)])[0])


def _reasoning(act: DecideIn, reason: RejectionReason | None) -> str:
    """What the author may be told: the platform's own words, or else those of the reason that it names."""
    return act.reasoning if act.reasoning.strip() or reason is None else reason.text


def _unless_repeated(case: ReviewCase, act: DecideIn, reason: RejectionReason | None, refusal: StaleDecision) -> None:
    """Raises the refusal, unless the same claim had decided the same in the same words: an answer that got lost."""
    decision = case.decision
    asked = (act.outcome, act.content_version, act.label, _reasoning(act, reason), act.private_note)
    stored = decision and (
        decision.outcome,
        decision.content_version,
        decision.label,
        decision.reasoning,
        decision.private_note,
    )
    if not refusal.own or asked != stored:
        raise refusal


def _moderator(username: str) -> User:
    """Whether the name is known is told to nobody: whoever may not decide is as good as absent."""
    person = find_moderator(username)
    if person is None:
        _refuse("/moderator", "is not the name of an active person of the console who may decide cases")
    return person


def _reason(label: str) -> RejectionReason:
    reason = find_reason(label)
    if reason is None:
        _refuse("/label", "is not the label of a rejection reason that is offered")
    return reason


def _queue(name: str) -> ReviewQueue:
    queue = ReviewQueue.objects.filter(slug=name).first()
    if queue is None:
        _refuse("/queue", "there is no queue of this name")
    return queue


def _refuse(pointer: str, detail: str) -> NoReturn:
    raise Problem("validation_failed", errors=[{"pointer": pointer, "code": "unknown_value", "detail": detail}])


def _held(case: ReviewCase, claim: HeldClaimOut) -> Response:
    return Response(HeldCaseOut(**{**detail_of(case), "claim": claim}))


def _claim(case: ReviewCase) -> HeldClaimOut:
    """The claim as it was granted; read again, the row might show a newer one that is somebody else's to know."""
    claim = claim_of(case)
    if claim is None or case.lease_token is None:
        raise Problem("claim_lost")
    return HeldClaimOut(**claim.model_dump(), lease_token=case.lease_token)
