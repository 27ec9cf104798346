"""The report as tables of plain words: one definition for the terminal, for Markdown and for the page."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from moderation.evaluation.measures import AtThreshold
from moderation.evaluation.report import CategoryQuality, FileReport, PolicyQuality, Report
from moderation.evaluation.slices import Slice

NOTHING = "-"
UNKNOWN_LANGUAGE = "too short to tell"
MOST_LANGUAGES = 5


@dataclass(frozen=True, slots=True)
class Table:
    """A title, the column heads, and rows whose first cell names the row. ``note`` explains what needs it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def file_tables(file: FileReport) -> list[Table]:
    """What there is to say of one file."""
    tables = [_ranking(file), _thresholds(file), _policy(file), _languages(file)]
    return [table for table in tables if table.rows]


def general_tables(report: Report) -> list[Table]:
    """What holds for all files: bias, speed, versions, machine."""
    tables = [_slices(report.slices), _speed(report), _versions(report), _machine(report)]
    return [table for table in tables if table.rows]


def as_text(table: Table) -> str:
    """For the terminal: columns aligned, names to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(table.columns, *table.rows, strict=True)]
    lines = ["  ".join(_aligned(row, widths)).rstrip() for row in (table.columns, *table.rows)]
    note = [table.note] if table.note else []
    return "\n".join([table.title, *(f"  {line}" for line in [*lines, *note])])


def as_markdown(table: Table) -> str:
    """For the model card."""
    rule = ["---", *("---:" for _ in table.columns[1:])]
    lines = ["| " + " | ".join(map(_escaped, row)) + " |" for row in (table.columns, rule, *table.rows)]
    note = ["", table.note] if table.note else []
    return "\n".join([f"**{_escaped(table.title)}**", "", *lines, *note])


def _aligned(row: Sequence[str], widths: Sequence[int]) -> Iterable[str]:
    return (
        cell.ljust(width) if at == 0 else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(row, widths, strict=True))
    )


def _escaped(cell: str) -> str:
    return cell.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def number(value: float | None, digits: int = 3) -> str:
    """A number with so many digits after the point; a dash for what is none."""
    return NOTHING if value is None or math.isnan(value) else f"{value:.{digits}f}"


def percent(value: float | None) -> str:
    """A share in per cent; a dash for what is none."""
    return NOTHING if value is None or math.isnan(value) else f"{value:.1%}"


def _ranking(file: FileReport) -> Table:
    columns = ("category", "positive", "of", "unread", "AUPRC", "ROC-AUC", "calibration error")
    rows = [
        (
            one.category, f"{one.positives:,}", f"{one.texts:,}", f"{one.unread:,}",
            number(one.auprc), number(one.roc), number(one.calibration_error),
        )
        for one in file.categories
    ]  # fmt: skip
    note = "Unread texts are labelled, but no enabled detector covers the category in their language, or it failed."
    return Table("How well the scores rank", columns, tuple(rows), note if _any_unread(file) else "")


def _any_unread(file: FileReport) -> bool:
    return any(one.unread for one in file.categories)


def _thresholds(file: FileReport) -> Table:
    columns = ("category, threshold", "score from", "precision", "recall", "F1", "false positives", "acted on")
    rows = [row for one in file.categories for row in _threshold_rows(one)]
    return Table("What happens from a score on", columns, tuple(rows))


def _threshold_rows(one: CategoryQuality) -> list[tuple[str, ...]]:
    found = {
        "policy reviews": one.at_review,
        "policy rejects": one.at_reject,
        "1 % false positives": one.at_few_false,
        "best F1": one.at_best_f1,
    }
    return [(f"{one.category}, {what}", number(at.threshold), *_at_cells(at)) for what, at in found.items() if at]


def _at_cells(at: AtThreshold) -> tuple[str, ...]:
    rate = percent(at.false_positive_rate)
    return number(at.precision), number(at.recall), number(at.f1), rate, f"{at.acted_on:,}"


def _policy(file: FileReport) -> Table:
    columns = ("label, outcome", "share", "precision", "recall", "F1", "false positives", "acted on")
    rows = [row for one in file.policy for row in _policy_rows(one)]
    shares = ", ".join(f"{name} {_share(count, file.texts)}" for name, count in file.outcomes.items())
    return Table("What the policy does", columns, tuple(rows), f"Of all texts: {shares}.")


def _policy_rows(one: PolicyQuality) -> list[tuple[str, ...]]:
    found = {"flagged": one.flagged, "rejected": one.rejected}
    return [(f"{one.label}, {what}", _share(at.acted_on, one.texts), *_at_cells(at)) for what, at in found.items()]


def _share(count: int, total: int) -> str:
    return percent(count / total) if total else NOTHING


def _languages(file: FileReport) -> Table:
    """Only where a file is not all in one language."""
    counts = [(name or UNKNOWN_LANGUAGE, count) for name, count in file.languages.items()]
    rest = sum(count for _, count in counts[MOST_LANGUAGES:])
    shown = [*counts[:MOST_LANGUAGES], *([("others", rest)] if rest else [])]
    rows = tuple((name, f"{count:,}") for name, count in shown) if len(shown) > 1 else ()
    return Table("Languages identified", ("language", "texts"), rows)


def _slices(found: Sequence[Slice]) -> Table:
    columns = (
        "category, slice", "texts", "positive", "score from", "false positives", "elsewhere",
        "subgroup AUC", "BPSN AUC", "BNSP AUC",
    )  # fmt: skip
    rows = [
        (
            f"{one.category}, {one.name}", f"{one.texts:,}", f"{one.positives:,}", number(one.threshold),
            percent(one.false_positive_rate), percent(one.background_rate),
            number(one.subgroup_auc), number(one.bpsn_auc), number(one.bnsp_auc),
        )
        for one in found
    ]  # fmt: skip
    note = (
        "Texts of all files that mention an identity by name, or that a file puts in a group. BPSN: harmless texts of "
        "the slice against harmful ones elsewhere; low where a mention raises the score. BNSP: the other way round."
    )
    return Table("Bias by slice", columns, tuple(rows), note)


def _speed(report: Report) -> Table:
    one = report.latency
    alone = [
        ("mean", f"{number(one.mean, 2)} ms"),
        ("p50", f"{number(one.p50, 2)} ms"),
        ("p95", f"{number(one.p95, 2)} ms"),
        ("p99", f"{number(one.p99, 2)} ms"),
    ]
    rows = [(f"one text alone, {name}", value) for name, value in alone] if one.texts else []
    rows += [(f"{file.name}, in batches", f"{file.texts_a_second:,.0f} texts a second") for file in report.files]
    note = f"Alone: {one.texts:,} texts of {one.mean_characters:,.0f} characters on average." if one.texts else ""
    return Table("Speed of the detectors", ("what", "value"), tuple(rows), f"{note} Batches of {report.batch}.".strip())


def _versions(report: Report) -> Table:
    rows = {"policy": report.policy, "panel": report.panel, **report.detectors}
    return _pairs("Versions", rows, f"Measured {report.made_at}.")


def _machine(report: Report) -> Table:
    one = report.machine
    rows = {
        "processor": one.processor,
        "cores for this process": str(one.cores),
        "load before": number(one.load, 1),
        "memory, GiB": number(one.memory_gib, 1),
        "system": one.system,
        "python, numpy": f"{one.python}, {one.numpy}",
    }
    return _pairs("Machine", rows)


def _pairs(title: str, rows: Mapping[str, str], note: str = "") -> Table:
    return Table(title, ("what", "value"), tuple(rows.items()), note)
