"""Words in pieces, capitals with a small l, and abbreviations that hurt: what the detectors read."""

import pytest

from moderation.detectors.normalise import normalise, original_span


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("you are an i     d     i     o     t", "you are an idiot"),
        ("i d  i o  t", "idiot"),
        ("st upid", "stupid"),
        ("stu pid id iot", "stupid idiot"),
        ("what an i diot", "what an idiot"),
        ("you lDlOT", "you idiot"),
    ],
)
def test_a_word_in_pieces_is_put_together(written, read):
    assert normalise(written).text == read


@pytest.mark.parametrize(
    "text",
    [
        "we put it on a list", "as a hole in one", "a  cup of tea", "the pen is mine", "pALl mALl", "ALL", "Bill",
        "an id is needed", "a      b      c", "turn left at the ass ociation",
    ],
)  # fmt: skip
def test_ordinary_words_stay_apart(text):
    assert normalise(text).text.split() == text.lower().split()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("kys", "kys kill yourself"),
        ("k y s", "kys kill yourself"),
        ("K.Y.S", "kys kill yourself"),
        ("oh stfu, you", "oh stfu shut the fuck up, you"),
        ("GTFO!", "gtfo get the fuck out!"),
        ("the skys @kys #kys /kys", "the skys @kys #kys /kys"),
    ],
)
def test_an_abbreviation_that_hurts_is_written_out(written, read):
    assert normalise(written).text == read


@pytest.mark.parametrize(
    ("written", "word", "original"),
    [
        ("oh k y s now", "yourself", "y s"),
        ("oh kys now", "now", "now"),
        ("you st upid goose", "stupid", "st upid"),
        ("an i   d  i o t here", "idiot", "i   d  i o t"),
        ("an lDlOT here", "idiot", "lDlOT"),
    ],
)
def test_what_was_read_is_found_in_the_original(written, word, original):
    normalised = normalise(written)
    start = normalised.text.index(word)
    begin, end = original_span(normalised, start, start + len(word))
    assert written[begin:end] == original


@pytest.mark.parametrize(
    "text", ["st upid " * 6_000, "i   " * 12_000, "kys " * 12_000, "lD" * 25_000, "a b  " * 10_000]
)
def test_long_texts_of_it_get_an_answer(text):
    normalised = normalise(text)
    assert len(normalised.offsets) == len(normalised.text) + 1
    assert normalised.offsets[-1] == len(text)
