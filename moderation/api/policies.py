"""Policies: what is in force and what was, and documents and samples tried without storing anything.

Policies belong to the whole site. They are put in force in the console or by ``manage.py policy_apply``.
"""

from collections.abc import Sequence

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.api.errors import Problem
from moderation.api.evaluation import evaluate_sample
from moderation.api.platform import PlatformView
from moderation.api.policy_shapes import (
    EvaluationOut,
    PolicyContentsOut,
    PolicyDetailOut,
    PolicyFaultOut,
    PolicyIn,
    PolicyPage,
    PolicySourceOut,
    PolicySummaryOut,
    PolicyVersionOut,
    PolicyVersionPage,
    SampleIn,
    UnknownNamesOut,
    ValidationOut,
)
from moderation.enums import Scope
from moderation.in_force import active_policies, detector_panel, image_panel
from moderation.models import Policy, PolicyVersion
from moderation.policy.faults import PolicyError
from moderation.policy.loader import load_policy
from moderation.policy.schema import Policy as CompiledPolicy
from moderation.site_names import unknown_names

TAG = ["policies"]
LARGEST_NUMBER = 2**31 - 1
DOCUMENT = """version: 1
policy: forum
rules:
  - {name: spam, when: {category: spam, at_least: 0.95}, then: reject, reason: Advertising}
  - {name: hate, when: {category: hate, at_least: 0.7}, then: review, queue: hate}
default: approve
"""


class PolicyView(PlatformView):
    """What the views of policies share."""

    scopes = {"GET": Scope.POLICIES_READ}

    def find(self, name: str) -> Policy:
        """The policy of this name. Raises Problem."""
        row = Policy.objects.filter(slug=name).select_related("active_version").first()
        if row is None:
            raise Problem("not_found")
        return row


class Policies(PolicyView):
    """/api/v1/policies."""

    @extend_schema(operation_id="listPolicies", tags=TAG, summary="Policies, by name", responses=PolicyPage)
    def get(self, request: Request) -> Response:
        def show(rows: Sequence[Policy]) -> list[PolicySummaryOut]:
            return [PolicySummaryOut(name=row.slug, version=_in_force(row)) for row in rows]

        rows = Policy.objects.select_related("active_version").defer("active_version__source")
        return self.page(rows, show, ordering=("slug",))


class PolicyDetail(PolicyView):
    """/api/v1/policies/{name}."""

    @extend_schema(operation_id="getPolicy", tags=TAG, summary="A policy and what it says", responses=PolicyDetailOut)
    def get(self, request: Request, name: str) -> Response:
        row = self.find(name)
        active = active_policies().get(row.pk)
        contents = PolicyContentsOut.of(active.rules) if active and not active.rules.faults else None
        return self.tagged(PolicyDetailOut(name=row.slug, version=_in_force(row), contents=contents))


class PolicyVersions(PolicyView):
    """/api/v1/policies/{name}/versions."""

    @extend_schema(
        operation_id="listPolicyVersions",
        tags=TAG,
        summary="Every version of a policy, newest first",
        responses=PolicyVersionPage,
    )
    def get(self, request: Request, name: str) -> Response:
        policy = self.find(name)
        rows: QuerySet[PolicyVersion] = policy.versions.defer("source")

        def show(found: Sequence[PolicyVersion]) -> list[PolicyVersionOut]:
            return [PolicyVersionOut.of(row, policy.active_version_id) for row in found]

        return self.page(rows, show, ordering=("-number",))


class PolicyVersionDetail(PolicyView):
    """/api/v1/policies/{name}/versions/{number}."""

    @extend_schema(
        operation_id="getPolicyVersion", tags=TAG, summary="One version with its text", responses=PolicySourceOut
    )
    def get(self, request: Request, name: str, number: int) -> Response:
        policy = self.find(name)
        row = policy.versions.filter(number=number).first() if number <= LARGEST_NUMBER else None
        if row is None:
            raise Problem("not_found")
        shown = PolicyVersionOut.of(row, policy.active_version_id)
        return self.tagged(PolicySourceOut(**shown.model_dump(), source=row.source))


class ValidatePolicy(PolicyView):
    """/api/v1/policies/validate."""

    scopes = {"POST": Scope.POLICIES_READ}
    changes_nothing = True

    @extend_schema(
        operation_id="validatePolicy",
        tags=TAG,
        summary="Check a policy document",
        description="200 for every document that can be read as text: its own faults are the answer, all at once.",
        request=PolicyIn,
        responses=ValidationOut,
        examples=[OpenApiExample("A document", {"source": DOCUMENT}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        return Response(_validate(self.body(PolicyIn).source))


class EvaluatePolicy(PolicyView):
    """/api/v1/policies/evaluate."""

    scopes = {"POST": Scope.POLICIES_READ}
    changes_nothing = True

    @extend_schema(
        operation_id="evaluatePolicy",
        tags=TAG,
        summary="Try a policy on a sample",
        description="Runs the detectors and the policy, and stores nothing. What was changed in lists and policies "
        "is seen within a second.",
        request=SampleIn,
        responses=EvaluationOut,
        examples=[
            OpenApiExample(
                "A new author", {"text": "Was it you who cooked?", "author": {"age_days": 0}}, request_only=True
            )
        ],
    )
    def post(self, request: Request) -> Response:
        return Response(evaluate_sample(self.body(SampleIn), client_id=self.principal.client_id))


def _in_force(row: Policy) -> PolicyVersionOut | None:
    return PolicyVersionOut.of(row.active_version, row.active_version_id) if row.active_version else None


def _validate(source: str) -> ValidationOut:
    try:
        policy = load_policy(source)
    except PolicyError as error:
        errors = [PolicyFaultOut.of(fault) for fault in error.faults]
        return ValidationOut(valid=False, errors=errors, warnings=[], contents=None, unknown=None)
    return ValidationOut(
        valid=True,
        errors=[],
        warnings=[PolicyFaultOut.of(fault) for fault in policy.warnings],
        contents=PolicyContentsOut.of(policy),
        unknown=_unknown(policy),
    )


def _unknown(policy: CompiledPolicy) -> UnknownNamesOut:
    names = unknown_names(policy)
    detectors = detector_panel().detectors.values()
    looked_for = image_panel().categories.union(*(detector.categories for detector in detectors))
    return UnknownNamesOut(
        queues=list(names.queues),
        term_lists=list(names.term_lists),
        hash_banks=list(names.hash_banks),
        categories=sorted(policy.categories - looked_for),
    )
