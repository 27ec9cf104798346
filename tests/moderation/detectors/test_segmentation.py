"""Letters written without spaces."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.detectors.segmentation import read, split_words


@pytest.mark.parametrize(
    "words", ["you are a silly goose", "never gonna give you up", "what is wrong with these people", "shut up"]
)
def test_words_are_found_again(words):
    assert " ".join(split_words(words.replace(" ", ""))) == words


@pytest.mark.parametrize(
    "run", ["scunthorpe", "lightwater", "krankenversicherung", "antidisestablishmentarianism", "q"]
)
def test_what_is_no_row_of_words_stays_whole(run):
    assert split_words(run) == (run,)


def test_a_short_pair_that_is_not_usual_needs_trust():
    assert split_words("sillygoose") == ("sillygoose",)
    assert split_words("sillygoose", trusted=True) == ("silly", "goose")


@settings(max_examples=200, deadline=None)
@given(st.text("abdeginorstuy", max_size=90))
def test_the_parts_joined_are_the_run(run):
    assert "".join(split_words(run)) == run
    assert "".join(read(run).words) == run
