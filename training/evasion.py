"""Measures how much of a score's recall survives each attack, and what the attacks do to clean texts.

python -m training.evasion --data eval/*.jsonl.gz [--category toxicity] [--rows 1000]
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from moderation.detectors.registry import DetectorConfig, build_panel
from moderation.evaluation.measures import at_threshold
from moderation.evaluation.readings import BATCH
from reviewengine import conf
from training.attacks import ATTACKS
from training.dataset import read_labelled

Scorer = Callable[[Sequence[str]], NDArray[np.floating]]
SEED = 20261122
_PATIENCE_SECONDS = 600.0
CLEAN = "clean"


@dataclass(frozen=True, slots=True)
class UnderAttack:
    """What one attack leaves. The two ratios are to the clean texts at the same threshold (nan where those have 0)."""

    recall: float
    false_positive_rate: float
    recall_kept: float
    false_positives_grown: float


def evasion_report(
    scorer: Scorer, texts: Sequence[str], truth: Sequence[bool], *, threshold: float = 0.5, seed: int = SEED
) -> dict[str, UnderAttack]:
    """By attack, "clean" first: recall and false positives of ``score >= threshold``, and their ratio to clean.

    ``scorer`` turns texts into scores, one each. Every text, harmful or not, is attacked on all of its words.
    """
    known = np.asarray(truth, dtype=bool)
    clean = at_threshold(known, np.asarray(scorer(texts)), threshold)
    rows = {CLEAN: clean}
    for name, change in ATTACKS.items():
        attacked = [change(text, Random(f"{seed} {name} {at}")) for at, text in enumerate(texts)]
        rows[name] = at_threshold(known, np.asarray(scorer(attacked)), threshold)
    return {
        name: UnderAttack(
            recall=row.recall,
            false_positive_rate=row.false_positive_rate,
            recall_kept=_ratio(row.recall, clean.recall),
            false_positives_grown=_ratio(row.false_positive_rate, clean.false_positive_rate),
        )
        for name, row in rows.items()
    }


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def panel_scorer(category: str) -> Scorer:
    """The enabled detectors' score of one category; 0 where an attack made the text unreadable to them."""
    patient = {
        name: DetectorConfig(given.enabled, _PATIENCE_SECONDS, given.options)
        for name, given in conf.load().detectors.items()
    }
    panel = build_panel(patient)

    def score(texts: Sequence[str]) -> NDArray[np.floating]:
        reports = [report for at in range(0, len(texts), BATCH) for report in panel.detect(texts[at : at + BATCH])]
        return np.array([report.scores.get(category, 0.0) for report in reports])

    return score


def main() -> None:
    """Prints one line an attack."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="labelled texts, JSON lines (.gz too)")
    parser.add_argument("--category", default="toxicity")
    parser.add_argument("--rows", type=int, default=1_000, help="how many texts of each file, from the first")
    parser.add_argument("--threshold", type=float, default=0.5)
    arguments = parser.parse_args()
    rows = [
        row
        for path in arguments.data
        for row in [row for row in read_labelled(path) if arguments.category in row.labels][: arguments.rows]
    ]
    texts, truth = [row.text for row in rows], [row.labels[arguments.category] for row in rows]
    report = evasion_report(panel_scorer(arguments.category), texts, truth, threshold=arguments.threshold)
    print(f"{len(rows):,} texts, {sum(truth):,} positive, {arguments.category} >= {arguments.threshold}")
    for name, row in report.items():
        print(
            f"{name:22} recall {row.recall:.3f} ({row.recall_kept:5.2f} of clean)"
            f"  false positives {row.false_positive_rate:.3f} ({row.false_positives_grown:5.2f} of clean)"
        )


if __name__ == "__main__":
    main()
