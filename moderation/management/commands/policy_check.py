"""Checks policy documents: every fault with its line, or what the policy does."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from moderation.policy.faults import PolicyError
from moderation.policy.loader import load_policy
from moderation.policy.schema import Policy
from moderation.site_names import unknown_names


class Command(BaseCommand):
    help = "Checks policy documents without changing anything. Exit status 1 when one of them has faults."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="a policy document (YAML)")

    def handle(self, *args: Any, files: list[str], **options: Any) -> None:
        refused = [name for name in files if not self._check(name)]
        if refused:
            raise CommandError(f"{len(refused)} of {len(files)} documents cannot be used.")

    def _check(self, name: str) -> bool:
        try:
            policy = load_policy(read_document_file(name), name=name)
        except PolicyError as error:
            self.stderr.write(str(error))
            return False
        for warning in policy.warnings:
            self.stderr.write(self.style.WARNING(f"{name}: warning: {warning}"))
        for words in _site_warnings(policy):
            self.stderr.write(self.style.WARNING(f"{name}: warning: {words}"))
        self.stdout.write(f"{name}: OK. {summary(policy)}")
        return True


def _site_warnings(policy: Policy) -> list[str]:
    """Names that this site does not have. A document may be checked where there is no site, as in its repository."""
    try:
        return list(unknown_names(policy).warnings())
    except DatabaseError:
        return ["without the database nobody can say whether its queues, term lists and hash banks are there"]


def read_document_file(name: str) -> str:
    """The text of a policy file. Raises CommandError when it cannot be read or is not UTF-8."""
    try:
        return Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(f"Cannot read {name}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{name} is not UTF-8 text (byte {error.start}). Save it as UTF-8.") from error


def summary(policy: Policy) -> str:
    """The policy in one line."""
    outcomes = [rule.effect.outcome.value for rule in policy.rules]
    counts = ", ".join(f"{outcomes.count(outcome)} {outcome}" for outcome in dict.fromkeys(outcomes))
    count = "1 rule" if len(policy.rules) == 1 else f"{len(policy.rules)} rules"
    queues = ", ".join(sorted(policy.queues))
    return f"Policy '{policy.slug}': {count} ({counts}), default {policy.default.outcome.value}; queues {queues}."
