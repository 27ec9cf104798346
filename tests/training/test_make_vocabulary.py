"""The vocabulary's making: which words are kept, and the two files."""

from training.make_vocabulary import FEWEST_TEXTS_OF_A_PAIR, as_levels, as_pairs, at_risk, pair_counts, word_counts


def test_common_words_are_kept_and_slips_and_names_are_not():
    texts = ["the goose wibbled"] * 40 + ["the gosse ran"] * 3 + ["Zorblatt said so"] * 5 + ["once wobbled"] * 2
    counts = word_counts(texts, {"the", "goose", "ran", "##ing", "[PAD]"})
    assert (counts["goose"], counts["wibbled"], counts["ran"]) == (40, 40, 3)
    assert not {"gosse", "zorblatt", "wobbled", "##ing"} & counts.keys()


def test_harmful_words_are_known_and_their_disguises_are_not():
    counts = word_counts(["what a fuk"] * 50, {"what", "fuk"})
    assert "idiot" in counts
    assert "fuk" not in counts


def test_dictionary_words_that_look_like_slips_are_kept():
    assert at_risk(["crock", "elephant", "apps"], {"crop": 5}) >= {"crock"}
    assert "elephant" not in at_risk(["elephant"], {"crop": 5})


def test_pairs_are_counted_within_a_clause():
    assert pair_counts(["Silly goose. Away", "silly goose"], {"silly", "goose", "away"}) == {"silly goose": 2}


def test_files_hold_levels_and_usual_pairs():
    assert as_levels({"b": 1, "a": 1, "the": 16}) == "8 the\n0 a b\n"
    assert as_pairs({"a b": FEWEST_TEXTS_OF_A_PAIR, "a c": 1}) == "a b\n"
