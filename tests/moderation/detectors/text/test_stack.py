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


@pytest.fixture
def copied(tmp_path):
    """The shipped models in a folder of our own, the files as links."""
    for name in ("linear", "encoder"):
        (tmp_path / name).mkdir()
        for path in (ARTIFACTS / name).iterdir():
            (tmp_path / name / path.name).symlink_to(path)
    return tmp_path


def test_models_of_different_trainings_are_refused(copied):
    stored = json.loads((ARTIFACTS / "encoder" / "stack.json").read_text())
    (copied / "encoder" / "stack.json").unlink()
    (copied / "encoder" / "stack.json").write_text(json.dumps(stored | {"linear_heads": ["hate"]}))
    with pytest.raises(DetectorConfigError, match="was made for other models"):
        TextDetector.build({"artifacts": str(copied)}, [])


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_half_a_model_is_named(copied, name):
    whole = (copied / "encoder" / name).read_bytes()
    (copied / "encoder" / name).unlink()
    (copied / "encoder" / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DetectorConfigError, match=f"{name} is damaged"):
        TextDetector.build({"artifacts": str(copied)}, [])


@pytest.mark.parametrize("given", ["high", 7, -0.1, None])
def test_a_score_that_is_none_is_refused(given):
    with pytest.raises(DetectorConfigError, match="evidence_from must be a number from 0 to 1"):
        TextDetector.build({"evidence_from": given}, [])


def test_a_folder_that_is_none_is_named():
    with pytest.raises(DetectorConfigError, match="cannot read its models in 5"):
        TextDetector.build({"artifacts": 5}, [])
