"""Two models, one answer: how logits become probabilities, and when the encoder is asked."""

import json

import numpy as np
import pytest

from moderation.detectors.base import DetectorConfigError
from moderation.detectors.text.detector import ARTIFACTS, TextDetector
from moderation.detectors.text.stack import load_stack


@pytest.fixture
def stack(tmp_path):
    layer = {"weights": [[1.0, 0.0], [0.0, 2.0]], "biases": [0.0, -2.0]}
    stored = {
        "version": "stack-1", "categories": ["hate", "spam"], "linear_heads": ["hate", "spam"], "encoder_heads": [],
        "linear_only": layer, "together": layer, "gate": [0.5, 0.2],
    }  # fmt: skip
    (tmp_path / "stack.json").write_text(json.dumps(stored))
    return load_stack(tmp_path)


def test_logits_become_probabilities(stack):
    probabilities = stack.linear_only.probabilities(np.array([[0.0, 1.0], [1000.0, -1000.0]]))
    assert probabilities.round(4).tolist() == [[0.5, 0.5], [1.0, 0.0]]


def test_one_unsure_category_is_enough_to_ask_the_encoder(stack):
    assert stack.unsure(np.array([[0.4, 0.1], [0.5, 0.0], [0.0, 0.3]])).tolist() == [False, True, True]


def test_the_shipped_gate_and_layers_fit_the_shipped_heads():
    shipped = load_stack(ARTIFACTS / "encoder")
    together = len(shipped.linear_heads) + len(shipped.encoder_heads)
    assert shipped.linear_only.weights.shape == (len(shipped.linear_heads), len(shipped.categories))
    assert shipped.together.weights.shape == (together, len(shipped.categories))
    assert len(shipped.gate) == len(shipped.categories)


def test_models_of_different_trainings_are_refused(tmp_path):
    for name in ("linear", "encoder"):
        (tmp_path / name).mkdir()
        for path in (ARTIFACTS / name).iterdir():
            (tmp_path / name / path.name).symlink_to(path)
    stored = json.loads((ARTIFACTS / "encoder" / "stack.json").read_text())
    (tmp_path / "encoder" / "stack.json").unlink()
    (tmp_path / "encoder" / "stack.json").write_text(json.dumps(stored | {"linear_heads": ["hate"]}))
    with pytest.raises(DetectorConfigError, match="was made for other models"):
        TextDetector.build({"artifacts": str(tmp_path)}, [])
