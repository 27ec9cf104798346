"""The written rules: what is in force, what was, and what a document would say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from reviewengine_client.calls import Call, R, Resource, many, one

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from reviewengine_client.shapes import (
        EvaluationOut,
        PolicyDetailOut,
        PolicySourceOut,
        PolicySummaryOut,
        PolicyVersionOut,
        SampleIn,
        ValidationOut,
    )


class Policies(Resource[R]):
    @many("listPolicies", "GET", "/api/v1/policies")
    def list(self) -> Iterable[Call[PolicySummaryOut]]:
        """The policies, each with the version in force."""
        return [Call()]

    @one("getPolicy", "GET", "/api/v1/policies/{name}")
    def get(self, name: str) -> Call[PolicyDetailOut]:
        """A policy with what the version in force says."""
        return Call((name,))

    @many("listPolicyVersions", "GET", "/api/v1/policies/{name}/versions")
    def versions(self, name: str) -> Iterable[Call[PolicyVersionOut]]:
        """The versions of a policy, newest first."""
        return [Call((name,))]

    @one("getPolicyVersion", "GET", "/api/v1/policies/{name}/versions/{number}")
    def version(self, name: str, number: int) -> Call[PolicySourceOut]:
        """A version with its text."""
        return Call((name, str(number)))

    @one("validatePolicy", "POST", "/api/v1/policies/validate")
    def validate(self, source: str) -> Call[ValidationOut]:
        """Checks a document without storing it: every fault with its line, and the mend."""
        return Call(body={"source": source})

    @one("evaluatePolicy", "POST", "/api/v1/policies/evaluate")
    def evaluate(self, **sample: Unpack[SampleIn]) -> Call[EvaluationOut]:
        """What detectors and a policy, or a document, say of a sample. Nothing of it is stored."""
        return Call(body=sample)
