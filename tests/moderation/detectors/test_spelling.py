"""Edits between words, and the index that finds the words near one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.detectors.spelling import DeletionIndex, edits_apart, one_edit_apart

_WORDS = st.text("abc", max_size=6)


@pytest.mark.parametrize(
    ("a", "b", "edits"),
    [("goose", "goose", 0), ("goose", "gose", 1), ("goose", "gosoe", 1), ("goose", "moose", 1), ("goose", "mouse", 2)],
)
def test_edits_are_counted(a, b, edits):
    assert edits_apart(a, b) == edits
    assert one_edit_apart(a, b) == (edits == 1)


@given(_WORDS, _WORDS)
def test_the_quick_answer_agrees_with_the_count(a, b):
    assert one_edit_apart(a, b) == (edits_apart(a, b) == 1)


@given(st.sets(_WORDS.filter(bool), max_size=20), _WORDS)
def test_the_index_misses_no_word_one_edit_away(words, asked):
    near = DeletionIndex(words, 1).near(asked)
    assert {word for word in words if edits_apart(word, asked) == 1} <= near <= words


@given(st.sets(_WORDS.filter(bool), max_size=20), _WORDS)
def test_an_index_of_two_deletions_misses_no_word_two_edits_away(words, asked):
    assert {word for word in words if edits_apart(word, asked) == 2} <= DeletionIndex(words, 2).near(asked)
