"""`manage.py adapter_train`: the text model learns from what moderators decided, where that makes it better."""

import getpass
from argparse import ArgumentParser, BooleanOptionalAction
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from moderation.audit import actor_named
from moderation.site_adapter.activation import AdapterError

if TYPE_CHECKING:
    from moderation.site_adapter.training import TrainingReport

_LINE = "{:<12} {:>8} {:>8}  {:>6} {:>7}  {:>6} {:>7}  {}"


class Command(BaseCommand):
    help = (
        "Fits a small head a category from the moderators' decisions, tries it on decisions that it was not fitted on, "
        "and puts in force those that beat the base model."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Fit and measure; keep nothing.")
        parser.add_argument("--category", action="append", default=[], help="Only this one; may be given again.")
        parser.add_argument(
            "--activate", action=BooleanOptionalAction, help="Put in force what won (default: site_adapter.activate)."
        )
        parser.add_argument("--by", metavar="NAME", help="who trains, for the audit trail (default: you)")

    def handle(self, *args: Any, **options: Any) -> None:
        # Not at the top: the other commands shall not load the text model.
        from moderation.site_adapter.training import train

        try:
            report = train(
                actor=actor_named(options["by"] or getpass.getuser()),
                categories=options["category"],
                activate=options["activate"],
                dry_run=options["dry_run"],
            )
        except AdapterError as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        self._show(report)
        self.stdout.write(_outcome(report, options["dry_run"]))

    def _show(self, report: "TrainingReport") -> None:
        left_out = f" {report.left_out:,} older ones were left out: no more time or room." if report.left_out else ""
        self.stdout.write(f"{report.examples:,} decided texts, {report.background:,} in the background.{left_out}")
        headings = ("category", "rejected", "approved", "AUPRC", "adapter", "Brier", "adapter", "outcome")
        self.stdout.write(_LINE.format(*headings))
        for line in report.report:
            values = [*line["auprc"], *line["brier"][:2]] if "auprc" in line else []
            shown = [f"{value:.3f}" for value in values] or ["-"] * 4
            outcome = _won(line) if line["won"] else f"base: {line['reason']}"
            self.stdout.write(_LINE.format(line["category"], line["positives"], line["negatives"], *shown, outcome))


def _won(line: dict[str, Any]) -> str:
    kept = f", kept from version {line['kept_from']}" if "kept_from" in line else ""
    return "adapter" + (", the transformer reads every text" if line["everywhere"] else "") + kept


def _outcome(report: "TrainingReport", dry_run: bool) -> str:
    if dry_run:
        return "Dry run: nothing was changed."
    if report.adapter is None:
        return "No category has examples enough: nothing was changed."
    if report.activated:
        return f"Version {report.adapter.number} is in force."
    if report.adapter.heads:
        return f"Version {report.adapter.number} was kept and not put in force: look at it in the console."
    return f"No category won. Version {report.adapter.number} keeps the report; what was in force stays."
