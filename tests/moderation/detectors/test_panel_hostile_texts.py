"""Every shipped detector on texts that nobody writes for pleasure: a score each, no failure, no evidence astray."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.detectors.registry import build_panel
from reviewengine import conf

HOSTILE = {
    "empty": "",
    "whitespace": " \t\r\n\u00a0\u2003",
    "one emoji": "🙃",
    "50,000 letters": "a" * 50_000,
    "50,000 characters of prose": "You are a fool, they said, and wrote it down. " * 1_087,
    "50,000 digits": "4111 1111 1111 111" * 2_777,
    "50,000 brackets": "(" * 50_000,
    "50,000 emoji": "🐍" * 50_000,
    "right to left": "\u202e\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 hello\u202c",
    "unassigned code points": "\U000e0fff\u0378\U0003fffe and more",
    "10,000 marks on one letter": "e" + "\u0301" * 10_000,
    "lone surrogates": "half \ud83d of an emoji \udc00",
    "NUL and controls": "a\x00b\x07c\x1b[31m",
    "links without end": "http://" + "a." * 20_000 + "example",
    "at signs": "a@" * 20_000,
    "one long word of every script": "".join(map(chr, range(0x20, 0xD7FF, 3))),
}


@pytest.fixture(scope="module")
def panel():
    return build_panel({name: settings for name, settings in conf.load().detectors.items() if name != "remote"})


def assert_sound(text, report):
    assert report.failures == {}
    assert all(0 <= score <= 1 for score in report.scores.values())
    assert all(0 <= found.start < found.end <= len(text) for found in report.evidence)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_text_is_scored_like_any_other(panel, text):
    (report,) = panel.detect([text])
    assert_sound(text, report)


def test_hostile_texts_do_not_hurt_their_neighbours(panel):
    calm = "The library opens at ten."
    alone, *_ = panel.detect([calm])
    among = panel.detect([*HOSTILE.values(), calm])[-1]
    assert among == alone


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(codec=None, exclude_categories=()), max_size=200), min_size=1, max_size=4))
def test_any_texts_are_scored(panel, texts):
    for text, report in zip(texts, panel.detect(texts), strict=True):
        assert_sound(text, report)
