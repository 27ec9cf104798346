"""`manage.py scores_compare FILE`: how our scores differ from those another service gave, and where thresholds go."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from tqdm import tqdm

from moderation.detectors.base import DetectorConfigError
from moderation.detectors.panel import Panel
from moderation.evaluation.old_scores import OldScores, OldScoresFault, read_old_scores
from moderation.evaluation.tables import as_markdown, as_text
from moderation.management.commands.evaluate import ask_before_sending, check_places
from moderation.management.comparison_run import ComparisonRun, as_json, notes, tables
from moderation.management.evaluation_run import configured_panel, panel_in_force
from reviewengine import conf

USUAL = 0.8  # what Coral and many others start with


class Command(BaseCommand):
    help = (
        "Scores the texts of FILE here and compares with the scores that it holds, for whoever moves from Perspective "
        "or OpenAI; changes nothing, stores nothing and shows no text. FILE is JSON lines or CSV with a header (.csv), "
        'also as .gz: {"text": "...", "scores": {"TOXICITY": 0.83}}, or with "attributeScores" as Perspective '
        'answered them, or with "category_scores" as OpenAI did.'
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="old scores")
        parser.add_argument(
            "--threshold",
            metavar="[NAME=]SCORE",
            action="append",
            default=[],
            help=f"from which old score on you act, for one name or for all; several may be given (default {USUAL})",
        )
        parser.add_argument("--no-database", action="store_true", help="without the site's term lists and adapter")
        parser.add_argument("--remote", action="store_true", help="let an enabled remote detector see the texts")
        parser.add_argument("--json", metavar="FILE", type=Path, help="write all numbers there")
        parser.add_argument("--markdown", action="store_true", help="print the tables as Markdown")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        thresholds = _thresholds(options["threshold"])
        check_places(options["json"])
        ask_before_sending(allowed=options["remote"])
        _check_names(thresholds, file)
        run = ComparisonRun(_panel(with_database=not options["no_database"]))
        try:
            with tqdm(desc="scored", unit=" texts", disable=None) as bar:
                run.read(_lines(file), bar.update)
        except OldScoresFault as fault:
            raise CommandError(f"{fault} Nothing was compared.") from fault
        self._show(run, thresholds, options["json"], markdown=options["markdown"])

    def _show(
        self, run: ComparisonRun, thresholds: dict[str, list[float]], place: Path | None, *, markdown: bool
    ) -> None:
        told = [f"Note: {note}." for note in notes(run)]
        if not run.pairs:
            raise CommandError("\n".join(["The file holds no text with a score that can be compared.", *told]))
        compared = run.compared(thresholds, thresholds.get("") or [USUAL])
        shown = as_markdown if markdown else as_text
        heading = f"{run.texts:,} texts compared."
        self.stdout.write("\n\n".join(["\n".join([heading, *told]), *map(shown, tables(run, compared))]))
        if place:
            place.write_bytes(orjson.dumps(as_json(run, compared), option=orjson.OPT_INDENT_2))
            self.stderr.write(f"Written: {place}")


def _thresholds(given: list[str]) -> dict[str, list[float]]:
    """By name in upper case; those for every name under the empty one."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    for one in given:
        name, _, score = one.rpartition("=")
        try:
            value = float(score)
        except ValueError:
            value = -1.0
        if not 0 <= value <= 1:
            raise CommandError(f"--threshold {one}: write it as TOXICITY=0.8, or as 0.8 for every name.")
        found[name.strip().upper()].append(value)
    return dict(found)


def _lines(file: Path) -> Iterator[OldScores]:
    return read_old_scores(file, longest=conf.load().api.max_text_characters)


def _check_names(thresholds: Mapping[str, object], file: Path) -> None:
    """Reads the file once before anything is scored, where a name may be misspelt. Raises CommandError."""
    wanted = thresholds.keys() - {""}
    if not wanted:
        return
    try:
        names = {name for line in _lines(file) for name in line.scores}
    except OldScoresFault as fault:
        raise CommandError(f"{fault} Nothing was compared.") from fault
    if unknown := sorted(wanted - {name.upper() for name in names}):
        held = ", ".join(sorted(names)) or "no scores"
        raise CommandError(f"--threshold {', '.join(unknown)}: the file has no such scores. It has {held}.")


def _panel(*, with_database: bool) -> Panel:
    try:
        return panel_in_force() if with_database else configured_panel()
    except DetectorConfigError as error:
        raise CommandError(str(error)) from error
    except OperationalError as error:
        raise CommandError(
            "PostgreSQL cannot be used, so what is in force is not known. Start the stack (`make run`), or compare "
            "with the configured detectors alone by --no-database."
        ) from error
