"""Each disguise by itself: what the user wrote, and what the detectors read."""

import pytest

from moderation.detectors.normalise import normalise


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("SILLY Goose", "silly goose"),
        ("ｓｉｌｌｙ", "silly"),
        ("𝓼𝓲𝓵𝓵𝔂", "silly"),
        ("ⓢⓘⓛⓛⓨ", "silly"),
        ("🆂🅸🅻🅻🆈", "silly"),
        ("sɪʟʟʏ", "silly"),
        ("si\u200blly", "silly"),
        ("sil\u00adly", "silly"),
        ("s̶i̷l̸l̵y̴", "silly"),
        ("sílly", "silly"),
        ("ѕіllу", "silly"),  # Cyrillic inside a Latin word
        ("gооse in the garden", "goose in the garden"),
        ("s1lly", "silly"),
        ("$illy", "silly"),
        ("g0o$e", "goose"),
        ("s!lly", "silly"),
        ("s i l l y", "silly"),
        ("s.i.l.l.y", "silly"),
        ("s_i_l_l_y", "silly"),
        ("s-i-l-l-y", "silly"),
        ("s i l l y  g o o s e", "silly goose"),
        ("s.i.l.l.y g.o.o.s.e", "silly goose"),
        ("siiiillllyyyy", "silly"),
        ("goooose", "goose"),
        ("silly\n\n\tgoose", "silly goose"),
        ("sil\x00ly", "silly"),
        ("ſilly", "silly"),
        ("straße", "strasse"),
    ],
)
def test_disguise_is_undone(written, read):
    assert normalise(written).text == read


@pytest.mark.parametrize(
    "text",
    [
        "2nd of may",
        "at 3pm",
        "covid19",
        "mp3",
        "call 0800 123456",
        "it cost $100",
        "us$ 5",
        "me@example.com",
        "@someone hello",
        "4 x 3 m",
        "kkk",
        "xxx",
        "well, a bookshelf",
        "1000000",
        "привет мир",
        "καλημερα",
        "สวัสดีครับ",
        "हिन्दी में",
        "你好世界",
    ],
)
def test_plain_writing_is_left_alone(text):
    assert normalise(text).text == text


def test_hangul_typed_as_jamo_reads_as_syllables():
    assert normalise("\u1112\u1161\u11ab\u1100\u1173\u11af").text == "한글"


def test_a_lone_surrogate_becomes_the_replacement_character():
    assert normalise("a\ud800b").text == "a\ufffdb"


@pytest.mark.parametrize(("text", "plain"), [("ΜΑΛΑΚΑΣ", "μαλακασ"), ("ΚΑΛΗ ΣΟΥΠΑ", "καλη σουπα"), ("ЛУК", "лук")])
def test_capitals_of_another_script_stay_in_it(text, plain):
    assert normalise(text).text == plain


def test_a_greek_lambda_among_latin_letters_is_an_a():
    assert normalise("what a CΛKE").text == "what a cake"
