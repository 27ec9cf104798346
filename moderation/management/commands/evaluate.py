"""`manage.py evaluate FILE...`: how good detectors and policy are on labelled texts, as tables, JSON or a page."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from moderation.detectors.base import DetectorConfigError
from moderation.detectors.panel import Panel
from moderation.enums import Category
from moderation.evaluation.labelled import LabelledFile, LabelledFileFault, category_of, read_labelled
from moderation.evaluation.report import Report
from moderation.evaluation.tables import as_markdown, as_text, file_tables, general_tables
from moderation.in_force import DEFAULT_SLUG
from moderation.management.commands.policy_check import read_document_file
from moderation.management.evaluation_run import (
    Judge,
    configured_panel,
    judge_from_file,
    judge_in_force,
    measure,
    notes,
    page,
    panel_in_force,
    shipped_judge,
)
from moderation.policy.faults import PolicyError
from reviewengine import conf

ALONE = 300
REMOTE = "remote"


class Command(BaseCommand):
    help = (
        "Measures the detectors and the policy in force on labelled texts; changes nothing and shows no text. Each "
        'FILE is JSON lines, plain or .gz: {"text": "...", "labels": {"toxicity": 1, "spam": 0}}, optionally with '
        '"language" and "group". A label that is left out is unknown.'
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="labelled texts, JSON lines, plain or .gz")
        parser.add_argument("--label", metavar="CATEGORY", default="", help='what a plain "label" of 0 or 1 speaks of')
        parser.add_argument("--policy", metavar="NAME|FILE", help="a policy in force, or a document (.yml)")
        parser.add_argument("--no-database", action="store_true", help="the shipped policy, and no term lists")
        parser.add_argument("--remote", action="store_true", help="let an enabled remote detector see the texts")
        parser.add_argument("--json", metavar="FILE", type=Path, help="write all numbers there")
        parser.add_argument("--html", metavar="FILE", type=Path, help="write a page with curves there")
        parser.add_argument("--markdown", action="store_true", help="print the tables as Markdown")
        parser.add_argument("--alone", metavar="N", type=int, default=ALONE, help="texts to time one by one (0: none)")

    def handle(self, *args: Any, files: list[str], **options: Any) -> None:
        check_places(options["json"], options["html"])
        labelled = _read(files, options["label"])
        ask_before_sending(allowed=options["remote"])
        judge, panel = _in_force(options["policy"], with_database=not options["no_database"])
        report = measure(labelled, panel, judge, alone=max(options["alone"], 0))
        self.stdout.write("\n\n".join(_printed(report, markdown=options["markdown"])))
        self._write(options["json"], lambda: orjson.dumps(report.to_json(), option=orjson.OPT_INDENT_2))
        self._write(options["html"], lambda: page(report).encode())

    def _write(self, path: Path | None, content: Any) -> None:
        if path:
            path.write_bytes(content())
            self.stderr.write(f"Written: {path}")


def check_places(*paths: Path | None) -> None:
    """Raises CommandError for a file that cannot be written: before minutes of work, not after."""
    for path in filter(None, paths):
        if path.is_dir() or not path.absolute().parent.is_dir():
            raise CommandError(f"{path} cannot be written: name a file in a folder that exists.")


def ask_before_sending(*, allowed: bool) -> None:
    """Raises CommandError where texts would leave the house and nobody has said that they may."""
    remote = conf.load().detectors.get(REMOTE)
    if remote and remote.enabled and not allowed:
        raise CommandError(
            "The remote detector is enabled: it would send texts of the files to another service and spend its budget. "
            "Allow it with --remote, or leave it out with REVIEWENGINE_DETECTORS__REMOTE__ENABLED=false."
        )


def _read(files: Sequence[str], label: str) -> list[LabelledFile]:
    category = category_of(label) if label else ""
    if category is None:
        raise CommandError(f"There is no category '{label}'. There are: {', '.join(Category.values)}.")
    try:
        longest = conf.load().api.max_text_characters
        return [read_labelled(Path(name), label=category, longest=longest) for name in files]
    except LabelledFileFault as fault:
        raise CommandError(f"{fault} Nothing was measured.") from fault


def _in_force(policy: str | None, *, with_database: bool) -> tuple[Judge, Panel]:
    try:
        return _judge(policy, with_database=with_database), panel_in_force() if with_database else configured_panel()
    except DetectorConfigError as error:
        raise CommandError(str(error)) from error
    except OperationalError as error:
        raise CommandError(
            "PostgreSQL cannot be used, so what is in force is not known. Start the stack (`make run`), or measure "
            "the shipped policy and the configured detectors with --no-database."
        ) from error


def _judge(wanted: str | None, *, with_database: bool) -> Judge:
    if wanted and wanted.endswith((".yml", ".yaml")):
        try:
            return judge_from_file(Path(wanted), read_document_file(wanted))
        except PolicyError as error:
            raise CommandError(str(error)) from error
    if with_database:
        try:
            found = judge_in_force(wanted or DEFAULT_SLUG)
        except PolicyError as error:  # stored by an older release
            raise CommandError(str(error)) from error
        if found:
            return found
    if wanted:
        raise CommandError(f"No policy '{wanted}' is in force here. Name one that is, or a document ending in .yml.")
    return shipped_judge()


def _printed(report: Report, *, markdown: bool) -> Iterator[str]:
    shown, heading = (as_markdown, "## ") if markdown else (as_text, "")
    if markdown:
        yield "# Evaluation\nMade by `manage.py evaluate --markdown`, not by hand."
    for file in report.files:
        yield f"{heading}{file.name}: {file.texts:,} texts"
        yield from (f"Note: {note}." for note in notes(file))
        yield from map(shown, file_tables(file))
    if markdown:
        yield "## All files"
    yield from map(shown, general_tables(report))
