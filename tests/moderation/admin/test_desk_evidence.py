"""A text cut at its evidence: nothing is lost, nothing is doubled, and spans that overlap are told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.admin.evidence import MOST_SPANS, Segment, count_hidden_characters, split_at_evidence

TEXT = "The soup was cold."


def _span(start, end, category="insult"):
    return {"category": category, "start": start, "end": end, "detector": "text", "detail": ""}


def test_text_without_evidence_is_one_piece():
    assert split_at_evidence(TEXT, []) == [Segment(TEXT)]


def test_empty_text_has_no_pieces():
    assert split_at_evidence("", [_span(0, 4)]) == []


def test_evidence_is_cut_out_with_its_category():
    assert split_at_evidence(TEXT, [_span(4, 8)]) == [
        Segment("The "),
        Segment("soup", ("insult",)),
        Segment(" was cold."),
    ]


def test_overlap_belongs_to_both_categories():
    assert split_at_evidence("abcdef", [_span(0, 4, "spam"), _span(2, 6, "insult")]) == [
        Segment("ab", ("spam",)),
        Segment("cd", ("insult", "spam")),
        Segment("ef", ("insult",)),
    ]


def test_spans_of_the_same_category_become_one_piece():
    assert split_at_evidence("abcdef", [_span(0, 3), _span(2, 6)]) == [Segment("abcdef", ("insult",))]


def test_offsets_count_code_points():
    assert split_at_evidence("🐌🐌 no", [_span(3, 5)])[1] == Segment("no", ("insult",))


@pytest.mark.parametrize("span", [_span(90, 99), _span(5, 5), _span(8, 4)])
def test_span_outside_the_text_marks_nothing(span):
    assert split_at_evidence(TEXT, [span]) == [Segment(TEXT)]


def test_span_beyond_the_end_is_cut_to_the_text():
    assert split_at_evidence("abc", [_span(-5, 99)]) == [Segment("abc", ("insult",))]


def test_only_so_many_spans_are_marked():
    spans = [_span(n * 2, n * 2 + 1) for n in range(MOST_SPANS + 10)]
    segments = split_at_evidence("x" * 2000, spans)
    assert sum(bool(segment.categories) for segment in segments) == MOST_SPANS


def test_private_pieces_say_what_they_hold():
    card = {**_span(4, 8, "pii"), "private": "card number"}
    assert split_at_evidence(TEXT, [_span(0, 18), card]) == [
        Segment("The ", ("insult",)),
        Segment("soup", ("insult", "pii"), "card number"),
        Segment(" was cold.", ("insult",)),
    ]


def test_private_span_is_covered_however_many_others_come_before():
    spans = [_span(n * 2, n * 2 + 1) for n in range(MOST_SPANS + 10)]
    card = {**_span(1900, 1910, "pii"), "private": "card number"}
    assert [s.text for s in split_at_evidence("x" * 2000, [*spans, card]) if s.private] == ["x" * 10]


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50), st.sampled_from("abc"))))
def test_pieces_always_make_the_text(text, spans):
    segments = split_at_evidence(text, [_span(*span) for span in spans])
    assert "".join(segment.text for segment in segments) == text


def test_hidden_characters_are_counted_by_kind():
    assert count_hidden_characters("a\u200bb\u200bc\u202ed\x07") == {
        "text direction": 1,
        "zero width": 2,
        "tag or control": 1,
    }


def test_line_breaks_joiners_and_emoji_are_not_hidden():
    assert count_hidden_characters("one\n\ttwo 👩‍🌾 می‌خواهم") == {}
