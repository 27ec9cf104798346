"""The n-grams themselves, against a plain Python statement of what they are."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.detectors import ngrams

_TEXTS = st.lists(st.text(st.sampled_from("ab é1,.!😀漢 "), max_size=25).map(lambda t: " ".join(t.split())), min_size=1)


def expected(text):
    """Pieces of 2 to 5 characters inside each word and its edges; runs of letters and digits; neighbours among them."""
    found = Counter()
    for word in text.split():
        edged = f" {word} "
        for size in range(2, 6):
            found.update(edged[at : at + size] for at in range(len(edged) - size + 1))
    starts = [at for at in range(len(text)) if _is_word(text[at]) and not (at and _is_word(text[at - 1]))]
    ends = [at + 1 for at in range(len(text)) if _is_word(text[at]) and not _is_word(text[at + 1 : at + 2])]
    found.update(("word", text[a:b]) for a, b in zip(starts, ends, strict=True))
    words = [text[a:b] for a, b in zip(starts, ends, strict=True)]
    found.update(zip(words, words[1:], strict=False))
    return found


def _is_word(character):
    return character.isalnum() or character > "\uffff"


@settings(max_examples=300, deadline=None)
@given(_TEXTS)
def test_every_text_has_exactly_its_own_ngrams(texts):
    counted = ngrams.count(texts)
    ends = [*counted.first[1:], len(counted.buckets)]
    for text, first, end in zip(texts, counted.first, ends, strict=True):
        assert sorted(counted.counts[first:end]) == sorted(expected(text).values())


def test_equal_texts_have_equal_buckets_wherever_they_stand():
    counted = ngrams.count(["tea and cake", "x", "tea and cake"])
    first, second = counted.first[1], counted.first[2]
    assert counted.buckets[:first].tolist() == counted.buckets[second:].tolist()


def test_occurrences_tell_where_they_stand():
    found = ngrams.occurrences(["tea time"])
    joined = " tea time "
    pieces = {joined[start : start + length] for start, length in zip(found.starts, found.lengths, strict=True)}
    assert {" t", "tea", " tea ", "time", "tea time"} <= pieces
    assert "a t" not in pieces


def test_a_text_of_nothing_has_no_ngrams():
    assert ngrams.count(["", ""]).counts.tolist() == []
