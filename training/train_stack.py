"""Fits the stack that turns linear and encoder logits into probabilities, on the texts that neither was shown.

python -m training.train_stack --data train.jsonl.gz --artifacts moderation/detectors/artifacts
"""

import argparse
import datetime
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from moderation.detectors.heads import load_heads
from moderation.detectors.normalise import normalise
from moderation.detectors.text.encoder import load_encoder
from moderation.detectors.text.stack import FILE
from moderation.enums import Category
from training.calibration import described
from training.dataset import UNKNOWN, LabelledText, label_matrix, weight_matrix
from training.encoder_rows import ANY_HARM, HEADS, held_out, own_rows, public_rows

SEED = 20261122
FOLDS = 5
STRENGTH = 0.05  # of the features, against their penalty: dozens of logits that say nearly the same
FEW, STRENGTH_OF_FEW = 40, 1.0  # positives: a head with fewer hears only itself, and may trust it
# Lower lets more benign texts through to the encoder, higher keeps more harmful ones from it. What is seldom is seldom
# likely, and what is part of another kind follows it.
ASKED_FROM = dict.fromkeys(HEADS, 0.25) | {ANY_HARM: 0.3}
ASKED_FROM |= dict.fromkeys(("sexual", "self-harm", "illicit", "violence", "threat"), 0.1)
ASKED_FROM |= dict.fromkeys(("violence/graphic", "self-harm/intent", "self-harm/instructions", "illicit/violent"), 1.0)

Floats = NDArray[np.floating]


def main() -> None:
    """Scores the held-out texts with the artifacts as they are served, fits, sets the gate, writes ``stack.json``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="labelled texts, JSON lines (.gz too)")
    parser.add_argument("--artifacts", type=Path, required=True, help="folder that holds linear/ and encoder/")
    arguments = parser.parse_args()
    rows = [row for row in public_rows(arguments.data) + own_rows(SEED) if held_out(row)]
    texts = [normalise(row.text).text for row in rows]
    heads, encoder = load_heads(arguments.artifacts / "linear"), load_encoder(arguments.artifacts / "encoder")
    linear = np.concatenate([heads.logits(texts[at : at + 256]) for at in range(0, len(texts), 256)])
    both = np.concatenate([linear, encoder.encode(texts).logits], axis=1)
    alone, alone_unseen, _ = _layer(rows, linear, heads.categories)
    together, _, quality = _layer(rows, both, heads.categories + encoder.heads)
    stored = {
        "seed": SEED,
        "texts": len(rows),
        "categories": list(HEADS),
        "linear_heads": list(heads.categories),
        "encoder_heads": list(encoder.heads),
        "linear_only": alone,
        "together": together,
        "gate": _gate(rows, alone_unseen),
        "unseen": quality,
    }
    digest = hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()[:8]
    version = f"stack-{datetime.datetime.now(datetime.UTC):%Y.%m.%d}-{digest}"
    path = arguments.artifacts / "encoder" / FILE
    path.write_text(json.dumps({"version": version} | stored, indent=1) + "\n", encoding="utf-8")
    print(f"{version} written to {path}")


def _layer(
    rows: Sequence[LabelledText], features: Floats, names: Sequence[str]
) -> tuple[dict[str, Any], Floats, dict[str, Any]]:
    """One logistic regression a head: what is stored, the probabilities of folds not fitted on, and their quality.

    ``names`` says whose logit each column of ``features`` is.
    """
    truth, weights = label_matrix(rows, HEADS), weight_matrix(rows, HEADS)
    middle, spread = features.mean(0), features.std(0) + 1e-6
    scaled = (features - middle) / spread
    stored, biases, unseen, quality = [], [], np.zeros(truth.shape), {}
    for column, category in enumerate(HEADS):
        known = truth[:, column] != UNKNOWN
        positive, weight = truth[known, column] == 1, weights[known, column]
        few = positive.sum() < FEW
        heard = scaled * [not few or name == category for name in names]
        model = LogisticRegression(C=STRENGTH_OF_FEW if few else STRENGTH, max_iter=2000, random_state=SEED)
        folds = cross_val_predict(
            model, heard[known], positive, cv=FOLDS, method="predict_proba", params={"sample_weight": weight}
        )
        unseen[known, column] = folds[:, 1]
        model.fit(heard[known], positive, sample_weight=weight)
        unseen[~known, column] = model.predict_proba(heard[~known])[:, 1] if (~known).any() else []
        stored.append((model.coef_[0] / spread).round(5).tolist())
        biases.append(round(float(model.intercept_[0] - (model.coef_[0] / spread) @ middle), 5))
        measured = weight == 1
        quality[category] = described(positive[measured], folds[measured, 1])
        auprc, roc = quality[category]["auprc"], quality[category]["roc"]
        print(f"{features.shape[1]} logits  {category:24} AUPRC {auprc:.3f} ROC {roc:.3f}")
    return {"weights": np.array(stored).T.tolist(), "biases": biases}, unseen, quality


def _gate(rows: Sequence[LabelledText], alone: Floats) -> list[float]:
    """For each category the linear-only probability from which the encoder is asked; prints what that lets through."""
    truth = label_matrix(rows, HEADS)
    spam, harm = truth[:, HEADS.index(Category.SPAM)], truth[:, HEADS.index(ANY_HARM)]
    gate = [ASKED_FROM[head] for head in HEADS]
    passed = (alone >= np.array(gate)).any(1)
    shares = passed[(harm == 0) & (spam != 1)].mean(), passed[(harm == 1) | (spam == 1)].mean()
    print(f"the gate lets {shares[0]:.1%} of the benign and {shares[1]:.1%} of the others through")
    return gate


if __name__ == "__main__":
    main()
