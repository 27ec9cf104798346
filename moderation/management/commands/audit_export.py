"""`manage.py audit_export`: the record as a file that a third party can verify; the export is in the record itself."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from moderation.audit import record_audit, seal_entries
from moderation.audit.export import Format, export_lines
from moderation.audit.search import AuditQuery, find_entries
from moderation.enums import SubjectType


class Command(BaseCommand):
    help = "Writes the audit trail, or a part of it, as JSON lines (verifiable) or CSV, oldest entry first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--output", type=Path, help="the file to write, which must not exist (default: standard output)"
        )
        parser.add_argument("--format", choices=[form.value for form in Format], default=Format.JSONL.value)
        parser.add_argument("--actor", default="", help="who: user:alice, policy:default@3, key:re_1a2b3c4d, system")
        parser.add_argument(
            "--action", default="", help="what: decision.recorded, policy.activated, content.viewed ..."
        )
        parser.add_argument("--about", default="", metavar="TYPE:ID", help="about what: review_queue:3")
        parser.add_argument(
            "--content", metavar="ID", help="all that concerns this content: views, decisions, cases, reports"
        )
        parser.add_argument("--request", default="", metavar="ID", help="written in this request")
        parser.add_argument("--since", help="from this moment on: 2026-01-31 or 2026-01-31T12:00 (UTC)")
        parser.add_argument("--until", help="before this moment")

    def handle(self, *args: Any, output: Path | None, format: str, **options: Any) -> None:  # noqa: A002
        query = AuditQuery(
            actor=options["actor"],
            action=options["action"],
            about=options["about"],
            content=_uuid(options["content"]),
            request=options["request"],
            since=_moment("--since", options["since"]),
            until=_moment("--until", options["until"]),
        )
        record_audit(
            action="audit.exported",
            actor="system",
            subject_type=SubjectType.AUDIT_ENTRY,
            subject_id="*",
            data={"format": format, "filters": query.as_facts()},
        )
        seal_entries()
        lines = export_lines(find_entries(query), Format(format))
        if output is None:
            sys.stdout.writelines(lines)
            return
        try:
            with output.open("x", encoding="utf-8", newline="") as file:
                count = sum(1 for line in lines if file.write(line))
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
        self.stderr.write(f"{count} lines in {output}.")


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise CommandError("--content is the id of a content, as the console shows it.") from error


def _moment(option: str, text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{option} is a date such as 2026-01-31, with a time after a T if you like.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
