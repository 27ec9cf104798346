"""Sexual content that speaks of minors is told by a rule; children alone are no offence."""

import pytest

from moderation.detectors.text.minors import FROM_SEXUAL, minors_score


@pytest.mark.parametrize(
    "words",
    [
        "a child", "two kids", "a minor", "underage", "a preteen", "school girl", "a 15 year old", "15yo", "aged 12",
        "sixteen year old", "a high schooler", "my niece", "seventh grader", "a teenager",
    ],
)  # fmt: skip
def test_words_for_minors_take_the_sexual_score(words):
    assert minors_score(f"something about {words} here", 0.6) == 0.6


@pytest.mark.parametrize(
    "words", ["a 25 year old", "an adult", "a woman", "115 years old", "kidney", "minority", "teeny"]
)
def test_words_for_adults_do_not(words):
    assert minors_score(f"something about {words} here", 0.9) == 0.0


def test_children_without_anything_sexual_are_no_offence():
    assert minors_score("the children went to school", FROM_SEXUAL - 0.01) == 0.0


def test_the_name_of_such_material_is_enough():
    assert minors_score("wanted: child porn", 0.0) == 0.95
