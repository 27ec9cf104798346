"""Long texts are read in pieces that lose nothing."""

import pytest

from moderation.detectors.base import NormalisedText, Sample
from moderation.detectors.text.windows import LENGTH, WHOLE, says_something, windows_of


def sample(text):
    return Sample(text, NormalisedText(text, range(len(text) + 1)))


@pytest.mark.parametrize("text", ["", "short", "x" * WHOLE])
def test_a_text_of_usual_length_is_one_window(text):
    (window,) = windows_of([sample(text)])
    assert (window.sample, window.rank, window.start, window.text) == (0, 0, 0, text)


@pytest.mark.parametrize("text", ["word " * 1_000, "x" * 5_000, " " * 3_000])
def test_windows_follow_each_other_without_a_gap(text):
    windows = windows_of([sample(text)])
    assert "".join(window.text for window in windows) == text
    assert [window.start for window in windows] == [
        sum(len(w.text) for w in windows[:at]) for at in range(len(windows))
    ]
    assert all(len(window.text) <= WHOLE for window in windows)


def test_a_window_is_cut_between_words():
    first, *_ = windows_of([sample("seven77 " * 200)])
    assert first.text.endswith("seven77")
    assert LENGTH - 8 <= len(first.text) <= LENGTH


def test_windows_know_their_sample():
    windows = windows_of([sample("one"), sample("y" * 1_000), sample("three")])
    assert [window.sample for window in windows] == [0, 1, 1, 2]
    assert [window.rank for window in windows] == [0, 0, 1, 0]


@pytest.mark.parametrize(("text", "says"), [("", False), ("12 !?", False), ("ab", False), ("abc", True)])
def test_three_letters_say_something(text, says):
    assert says_something(text) is says
