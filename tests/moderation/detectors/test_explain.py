"""Which words are shown for a high score."""

import pytest

from moderation.detectors.explain import telling_spans
from moderation.detectors.heads import load_heads
from moderation.detectors.text.detector import ARTIFACTS


@pytest.fixture(scope="module")
def heads():
    return load_heads(ARTIFACTS / "linear")


def words(heads, text, category):
    head = heads.categories.index(category)
    calm, own = telling_spans(heads, ["a calm one", text], [[], [head]])
    assert calm == {}
    return [text[start:end] for start, end in own.get(head, [])]


def test_the_insult_is_shown_and_the_rest_is_not(heads):
    shown = words(heads, "what a lovely morning, you idiot, the birds are out", "harassment")
    assert "idiot" in " ".join(shown)
    assert "birds" not in " ".join(shown)


def test_neighbouring_words_become_one_span(heads):
    assert "stupid idiot" in " ".join(words(heads, "oh the stupid idiot again", "toxicity"))


def test_at_most_six_words_are_shown(heads):
    text = "idiot moron fool stupid dumb loser jerk clown"
    assert len(" ".join(words(heads, text, "toxicity")).split()) <= 6


def test_a_text_without_words_shows_nothing(heads):
    assert words(heads, "   ", "toxicity") == []
