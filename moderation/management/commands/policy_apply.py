"""Puts a policy document in force as a new, immutable version."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation.audit import actor_named
from moderation.in_force import apply_policy
from moderation.management.commands.policy_check import read_document_file, summary
from moderation.policy.faults import PolicyError
from moderation.policy.loader import load_policy
from moderation.policy.schema import Policy
from moderation.site_names import unknown_names


class Command(BaseCommand):
    help = "Puts a policy document in force. The next batch of every worker is judged by it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the policy document (YAML)")
        parser.add_argument("--by", metavar="NAME", help="who applies it, for the audit trail (default: you)")
        parser.add_argument("--policy", metavar="SLUG", help="refuse the document if it is of another policy")

    def handle(self, *args: Any, file: str, by: str | None, policy: str | None, **options: Any) -> None:
        source = read_document_file(file)
        compiled = self._load(source, file)
        if policy and policy != compiled.slug:
            raise CommandError(f"{file} is of policy '{compiled.slug}', not '{policy}'. Nothing was changed.")
        for warning in unknown_names(compiled).warnings():
            self.stderr.write(self.style.WARNING(f"{file}: warning: {warning}"))
        version, is_new = apply_policy(source=source, actor=actor_named(by or getpass.getuser()), name=file)
        if is_new:
            self.stdout.write(f"{version} is in force. {summary(compiled)}")
        else:
            self.stdout.write(f"Unchanged: {version} has this text and is in force already.")

    def _load(self, source: str, file: str) -> Policy:
        try:
            return load_policy(source, name=file)
        except PolicyError as error:
            raise CommandError(f"{error}\nNothing was changed.") from error
