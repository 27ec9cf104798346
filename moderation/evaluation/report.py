"""Puts one evaluation together: quality by category, what the policy does, slices, speed. Numbers and names only."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from moderation.enums import Outcome
from moderation.evaluation.bands import Bands, bands
from moderation.evaluation.calibration import ReliabilityPoint, Spread, calibration_error, reliability, spread
from moderation.evaluation.curves import Curve, curve
from moderation.evaluation.identities import mentioned
from moderation.evaluation.labelled import LabelledFile, LabelledText
from moderation.evaluation.measures import (
    AtThreshold,
    Floats,
    Truth,
    at_false_positive_rate,
    at_threshold,
    best_f1,
    quality,
    when_acted,
)
from moderation.evaluation.readings import Readings
from moderation.evaluation.slices import Slice, slices
from moderation.evaluation.speed import Latency, Machine
from moderation.policy.schema import Policy

FEW_FALSE = 0.01
MIDDLE = 0.5  # where slices are judged in a category that the policy does not act on
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class CategoryQuality:
    """One category on one file. ``texts`` were labelled and read; ``unread`` labelled only, and count nowhere.

    Areas and errors are nan without both classes. The ``at_`` entries are None where there is no such threshold.
    """

    category: str
    texts: int
    positives: int
    unread: int
    auprc: float
    roc: float
    bands: Bands
    at_review: AtThreshold | None
    at_reject: AtThreshold | None
    at_few_false: AtThreshold | None
    at_best_f1: AtThreshold | None
    calibration_error: float
    reliability: tuple[ReliabilityPoint, ...]
    spread: Spread
    curve: Curve


@dataclass(frozen=True, slots=True)
class PolicyQuality:
    """What the whole policy does with the texts of one label: ``flagged`` is all that is not approved."""

    label: str
    texts: int
    positives: int
    flagged: AtThreshold
    rejected: AtThreshold


@dataclass(frozen=True, slots=True)
class FileReport:
    """Everything of one file. ``texts_a_second`` is what the detectors managed in batches."""

    name: str
    texts: int
    outcomes: Mapping[str, int]
    languages: Mapping[str, int]
    failures: Mapping[str, int]
    ignored_labels: Mapping[str, int]
    texts_a_second: float
    categories: tuple[CategoryQuality, ...]
    policy: tuple[PolicyQuality, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One evaluation. ``slices`` are over the texts of all files together."""

    made_at: str
    policy: str
    panel: str
    detectors: Mapping[str, str]
    machine: Machine
    batch: int
    latency: Latency
    files: tuple[FileReport, ...]
    slices: tuple[Slice, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values under stable keys; what is not a number is null."""
        return {key: _plain(value) for key, value in asdict(self).items()}


def file_report(file: LabelledFile, readings: Readings, policy: Policy) -> FileReport:
    """The numbers of one file that was read."""
    outcomes = Counter(readings.outcomes.tolist())
    return FileReport(
        name=file.name,
        texts=len(file.rows),
        outcomes={name: outcomes[name] for name in Outcome.values},
        languages=dict(Counter(readings.languages).most_common()),
        failures=dict(readings.failures),
        ignored_labels=dict(file.ignored),
        texts_a_second=len(file.rows) / readings.seconds if readings.seconds else math.nan,
        categories=tuple(_category(name, file.rows, readings, bands(policy, name)) for name in file.categories),
        policy=tuple(_policy(name, file.rows, readings) for name in file.categories),
    )


def _category(name: str, rows: Sequence[LabelledText], readings: Readings, found: Bands) -> CategoryQuality:
    known = _known(name, rows)
    readable = known & ~np.isnan(readings.scores[name])
    truth, scores = _truth(name, rows)[readable], readings.scores[name][readable]
    ranking = quality(truth, scores)
    return CategoryQuality(
        category=name,
        texts=len(truth),
        positives=ranking.positives,
        unread=int(known.sum()) - len(truth),
        auprc=ranking.auprc,
        roc=ranking.roc,
        bands=found,
        at_review=_at(truth, scores, found.review_from),
        at_reject=_at(truth, scores, found.reject_from),
        at_few_false=at_false_positive_rate(truth, scores, FEW_FALSE),
        at_best_f1=best_f1(truth, scores),
        calibration_error=calibration_error(truth, scores),
        reliability=reliability(truth, scores),
        spread=spread(truth, scores),
        curve=curve(truth, scores),
    )


def _at(truth: Truth, scores: Floats, threshold: float | None) -> AtThreshold | None:
    return None if threshold is None or not len(truth) else at_threshold(truth, scores, threshold)


def _policy(label: str, rows: Sequence[LabelledText], readings: Readings) -> PolicyQuality:
    known = _known(label, rows)
    truth = _truth(label, rows)[known]
    flagged, rejected = readings.flagged()[known], readings.rejected()[known]
    return PolicyQuality(label, len(truth), int(truth.sum()), when_acted(truth, flagged), when_acted(truth, rejected))


def slice_report(read: Sequence[tuple[LabelledFile, Readings]], policy: Policy) -> tuple[Slice, ...]:
    """Bias by identity named, and by the group and the language that the files give, for each labelled category."""
    rows = [row for file, _ in read for row in file.rows]
    belongs = [_memberships(row) for row in rows]
    names = sorted(set().union(*belongs)) if belongs else []
    members = {name: np.array([name in one for one in belongs], dtype=bool) for name in names}
    found: list[Slice] = []
    for category in dict.fromkeys(name for file, _ in read for name in file.categories):
        scores = np.concatenate([readings.scores[category] for _, readings in read])
        readable = _known(category, rows) & ~np.isnan(scores)
        inside = {name: chosen[readable] for name, chosen in members.items()}
        threshold = bands(policy, category).review_from or MIDDLE
        found += slices(inside, category, _truth(category, rows)[readable], scores[readable], threshold)
    return tuple(found)


def _memberships(row: LabelledText) -> frozenset[str]:
    given = {f"group {row.group}" if row.group else "", f"language {row.language}" if row.language else ""}
    return mentioned(row.text) | (given - {""})


def _known(category: str, rows: Sequence[LabelledText]) -> Truth:
    return np.array([category in row.labels for row in rows], dtype=bool)


def _truth(category: str, rows: Sequence[LabelledText]) -> Truth:
    return np.array([row.labels.get(category, False) for row in rows], dtype=bool)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return round(value, _DIGITS) if math.isfinite(value) else None
    return value
