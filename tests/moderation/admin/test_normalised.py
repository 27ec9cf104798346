"""The text as the detectors read it: what was changed is marked, and what is covered stays covered."""

from moderation.admin.evidence import Segment
from moderation.admin.normalised import MOST_CHARACTERS, read_plainly


def _read(text: str):
    return read_plainly(text, [Segment(text)])


def test_plain_text_is_read_as_it_is_written():
    reading = _read("The Soup was warm.")
    assert ("".join(piece.text for piece in reading.pieces), reading.changed) == ("the soup was warm.", 0)


def test_disguised_words_are_marked():
    reading = _read("You are an 1d10t, really.")
    assert [piece.text for piece in reading.pieces if piece.is_changed] == ["idiot,"]
    assert reading.changed == 1


def test_zalgo_and_hidden_characters_are_gone():
    reading = _read("so\u0335\u0336up\u200b \u202ewarm")
    assert "".join(piece.text for piece in reading.pieces).split() == ["soup", "warm"]


def test_covered_number_stays_covered():
    text = "pay 4111 1111 now"
    segments = [Segment(text[:4]), Segment(text[4:13], ("pii",), "card number"), Segment(text[13:])]
    shown = "".join(piece.text for piece in read_plainly(text, segments).pieces)
    assert "4111" not in shown
    assert shown.startswith("pay ••••")


def test_long_text_is_cut():
    reading = _read("soup " * MOST_CHARACTERS)
    assert reading.is_cut
    assert sum(len(piece.text) for piece in reading.pieces) <= MOST_CHARACTERS


def test_no_text_is_read_as_none():
    assert _read("").pieces == []
