"""Decisions: the record of what was decided and why, and overriding it with a reason."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from moderation.api.decision_shapes import (
    DecisionDetailOut,
    DecisionOut,
    DecisionPage,
    DecisionQuery,
    OverrideIn,
    ResultOut,
)
from moderation.api.platform import PlatformView, find
from moderation.api.references import conflict, lock_content
from moderation.enums import Outcome, Scope
from moderation.models import Decision
from moderation.review.override import override_decision
from moderation.review.refusals import ActRefused

TAG = ["decisions"]
A_QUOTATION = OpenApiExample(
    "A quotation",
    {"external_id": "comment-18", "outcome": "approve", "reasoning": "It quotes what it criticises."},
    request_only=True,
)


class DecisionView(PlatformView):
    """What the views of decisions share: only those about the caller's own contents, and in effect, are there."""

    def decisions(self) -> QuerySet[Decision]:
        rows = (
            Decision.objects.in_effect().filter(content__client_id=self.principal.client_id).select_related("content")
        )
        # A private note never leaves the console.
        return rows.select_related("content").defer("private_note", "content__text", "content__metadata")


class Decisions(DecisionView):
    """/api/v1/decisions."""

    scopes = {"GET": Scope.DECISIONS_READ, "POST": Scope.DECISIONS_WRITE}

    @extend_schema(
        operation_id="listDecisions",
        tags=TAG,
        summary="Decisions, newest first",
        parameters=[DecisionQuery],  # type: ignore[list-item]  # the stubs know serializers alone
        responses=DecisionPage,
    )
    def get(self, request: Request) -> Response:
        return self.page(self.decisions().filter(**self.query(DecisionQuery).conditions()), _show)

    @extend_schema(
        operation_id="overrideDecision",
        tags=TAG,
        summary="Decide a content yourself",
        description="Overrides the newest decision and closes an open case, whoever holds it; open reports are upheld "
        "by a rejection and dismissed by an approval. 409 while the content is being moderated (`Retry-After`), once "
        "it is erased, or when `if_decision_id` is not the newest decision.",
        request=OverrideIn,
        responses={201: DecisionOut},
        examples=[A_QUOTATION],
    )
    @transaction.atomic
    def post(self, request: Request) -> Response:
        sent = self.body(OverrideIn)
        content = lock_content(self.principal.client_id, sent)
        try:
            decision = override_decision(
                content=content,
                outcome=Outcome(sent.outcome),
                reasoning=sent.reasoning,
                actor=self.principal.actor,
                expected_id=sent.if_decision_id,
            )
        except ActRefused as refusal:
            raise conflict(refusal) from refusal
        location = reverse("decision-detail", args=[decision.pk])
        return Response(DecisionOut.of(decision), status=201, headers={"Location": location})


class DecisionDetail(DecisionView):
    """/api/v1/decisions/{id}."""

    scopes = {"GET": Scope.DECISIONS_READ}

    @extend_schema(
        operation_id="getDecision",
        tags=TAG,
        summary="One decision, what it replaced and what it rests on",
        responses=DecisionDetailOut,
    )
    def get(self, request: Request, decision_id: str) -> Response:
        found = find(self.decisions().select_related("result__policy_version__policy"), decision_id)
        others = list(self.decisions().filter(content=found.content_id))
        shown = DecisionDetailOut(
            **DecisionOut.facts(found),
            overridden=_show(_overridden(found, others)),
            overridden_by=next((other.pk for other in others if other.overrides_id == found.pk), None),
            result=ResultOut.of(found.result) if found.result else None,
        )
        return Response(shown)


def _overridden(decision: Decision, others: Sequence[Decision]) -> list[Decision]:
    """The chain of what was replaced, newest first."""
    by_id = {other.pk: other for other in others}
    chain = []
    while decision.overrides_id:
        decision = by_id[decision.overrides_id]
        chain.append(decision)
    return chain


def _show(rows: Sequence[Decision]) -> list[DecisionOut]:
    return [DecisionOut.of(row) for row in rows]
