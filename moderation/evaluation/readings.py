"""Runs the detectors and a policy over labelled texts and keeps the numbers; what was written is not kept."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from moderation.detectors.base import DetectionReport
from moderation.detectors.panel import Panel
from moderation.enums import Category, Outcome
from moderation.evaluation.labelled import LabelledText
from moderation.evaluation.measures import NAN, Floats, Truth
from moderation.policy.engine import evaluate
from moderation.policy.schema import Policy
from moderation.text_facts import facts_of

BATCH = 64
Progress = Callable[[int], object]  # is told how many more texts are done


@dataclass(frozen=True, slots=True)
class Readings:
    """What was read in a set of texts, one entry a text everywhere.

    ``scores`` maps every category to its scores, nan where it was not read: not covered (in this language), or failed.
    ``outcomes`` are the policy's. ``failures`` counts texts by detector and kind of failure. ``seconds`` is what the
    detectors took in batches.
    """

    scores: Mapping[str, Floats]
    outcomes: NDArray[np.str_]
    languages: tuple[str, ...]
    failures: Mapping[str, int]
    seconds: float

    def flagged(self) -> Truth:
        """Which texts the policy does not approve."""
        return np.asarray(self.outcomes != Outcome.APPROVE.value)

    def rejected(self) -> Truth:
        """Which texts the policy rejects without a person."""
        return np.asarray(self.outcomes == Outcome.REJECT.value)


def read(
    rows: Sequence[LabelledText],
    panel: Panel,
    policy: Policy,
    *,
    batch: int = BATCH,
    advance: Progress = lambda n: None,
) -> Readings:
    """Reads every text in batches and asks the policy."""
    scores = np.full((len(rows), len(Category)), NAN)
    outcomes: list[str] = []
    languages: list[str] = []
    failures: Counter[str] = Counter()
    seconds = 0.0
    for at in range(0, len(rows), batch):
        some = rows[at : at + batch]
        started = time.perf_counter()
        reports = panel.detect([row.text for row in some], [row.language for row in some])
        seconds += time.perf_counter() - started
        for place, (row, report) in enumerate(zip(some, reports, strict=True), start=at):
            scores[place] = [_score(report, name) for name in Category.values]
            outcomes.append(evaluate(policy, facts_of(report, text=row.text)).outcome.value)
            languages.append(report.language)
            failures.update(f"{detector}: {kind}" for detector, kind in report.failures.items())
        advance(len(some))
    by_category = {name: scores[:, column] for column, name in enumerate(Category.values)}
    return Readings(by_category, np.array(outcomes, dtype=np.str_), tuple(languages), failures, seconds)


def _score(report: DetectionReport, category: str) -> float:
    """The score, nan where the category was not read for whatever reason."""
    return NAN if category in report.unavailable else report.scores.get(category, NAN)
