"""The arithmetic of a head: where it starts, what moves it, and what it gives back."""

import numpy as np
import pytest

from moderation.detectors.text.adapter import Adapter, AdapterHead, logit, sigmoid
from moderation.detectors.text.encoder import Encoding
from moderation.site_adapter.fit import Calibration, Correction, fit_calibration, fit_correction, head_of

CHANCE = np.random.default_rng(3)


def test_a_head_without_a_lesson_is_the_base_model():
    base = np.array([0.001, 0.2, 0.5, 0.97])
    head = AdapterHead("spam", 1.0, 0.0, np.zeros(4))
    assert head.probabilities(base, CHANCE.normal(size=(4, 4))) == pytest.approx(base)


def test_a_feature_that_tells_the_kinds_apart_is_found():
    truth = np.repeat([0.0, 1.0], 200)
    features = CHANCE.normal(size=(400, 5))
    features[:, 2] += 3 * truth
    found = fit_correction(features, np.zeros(400), truth, np.ones(400))
    assert np.argmax(np.abs(found.weights)) == 2
    assert found.weights[2] > 0


def test_what_the_base_model_knows_already_is_not_learnt_again():
    truth = np.repeat([0.0, 1.0], 200)
    features = (truth + CHANCE.normal(scale=0.1, size=400))[:, None]
    alone = fit_correction(features, np.zeros(400), truth, np.ones(400))
    informed = fit_correction(features, np.where(truth == 1, 6.0, -6.0), truth, np.ones(400))
    assert abs(informed.weights[0]) < abs(alone.weights[0]) / 10


def test_a_calibration_gives_the_share_that_is_true():
    truth = np.repeat([0.0, 1.0], [900, 100])
    found = fit_calibration(np.full(1000, 2.0), truth)
    assert found.probabilities(np.array([2.0]))[0] == pytest.approx(0.1, abs=0.01)


def test_a_ranking_that_is_upside_down_is_levelled_and_not_turned():
    truth = np.repeat([0.0, 1.0], 100)
    assert fit_calibration(np.where(truth == 1, -3.0, 3.0), truth).slope == 0.0


def test_correction_and_calibration_make_one_head():
    base, features = np.array([0.1, 0.6]), CHANCE.normal(size=(2, 3))
    correction, calibration = Correction(np.array([0.3, -1.0, 2.0]), 0.4), Calibration(0.7, -0.2)
    whole = head_of("spam", correction, calibration).probabilities(base, features)
    assert whole == pytest.approx(calibration.probabilities(correction.logits(logit(base), features)))


def test_a_stored_adapter_scores_as_before():
    head = AdapterHead("spam", 0.8, -0.3, CHANCE.normal(size=6).round(6), everywhere=True)
    loaded = Adapter.load(4, "base", [head.to_json()])
    encoding = Encoding(CHANCE.normal(size=(3, 4)), CHANCE.normal(size=(3, 2)))
    base = sigmoid(CHANCE.normal(size=(3, 2)))
    scores = loaded.apply(("hate", "spam"), base, np.array([True, False, True]), encoding)
    expected = head.probabilities(base[:, 1], np.concatenate([encoding.embeddings, encoding.logits], axis=1))
    assert scores[:, 1] == pytest.approx(expected, abs=1e-5)
    assert (scores[:, 0] == base[:, 0]).all()


def test_a_head_that_is_not_for_every_text_keeps_to_the_unsure_ones():
    adapter = Adapter(1, "base", (AdapterHead("spam", 1.0, 5.0, np.zeros(3)),))
    base = np.array([[0.2], [0.2]])
    scores = adapter.apply(("spam",), base, np.array([True, False]), Encoding(np.zeros((2, 2)), np.zeros((2, 1))))
    assert (scores[0, 0] > 0.9, scores[1, 0]) == (True, 0.2)
