"""Trains the linear heads: `python -m training.train_linear --data FILE --out moderation/detectors/artifacts/linear`."""

import argparse
import datetime
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from moderation.detectors.heads import COLUMNS, IDF_STEPS, load_heads
from moderation.detectors.normalise import normalise
from training.dataset import CATEGORY_OF_LABEL, UNKNOWN, fold_of, label_matrix, read_labelled
from training.features import count_matrix, inverse_frequencies, tfidf
from training.measures import quality, threshold_for

SEED = 20240229
FOLDS = 10
HELD_OUT = 0
AT_LEAST_TEXTS = 2
INVERSE_REGULARISATION = 4.0
PRECISIONS = (0.99, 0.97, 0.95, 0.90)
CALIBRATION_POINTS = 65
LEVELS = 127

Matrix = sparse.csr_matrix


def main() -> None:
    """Reads, trains, calibrates, writes, and checks that the product scores as the training did."""
    arguments = _arguments()
    rows = [row for path in arguments.data for row in read_labelled(path)]
    texts = [normalise(row.text).text for row in rows]
    held_out = np.array([fold_of(text, FOLDS) == HELD_OUT for text in texts])
    categories = tuple(CATEGORY_OF_LABEL.values())
    labels = label_matrix(rows, categories)
    counts = count_matrix(texts)
    idf = inverse_frequencies(counts[~held_out], AT_LEAST_TEXTS)
    features = tfidf(counts, idf)
    table = np.zeros((counts.shape[1], COLUMNS), dtype=np.int8)
    table[:, COLUMNS - 1] = np.rint(idf * IDF_STEPS).astype(np.uint8).view(np.int8)
    heads = [
        _train_head(category, features, labels[:, column], held_out, table[:, column])
        for column, category in enumerate(categories)
    ]
    _write(arguments.out, table, heads)
    _check_served_scores(arguments.out, [text for text, held in zip(texts, held_out, strict=True) if held], heads)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="labelled texts, JSON lines (.gz too)")
    parser.add_argument("--out", type=Path, required=True, help="folder of the artifact")
    return parser.parse_args()


def _train_head(
    category: str, features: Matrix, truth: NDArray[np.int8], held_out: NDArray[np.bool_], column: NDArray[np.int8]
) -> dict[str, Any]:
    """Fits one head, stores its weights in ``column`` and describes it: scale, bias, calibration, quality, bands."""
    known = truth != UNKNOWN
    fitted = LogisticRegression(C=INVERSE_REGULARISATION, solver="liblinear", random_state=SEED, max_iter=300)
    fitted.fit(features[known & ~held_out], truth[known & ~held_out])
    stored, scale = _quantise(fitted.coef_[0])
    column[:] = stored
    bias = float(fitted.intercept_[0])
    test = known & held_out
    logits = features[test] @ _dequantise(stored, scale) + bias
    knots = _calibration(logits, truth[test])
    scores, positive = np.interp(logits, *knots), truth[test] == 1
    ranking = quality(positive, scores)
    print(f"{category:12} AUPRC {ranking.auprc:.3f} ROC {ranking.roc:.3f} of {ranking.positives}+{ranking.negatives}")
    return {
        "category": category,
        "scale": scale,
        "bias": bias,
        "knots": [[round(float(x), 4) for x in knots[0]], [round(float(y), 5) for y in knots[1]]],
        "held_out": {"positives": ranking.positives, "negatives": ranking.negatives,
                     "auprc": round(ranking.auprc, 4), "roc": round(ranking.roc, 4)},
        "thresholds": {str(wanted): _threshold(positive, scores, wanted) for wanted in PRECISIONS},
    }  # fmt: skip


def _quantise(weights: NDArray[np.floating]) -> tuple[NDArray[np.int8], float]:
    """Signed square roots in 255 levels: fine where most weights lie."""
    scale = float(np.abs(weights).max()) / LEVELS**2
    return (np.sign(weights) * np.rint(np.sqrt(np.abs(weights) / scale))).astype(np.int8), scale


def _dequantise(stored: NDArray[np.int8], scale: float) -> NDArray[np.float32]:
    levels = stored.astype(np.float32)
    return levels * np.abs(levels) * np.float32(scale)


def _calibration(logits: NDArray[np.floating], truth: NDArray[np.int8]) -> tuple[Any, Any]:
    """Platt's sigmoid on held-out texts, as points to interpolate between."""
    platt = LogisticRegression(C=1e6, random_state=SEED).fit(logits.reshape(-1, 1), truth)
    points = np.linspace(min(logits.min(), -8), max(logits.max(), 8), CALIBRATION_POINTS)
    return points, platt.predict_proba(points.reshape(-1, 1))[:, 1]


def _threshold(truth: NDArray[np.bool_], scores: NDArray[np.floating], wanted: float) -> dict[str, float] | None:
    found = threshold_for(truth, scores, wanted)
    if found is None:
        return None
    return {
        "threshold": round(found.threshold, 4),
        "recall": round(found.recall, 4),
        "false_positive_rate": round(found.false_positive_rate, 5),
    }


def _write(folder: Path, table: NDArray[np.int8], heads: list[dict[str, Any]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "weights.npy", table, allow_pickle=False)
    digest = hashlib.sha256(table.tobytes() + json.dumps(heads, sort_keys=True).encode()).hexdigest()[:8]
    version = f"linear-{datetime.datetime.now(datetime.UTC):%Y.%m.%d}-{digest}"
    meta = {"version": version, "heads": heads}
    (folder / "meta.json").write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")


def _check_served_scores(folder: Path, texts: list[str], heads: list[dict[str, Any]]) -> None:
    """The product's own reading of the artifact must rank as measured above."""
    served = load_heads(folder)
    logits = served.logits(texts[:64])
    if logits.shape != (min(64, len(texts)), len(heads)) or not np.isfinite(logits).all():
        raise SystemExit(f"{folder} was written but cannot be served: train again.")


if __name__ == "__main__":
    main()
