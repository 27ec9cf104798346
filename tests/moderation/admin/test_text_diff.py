"""What an edit changed in a text."""

import pytest

from moderation.admin.text_diff import GAP, diff_texts


def _shown(old, new):
    marks = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return "".join(marks[part.kind].format(part.text) for part in diff_texts(old, new))


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("The soup was cold.", "The soup was warm.", "The soup was [-cold.-][+warm.+]"),
        ("The soup", "The good soup", "The [+good +]soup"),
        ("The good soup", "The soup", "The [-good -]soup"),
        ("", "New words", "[+New words+]"),
        ("Old words", "", "[-Old words-]"),
        ("The same", "The same", "The same"),
        ("a b c d", "b c d e", "[-a -]b c [-d-][+d e+]"),
    ],
)
def test_words_that_went_and_came_are_marked(old, new, shown):
    assert _shown(old, new) == shown


def test_long_stretches_that_stayed_are_cut():
    old = "beans " * 500 + "cold " + "peas " * 500
    first, removed, added, last = diff_texts(old, old.replace("cold", "warm"))
    assert (removed.text, added.text) == ("cold ", "warm ")
    assert first.text.startswith(GAP)
    assert last.text.endswith(GAP)
    assert len(first.text) + len(last.text) < 300


@pytest.mark.parametrize("text", ["x" * 100_000, "a b " * 25_000, "\n" * 100_000])
def test_hostile_texts_are_not_compared_word_by_word(text):
    parts = diff_texts(text, "y " + text[::-1] + "!")
    assert len(parts) <= 4
    assert "".join(part.text for part in parts if part.kind == "added")


def test_all_of_both_texts_is_in_the_parts():
    old, new = "one two  three\nfour", "one three four\nfive"
    parts = diff_texts(old, new)
    assert "".join(part.text for part in parts if part.kind != "added") == old
    assert "".join(part.text for part in parts if part.kind != "removed") == new
