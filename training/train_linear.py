"""Trains the linear heads.

python -m training.train_linear --data train.jsonl.gz --out moderation/detectors/artifacts/linear
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from moderation.detectors.normalise import normalise
from training.artifact import check_served, empty_table, quantised, restored, write_artifact
from training.bands import bands, recommended
from training.calibration import described, platt_knots
from training.corrections import corrected
from training.dataset import (
    CATEGORY_OF_LABEL,
    UNKNOWN,
    LabelledText,
    fold_of,
    label_matrix,
    read_labelled,
    weight_matrix,
)
from training.features import count_matrix, inverse_frequencies, tfidf
from training.obfuscation import obfuscated
from training.own_text import SOURCE, own_texts
from training.plain_text import plain_texts

SEED = 20261121
FOLDS = 5
AT_LEAST_TEXTS = 2
INVERSE_REGULARISATION = {"spam": 8.0}  # spam is told by few, sharp signs
USUAL_REGULARISATION = 2.0
OWN_WEIGHT = 0.5
OBFUSCATED_SHARE, OBFUSCATED_WEIGHT = 0.25, 0.5

Matrix = sparse.csr_matrix


@dataclass(frozen=True, slots=True)
class _Task:
    """What one head learns from: features, truth (1, 0, UNKNOWN), weights, and who may judge it."""

    features: Matrix
    truth: NDArray[np.int8]
    weights: NDArray[np.float32]
    folds: NDArray[np.int64]
    judges: NDArray[np.bool_]
    regularisation: float


def main() -> None:
    """Reads, trains, calibrates on texts each head has not seen, writes, and compares with what the product serves."""
    arguments = _arguments()
    rows = corrected([row for path in arguments.data for row in read_labelled(path)])
    rows += own_texts(SEED) + plain_texts(SEED)
    copies = obfuscated(rows, OBFUSCATED_SHARE, OBFUSCATED_WEIGHT, SEED)
    origins = list(range(len(rows))) + [place for place, _ in copies]
    rows += [copy for _, copy in copies]
    texts = [normalise(row.text).text for row in rows]
    folds = np.array([fold_of(texts[origin], FOLDS) for origin in origins])
    counts = count_matrix(texts)
    idf = inverse_frequencies(counts, AT_LEAST_TEXTS)
    features, table = tfidf(counts, idf), empty_table(idf)
    heads, logits = [], []
    for column, (category, task) in enumerate(_tasks(rows, len(rows) - len(copies), folds, features).items()):
        stored, head = _head(category, task)
        table[:, column] = stored
        heads.append(head)
        logits.append(features[:256] @ restored(stored, head["scale"]) + head["bias"])
    facts = {"seed": SEED, "texts": len(rows) - len(copies)}
    version = write_artifact(arguments.out, table, heads, facts)
    check_served(arguments.out, texts[:256], np.stack(logits, axis=1))
    print(f"{version} written to {arguments.out}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="labelled texts, JSON lines (.gz too)")
    parser.add_argument("--out", type=Path, required=True, help="folder of the artifact")
    return parser.parse_args()


def _tasks(
    rows: Sequence[LabelledText], originals: int, folds: NDArray[np.int64], features: Matrix
) -> dict[str, _Task]:
    """One task a category. Copies (all rows after the ``originals``) and our own sentences teach, but never judge."""
    categories = tuple(CATEGORY_OF_LABEL.values())
    labels, weights = label_matrix(rows, categories), weight_matrix(rows, categories)
    own = np.array([row.source == SOURCE for row in rows])
    weights[own] *= OWN_WEIGHT
    may_judge = ~own & (np.arange(len(rows)) < originals)
    return {
        category: _Task(
            features=features,
            truth=labels[:, i],
            weights=weights[:, i],
            folds=folds,
            judges=may_judge & (labels[:, i] != UNKNOWN),
            regularisation=INVERSE_REGULARISATION.get(category, USUAL_REGULARISATION),
        )
        for i, category in enumerate(categories)
    }


def _head(category: str, task: _Task) -> tuple[NDArray[np.int8], dict[str, Any]]:
    """The stored weights of a head trained on everything, and its description from heads that saw a part."""
    known = task.truth != UNKNOWN
    unseen = np.zeros(len(task.truth))
    for fold in range(FOLDS):
        apart = known & (task.folds == fold)
        fitted = _fit(task, known & (task.folds != fold))
        unseen[apart] = fitted.decision_function(task.features[apart])
    knots = platt_knots(unseen[task.judges], task.truth[task.judges], task.weights[task.judges], SEED)
    measured = task.judges & (task.weights == 1)  # implied labels calibrate, they do not measure
    scores, positive = np.interp(unseen[measured], *knots), task.truth[measured] == 1
    final = _fit(task, known)
    stored, scale = quantised(final.coef_[0])
    unseen_quality = described(positive, scores)
    found = bands(positive, scores)
    print(f"{category:12} AUPRC {unseen_quality['auprc']:.3f} ROC {unseen_quality['roc']:.3f}")
    return stored, {
        "category": category,
        "scale": scale,
        "bias": float(final.intercept_[0]),
        "knots": [knots[0].tolist(), knots[1].tolist()],
        "unseen": unseen_quality,
        "bands": found,
        "recommended": recommended(category, found),
    }


def _fit(task: _Task, rows: NDArray[np.bool_]) -> LogisticRegression:
    head = LogisticRegression(C=task.regularisation, solver="liblinear", random_state=SEED, max_iter=300)
    return head.fit(task.features[rows], task.truth[rows], sample_weight=task.weights[rows])


if __name__ == "__main__":
    main()
