"""Builders of facts and policies for the tests of step 4."""

from typing import Any

from moderation.enums import Category
from moderation.policy.facts import Facts
from moderation.policy.faults import PolicyError
from moderation.policy.loader import load_policy
from moderation.policy.schema import Policy


def read(scores: dict[str, float] | None = None, **facts: Any) -> Facts:
    """Facts of a content that every detector has read: 0 wherever ``scores`` says nothing else."""
    return Facts(scores={**dict.fromkeys(Category.values, 0.0), **(scores or {})}, **facts)


def policy(rules: str, *, default: str = "approve", more: str = "") -> Policy:
    """The policy with these rules, each a line in flow style."""
    lines = "\n".join(f"  - {line}" for line in rules.strip().splitlines())
    return load_policy(f"version: 1\npolicy: test\nrules:\n{lines}\ndefault: {default}\n{more}")


def when(condition: str) -> Policy:
    """A policy with one rule, ``hit``, that rejects under this condition (flow style)."""
    return policy(f"{{name: hit, when: {condition}, then: reject}}")


def faults_of(source: str) -> list[str]:
    """Every fault of a document that must be refused, as the user reads it."""
    try:
        load_policy(source)
    except PolicyError as error:
        return [str(fault) for fault in error.faults]
    raise AssertionError("the document was accepted")


def faults_when(condition: str) -> list[str]:
    """The faults of a document whose only rule, on line 4, has this condition (flow style)."""
    rule = f"- {{name: hit, when: {condition}, then: reject}}"
    return faults_of(f"version: 1\npolicy: test\nrules:\n  {rule}\ndefault: approve\n")
