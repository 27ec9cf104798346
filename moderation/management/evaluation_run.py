"""One evaluation: which panel and policy are meant, the files read and measured, and the report as a page."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db.models import F
from django.template.loader import render_to_string
from tqdm import tqdm

from moderation.detectors.panel import Panel
from moderation.evaluation import drawing
from moderation.evaluation.labelled import LabelledFile
from moderation.evaluation.readings import BATCH, read
from moderation.evaluation.report import FileReport, Report, file_report, slice_report
from moderation.evaluation.speed import latency, machine
from moderation.evaluation.tables import Table, file_tables, general_tables, number
from moderation.in_force import DEFAULT_SLUG, SHIPPED_POLICY, detector_panel
from moderation.models import PolicyVersion
from moderation.policy.loader import load_policy
from moderation.policy.schema import Policy
from reviewengine import conf


@dataclass(frozen=True, slots=True)
class Judge:
    """A policy and how it is called in the report."""

    policy: Policy
    label: str


def configured_panel() -> Panel:
    """The configured detectors, without the lists that a site keeps in its database."""
    from moderation.detectors.registry import build_panel

    return build_panel(conf.load().detectors)


def panel_in_force() -> Panel:
    """The detectors as the workers use them, the site's term lists included."""
    return detector_panel()


def judge_from_file(path: Path, source: str) -> Judge:
    """The policy of a document. Raises PolicyError with every fault."""
    policy = load_policy(source, name=str(path))
    return Judge(policy, f"{policy.slug} ({path.name}, sha256 {hashlib.sha256(source.encode()).hexdigest()[:12]})")


def shipped_judge() -> Judge:
    """The policy that a new site starts with."""
    return judge_from_file(SHIPPED_POLICY, SHIPPED_POLICY.read_text(encoding="utf-8"))


def judge_in_force(slug: str = DEFAULT_SLUG) -> Judge | None:
    """The version in force of the policy ``slug``; None where there is none. Reads only."""
    version = PolicyVersion.objects.filter(policy__active_version=F("pk"), policy__slug=slug).first()
    return Judge(load_policy(version.source, name=slug), f"{slug}@{version.number}") if version else None


def measure(files: Sequence[LabelledFile], panel: Panel, judge: Judge, *, alone: int) -> Report:
    """Reads every file and measures; ``alone`` is how many texts are read one by one for the latency."""
    where = machine()
    panel.warm_up()
    with tqdm(desc="read in batches", unit=" texts", total=sum(len(file.rows) for file in files), disable=None) as bar:
        done = [(file, read(file.rows, panel, judge.policy, advance=bar.update)) for file in files]
    with tqdm(desc="read alone     ", unit=" texts", disable=None) as bar:
        texts = [row.text for file in files for row in file.rows]
        took = latency(texts, panel, at_most=alone, advance=bar.update)
    return Report(
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        policy=judge.label,
        panel=panel.version,
        detectors=dict(panel.versions),
        machine=where,
        batch=BATCH,
        latency=took,
        files=tuple(file_report(file, readings, judge.policy) for file, readings in done),
        slices=slice_report(done, judge.policy),
    )


def notes(file: FileReport) -> list[str]:
    """What a reader must know of a file before its numbers: labels that were not understood, readings that failed."""
    found = [
        f'label "{name}" is no category: ignored in {count:,} texts' for name, count in file.ignored_labels.items()
    ]
    found += [f"{what}: {count:,} texts were not read by it" for what, count in file.failures.items()]
    return found


def page(report: Report) -> str:
    """The report as one HTML page that needs nothing else."""
    return render_to_string("moderation/evaluation/page.html", {**_frame(), **_content(report)})


def _content(report: Report) -> dict[str, Any]:
    files = [
        {"report": file, "notes": notes(file), "tables": file_tables(file), "drawings": _drawings(file)}
        for file in report.files
    ]
    return {"report": report, "files": files, "tables": general_tables(report)}


def _drawings(file: FileReport) -> list[dict[str, Any]]:
    return [
        {"category": one.category, "charts": drawing.charts(one), "reliability": _reliability_table(one.reliability)}
        for one in file.categories
        if one.texts
    ]


def _reliability_table(points: Sequence[Any]) -> Table:
    rows = tuple((number(one.mean_score), number(one.positive), f"{one.texts:,}") for one in points)
    return Table("Reliability", ("mean score", "share positive", "texts"), rows)


def _frame() -> dict[str, Any]:
    """Where the axes of every chart lie."""
    right, bottom = drawing.LEFT + drawing.SIDE, drawing.TOP + drawing.SIDE
    return {
        "grid": drawing.GRID,
        "width": drawing.WIDTH,
        "height": drawing.HEIGHT,
        "left": drawing.LEFT,
        "top": drawing.TOP,
        "right": right,
        "bottom": bottom,
        "middle_x": (drawing.LEFT + right) / 2,
        "middle_y": (drawing.TOP + bottom) / 2,
    }
