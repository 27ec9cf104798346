"""The plain short texts that the heads learn from, and what the shipped heads made of them."""

import pytest

from moderation.detectors.registry import DetectorConfig, build_panel
from training.own_text import SOURCE
from training.plain_text import plain_texts


@pytest.fixture(scope="module")
def read():
    panel = build_panel({"text": DetectorConfig()})
    return lambda text: panel.detect([text])[0].scores


def test_the_same_seed_gives_the_same_texts_fully_filled_in():
    rows = plain_texts(7)
    assert rows == plain_texts(7)
    assert not [row.text for row in rows if "{" in row.text]
    assert {row.source for row in rows} == {SOURCE}


def test_every_label_says_how_much_it_counts():
    assert all(row.labels.keys() == row.weights.keys() for row in plain_texts(7))


def test_no_text_is_both_clean_and_insulting():
    rows = plain_texts(7)
    clean = {row.text.lower() for row in rows if not any(row.labels.values())}
    assert not clean & {row.text.lower() for row in rows if any(row.labels.values())}


@pytest.mark.parametrize(
    "text",
    [
        ".", "a", "I", "you", "hello", "Tuesday", "women", "gay", "Muslims", "Jews", "Black", "lesbian", "immigrants",
        "My friend is gay", "Black women deserve equal pay", "My aunt married a woman last spring",
        "Check out the documentation at https://docs.example.com/guide",
    ],
)  # fmt: skip
def test_the_shipped_model_finds_no_harm_in_a_word_or_a_mention(read, text):
    assert max(read(text).values()) < 0.5


@pytest.mark.parametrize("text", ["idiot", "you idiot", "You are a moron."])
def test_the_shipped_model_still_knows_a_bare_insult(read, text):
    assert read(text)["toxicity"] > 0.9


@pytest.mark.parametrize("text", ["I hate women", "Muslims are vermin"])
def test_the_shipped_model_still_knows_bare_hate(read, text):
    assert read(text)["hate"] > 0.5
