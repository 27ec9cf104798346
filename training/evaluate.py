"""Measures the detectors on labelled texts that were not trained on.

python -m training.evaluate --data eval/*.jsonl.gz [--artifact FOLDER] [--panel]
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moderation.detectors.panel import Panel
from moderation.detectors.registry import DETECTORS, DetectorConfig, build_panel
from training.dataset import UNKNOWN, LabelledText, label_matrix, read_labelled
from training.measures import at_threshold, quality

THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.98)
_BATCH = 64
_PATIENCE_SECONDS = 600.0


def main() -> None:
    """Prints one block a file: ranking quality and what happens at each threshold, for each category it labels."""
    arguments = _arguments()
    options = {"artifact": str(arguments.artifact)} if arguments.artifact else {}
    config = {"linear": DetectorConfig(timeout_seconds=_PATIENCE_SECONDS, options=options)}
    if arguments.panel:
        config |= {name: DetectorConfig(timeout_seconds=_PATIENCE_SECONDS) for name in DETECTORS if name != "linear"}
    panel = build_panel(config)
    for path in arguments.data:
        _report(path, read_labelled(path), panel)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="labelled texts, JSON lines (.gz too)")
    parser.add_argument("--artifact", type=Path, help="folder of the linear model; the shipped one by default")
    parser.add_argument("--panel", action="store_true", help="all detectors, not the linear one alone")
    return parser.parse_args()


def _report(path: Path, rows: Sequence[LabelledText], panel: Panel) -> None:
    begin = time.perf_counter()
    categories, scores = _scores([row.text for row in rows], panel)
    seconds = time.perf_counter() - begin
    print(f"\n{path.name}: {len(rows):,} texts, {len(rows) / seconds:,.0f} a second, {panel.version}")
    truths = label_matrix(rows, categories)
    for column, category in enumerate(categories):
        known = truths[:, column] != UNKNOWN
        if known.any():
            _print_category(category, truths[known, column] == 1, scores[known, column])
        else:
            shares = "  ".join(f">={t}: {(scores[:, column] >= t).mean():.2%}" for t in THRESHOLDS)
            print(f"  {category:14} not labelled; share of texts  {shares}")


def _scores(texts: Sequence[str], panel: Panel) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    reports = [r for at in range(0, len(texts), _BATCH) for r in panel.detect(texts[at : at + _BATCH])]
    categories = tuple(sorted(set().union(*(report.scores for report in reports))))
    return categories, np.array([[report.scores.get(name, 0.0) for name in categories] for report in reports])


def _print_category(category: str, truth: NDArray[np.bool_], scores: NDArray[np.float64]) -> None:
    ranking = quality(truth, scores)
    print(
        f"  {category:14} {ranking.positives:,} positive, {ranking.negatives:,} negative"
        f"  AUPRC {ranking.auprc:.3f}  ROC {ranking.roc:.3f}"
    )
    for threshold in THRESHOLDS:
        at = at_threshold(truth, scores, threshold)
        print(
            f"    >= {threshold:<5} precision {at.precision:6.3f}  recall {at.recall:6.3f}"
            f"  false positive rate {at.false_positive_rate:7.4f}  acted on {at.acted_on:,}"
        )


if __name__ == "__main__":
    main()
