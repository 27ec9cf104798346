"""One training from end to end: gather examples, read them, try each category, keep what won, put it in force."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from moderation.detectors.text.adapter import TEACHABLE
from moderation.detectors.text.detector import TextDetector
from moderation.models import SiteAdapter
from moderation.site_adapter.activation import AdapterError, activate_adapter, store_adapter
from moderation.site_adapter.base_model import load_base
from moderation.site_adapter.examples import Example, gather
from moderation.site_adapter.features import Lessons, read_examples
from moderation.site_adapter.trial import Trial, try_category
from reviewengine import conf

LOCK = 0xADA7


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one category: its examples, its trial (None: there was none), why base stays (empty: it won).

    ``everywhere``: it wins only where the transformer reads every text.
    """

    category: str
    positives: int
    negatives: int
    fault: str
    trial: Trial | None = None
    everywhere: bool = False

    def to_json(self) -> dict[str, Any]:
        """As SiteAdapter.report holds it."""
        found: dict[str, Any] = {
            "category": self.category,
            "positives": self.positives,
            "negatives": self.negatives,
            "won": not self.fault,
            "reason": self.fault,
            "everywhere": self.everywhere,
        }
        if self.trial:
            found |= {"wording": self.trial.wording, "leans_on": self.trial.leans_on}
            found |= (self.trial.everywhere if self.everywhere else self.trial.gated).to_json()
        return found


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """``adapter`` is the stored version (None in a dry run, or where nothing could be tried), ``report`` an entry a
    category. ``left_out``: examples that time or memory did not allow; ``activated``: whether it is in force now.
    """

    adapter: SiteAdapter | None
    report: list[dict[str, Any]]
    examples: int
    background: int
    left_out: int
    activated: bool


def train(
    *, actor: str, categories: Sequence[str] = (), activate: bool | None = None, dry_run: bool = False
) -> TrainingReport:
    """Fits and tries ``categories`` (none: those of the configuration), and puts in force what won.

    Categories that are not asked for keep their heads from the version in force. Where none wins, the version in force
    stays. ``actor`` is written as in AuditEntry. Raises AdapterError when a category cannot be taught, when the text
    model cannot be used, or when another training runs; then nothing has changed.
    """
    options = conf.load().site_adapter
    asked = _teachable(categories or options.categories)
    base = load_base()
    with _alone():
        lessons = read_examples(base, gather(asked), seconds=options.read_seconds)
        findings = [_find(base, lessons, category) for category in asked]
        adapter = None if dry_run else _store(base, findings, actor)
        won = any(not finding.fault for finding in findings)
        activated = bool(adapter and won and (options.activate if activate is None else activate))
        if adapter and activated:
            activate_adapter(adapter=adapter, base_version=base.version, actor=actor)
    background = sum(example.background for example in lessons.examples)
    return TrainingReport(
        adapter=adapter,
        report=adapter.report if adapter else [finding.to_json() for finding in findings],
        examples=len(lessons.examples) - background,
        background=background,
        left_out=lessons.left_out,
        activated=activated,
    )


@contextmanager
def _alone() -> Iterator[None]:
    """Holds PostgreSQL's word that no other training runs, until it ends or its connection does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise AdapterError("Another training of the site adapter is running. Wait until it has ended.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _teachable(categories: Sequence[str]) -> list[str]:
    """The categories to try, each once. Raises AdapterError for one that cannot be taught."""
    for category in categories:
        if category not in TEACHABLE:
            raise AdapterError(f"'{category}' cannot be taught. What can: {', '.join(TEACHABLE)}.")
    return list(dict.fromkeys(categories or TEACHABLE))


def _find(base: TextDetector, lessons: Lessons, category: str) -> Finding:
    """Tries a category, where there are examples enough."""
    options = conf.load().site_adapter
    positives, negatives = _counted(lessons.examples, category)
    fault = ""
    if category not in base.columns:
        fault = "the text model has no such category"
    elif positives < options.fewest_positives:
        fault = f"too few rejected: {positives} of {options.fewest_positives}"
    elif negatives < options.fewest_negatives:
        fault = f"too few approved: {negatives} of {options.fewest_negatives}"
    if fault:
        return Finding(category, positives, negatives, fault)
    trial = try_category(lessons, category, base.columns.index(category), base.encoder_heads)
    fault, everywhere = trial.gated.fault(options.margin), False
    if fault and options.may_read_all:
        # Worth its time only where nothing less will do.
        everywhere = not trial.everywhere.fault(options.margin)
        fault = "" if everywhere else fault
    return Finding(category, positives, negatives, fault, trial, everywhere)


def _counted(examples: Sequence[Example], category: str) -> tuple[int, int]:
    known = [example.labels[category] for example in examples if category in example.labels and not example.background]
    return sum(known), len(known) - sum(known)


def _store(base: TextDetector, findings: Sequence[Finding], actor: str) -> SiteAdapter | None:
    """The next version, with what won and what the version in force has for other categories. None: nothing tried."""
    if not any(finding.trial for finding in findings):
        return None
    heads = [
        replace(finding.trial.head, everywhere=finding.everywhere).to_json()
        for finding in findings
        if finding.trial and not finding.fault
    ]
    kept_heads, kept_report = _kept(base, {finding.category for finding in findings}) if heads else ([], [])
    return store_adapter(
        base_version=base.version,
        heads=heads + kept_heads,
        report=[finding.to_json() for finding in findings] + kept_report,
        actor=actor,
    )


def _kept(base: TextDetector, asked: Collection[str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Heads of the version in force that nobody asked to train anew, and what its report says of them."""
    before = SiteAdapter.objects.filter(is_active=True, base_version=base.version).first()
    if before is None:
        return [], []
    heads = [head for head in before.heads if head["category"] not in asked]
    names = {head["category"] for head in heads}
    report = [{"kept_from": before.number, **line} for line in before.report if line["category"] in names]
    return heads, report
