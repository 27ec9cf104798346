"""Changes to a text and its map."""

from moderation.detectors.edits import replaced


def test_without_edits_both_stay():
    offsets = range(6)
    assert replaced("goose", offsets, []) == ("goose", offsets)


def test_a_longer_word_spreads_over_the_place_of_the_old():
    assert replaced("a gose b", range(9), [(2, 6, "goose")]) == ("a goose b", [0, 1, 2, 2, 3, 4, 5, 6, 7, 8])


def test_an_insertion_maps_to_the_character_behind_it():
    assert replaced("shutup", range(7), [(4, 4, " ")]) == ("shut up", [0, 1, 2, 3, 4, 4, 5, 6])
