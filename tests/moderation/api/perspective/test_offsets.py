"""Spans are where they say, counted in UTF-16 code units of what was sent."""

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.api.perspective.markup import read_html
from moderation.api.perspective.offsets import ReadText
from moderation.api.perspective.sentences import MOST, sentences

pieces = st.sampled_from(
    [
        *"ab. !?\n\r\t<>&;",
        "🙂",
        "👨‍👩‍👧",
        "é",
        "e\u0301",
        "。",
        "\r\n",
        "Mr. ",
        "x\ufe0f",
        "<b>",
        "</p>",
        "&amp;",
        "&#128578;",
        "&eacute",
    ]
)
texts = st.lists(pieces, max_size=40).map("".join) | st.text(st.characters(codec="utf-8"), max_size=60)
often = settings(max_examples=400, deadline=None)


def cut(text: str, begin: int, end: int) -> str:
    """What JavaScript's ``substring`` gives."""
    return text.encode("utf-16-le")[2 * begin : 2 * end].decode("utf-16-le")


@often
@given(texts)
def test_a_sentence_is_what_its_span_cuts_out(text):
    read = ReadText.plain(text)
    for start, end in sentences(text):
        assert cut(text, *read.span(start, end)) == text[start:end]


@often
@given(texts)
def test_sentences_are_in_order_trimmed_and_leave_only_space_between(text):
    found = sentences(text)
    last = 0
    for start, end in found:
        assert start < end
        assert not text[last:start].strip()
        assert text[start:end].strip() == text[start:end]
        last = end
    assert not text[last:].strip()
    assert len(found) <= MOST


@often
@given(texts)
def test_html_that_is_cut_and_read_again_says_the_same(text):
    read = read_html(text)
    for start, end in sentences(read.text):
        begin, stop = read.span(start, end)
        assert read_html(cut(text, begin, stop)).text.strip() in read.text


@often
@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=60))
def test_escaped_text_is_read_as_it_was(text):
    read = read_html(html.escape(text))
    assert read.text == text
    assert read.span(0, len(text)) == (0, len(html.escape(text).encode("utf-16-le")) // 2) if text else True


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("What a name? Sorry, I like it.", ["What a name?", "Sorry, I like it."]),
        ("🙂 Hi there.  👨‍👩‍👧 We are three!", ["🙂 Hi there.", "👨‍👩‍👧 We are three!"]),
        ("Cafe\u0301 noir.\r\nEncore un. Oui", ["Cafe\u0301 noir.", "Encore un.", "Oui"]),
        ("Mr. Brown met J. Smith at 3.30 today.", ["Mr. Brown met J. Smith at 3.30 today."]),
        ("No. He said \u201cstop.\u201d Then he left...", ["No.", "He said \u201cstop.\u201d", "Then he left..."]),
        ("今日は雨。明日は晴れ！", ["今日は雨。", "明日は晴れ！"]),
        (" \n ", []),
    ],
)
def test_sentences_are_cut_where_a_reader_would(text, parts):
    read = ReadText.plain(text)
    assert [cut(text, *read.span(*place)) for place in sentences(text)] == parts


def test_thousands_of_sentences_are_put_together():
    text = "No! " * 5000
    found = sentences(text)
    assert len(found) == MOST
    assert (found[0][0], found[-1][1]) == (0, len(text) - 1)


@pytest.mark.parametrize(
    "text", ["<a" * 10_000, "<!--" * 5_000, "&" * 20_000, "<script>" * 2_500, "<" * 20_000, "&a" * 9_000]
)
def test_hostile_markup_is_read(text):
    assert len(read_html(text).text) <= len(text)
