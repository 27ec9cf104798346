"""Bias by slice: who is mentioned, and what a mention does to the scores."""

import numpy as np
import pytest

from moderation.evaluation.identities import IDENTITIES, mentioned
from moderation.evaluation.slices import slices


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Two Women sang.", {"women"}),
        ("My deaf, gay neighbour bakes.", {"disabled", "gay and lesbian"}),
        ("A native american song", {"Indigenous"}),
        ("The womenfolk sold gayety", set()),
        ("", set()),
    ],
)
def test_identities_are_found_as_whole_words(text, found):
    assert mentioned(text) == found


def test_no_word_names_two_identities():
    words = [word for words in IDENTITIES.values() for word in words]
    assert len(words) == len(set(words))


def _biased() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ten harmless and ten harmful texts inside, as many outside; a mention lifts every score above those outside."""
    truth = np.array(([False] * 10 + [True] * 10) * 2)
    scores = np.concatenate(
        [np.linspace(0.60, 0.69, 10), np.linspace(0.8, 0.89, 10), np.full(10, 0.1), np.full(10, 0.5)]
    )
    return np.arange(40) < 20, truth, scores


def test_a_mention_that_lifts_scores_is_seen_between_slice_and_background():
    inside, truth, scores = _biased()
    (found,) = slices({"women": inside}, "hate", truth, scores, 0.6)
    assert (found.texts, found.positives, found.threshold) == (20, 10, 0.6)
    assert (found.subgroup_auc, found.bpsn_auc, found.bnsp_auc) == (1.0, 0.0, 1.0)
    assert (found.false_positive_rate, found.background_rate) == (1.0, 0.0)


def test_a_slice_of_few_texts_is_left_out():
    inside, truth, scores = _biased()
    assert slices({"few": np.arange(40) < 19}, "hate", truth, scores, 0.6) == ()
    assert slices({"women": inside}, "hate", np.ones(40, dtype=bool), scores, 0.6) == ()


def test_an_area_over_few_of_one_class_is_not_a_number():
    _, truth, scores = _biased()
    inside = np.isin(np.arange(40), [*range(10), *range(20, 30), 10])
    (found,) = slices({"mostly harmless": inside}, "hate", truth, scores, 0.6)
    assert np.isnan(found.subgroup_auc)
    assert (found.false_positive_rate, np.isnan(found.background_rate)) == (0.5, True)


def test_the_largest_slice_comes_first():
    inside, truth, scores = _biased()
    found = slices({"a": inside, "b": np.ones(40, dtype=bool)}, "hate", truth, scores, 0.6)
    assert [one.name for one in found] == ["b", "a"]
