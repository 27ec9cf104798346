"""Trains the linear heads on everything that is not held out.

python -m training.train_linear --data train.jsonl.gz --out moderation/detectors/artifacts/linear
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from moderation.detectors.normalise import normalise
from moderation.enums import Category
from training.artifact import check_served, empty_table, quantised, restored, write_artifact
from training.dataset import UNKNOWN, LabelledText, label_matrix, weight_matrix
from training.encoder_rows import HEADS, held_out, own_rows, public_rows
from training.features import count_matrix, inverse_frequencies, tfidf
from training.obfuscation import obfuscated

SEED = 20261121
AT_LEAST_TEXTS = 2
INVERSE_REGULARISATION = {"spam": 8.0}  # spam is told by few, sharp signs
USUAL_REGULARISATION = 2.0
OBFUSCATED_SHARE, OBFUSCATED_WEIGHT = 0.25, 0.5
# Fifteen heads fit into a row of the table; these two are left to the transformer and to their parents.
LINEAR_HEADS = tuple(head for head in HEADS if head not in (Category.SELF_HARM_INSTRUCTIONS, Category.ILLICIT_VIOLENT))

Matrix = sparse.csr_matrix


def main() -> None:
    """Reads, trains, writes, and compares with what the product serves."""
    arguments = _arguments()
    rows = [row for row in public_rows(arguments.data) + own_rows(SEED) if not held_out(row)]
    rows += [copy for _, copy in obfuscated(rows, OBFUSCATED_SHARE, OBFUSCATED_WEIGHT, SEED)]
    texts = [normalise(row.text).text for row in rows]
    counts = count_matrix(texts)
    idf = inverse_frequencies(counts, AT_LEAST_TEXTS)
    features, table = tfidf(counts, idf), empty_table(idf)
    heads, logits = [], []
    for column, category in enumerate(LINEAR_HEADS):
        stored, head = _head(category, features, rows)
        table[:, column] = stored
        heads.append(head)
        logits.append(features[:256] @ restored(stored, head["scale"]) + head["bias"])
    version = write_artifact(arguments.out, table, heads, {"seed": SEED, "texts": len(rows)})
    check_served(arguments.out, texts[:256], np.stack(logits, axis=1))
    print(f"{version} written to {arguments.out}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="labelled texts, JSON lines (.gz too)")
    parser.add_argument("--out", type=Path, required=True, help="folder of the artifact")
    return parser.parse_args()


def _head(category: str, features: Matrix, rows: Sequence[LabelledText]) -> tuple[NDArray[np.int8], dict[str, Any]]:
    """The stored weights of one head and what else it takes to serve it."""
    truth, weights = label_matrix(rows, (category,))[:, 0], weight_matrix(rows, (category,))[:, 0]
    known = truth != UNKNOWN
    regularisation = INVERSE_REGULARISATION.get(category, USUAL_REGULARISATION)
    head = LogisticRegression(C=regularisation, solver="liblinear", random_state=SEED, max_iter=300)
    head.fit(features[known], truth[known], sample_weight=weights[known])
    stored, scale = quantised(head.coef_[0])
    print(f"{category:24} {int((truth == 1).sum()):,} positive of {int(known.sum()):,}", flush=True)
    return stored, {"category": category, "scale": scale, "bias": float(head.intercept_[0])}


if __name__ == "__main__":
    main()
