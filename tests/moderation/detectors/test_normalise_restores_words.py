"""Words written wrong on purpose: misspelt, masked, parted or run together, and what the detectors read."""

import pytest

from moderation.detectors.normalise import normalise, original_span


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("what an idoit", "what an idiot"),  # neighbours swapped
        ("what an idot", "what an idiot"),  # a letter left out
        ("what an idiiott", "what an idiot"),
        ("so stupis", "so stupid"),  # the next key
        ("you are patthteic", "you are pathetic"),  # two slips in a long word
        ("1d10t", "idiot"),
        ("5tup1d", "stupid"),
        ("id*ot", "idiot"),
        ("st_pid", "stupid"),
        ("i**ot", "idiot"),
        ("id-iot", "idiot"),
        ("what cr*p", "what crap"),
        ("w*man", "woman"),
        ("youareastupididiot", "you are a stupid idiot"),
        ("you area sillygoose,go away", "you area sillygoose,go away"),
        ("#youareanidiot", "#you are an idiot"),
        ("#SillyGooseDay", "#silly goose day"),
        ("y o u a r e a n i d i o t", "you are an idiot"),
        ("y o u  d o n ' t ,  i d i o t", "you don't, idiot"),
        ("yuo aer a slily gosoe", "you are a silly goose"),
        ("h i !", "hi!"),
        ("w h y ?", "why?"),
        ("ᴉpᴉoʇ", "idiot"),
        ("ʎpooʍ", "woody"),
        ("🅸🅳🅸🅾🆃", "idiot"),
        ("s🇮🇱🇱y", "silly"),
        ("b🅾️🅾️k", "book"),
        ("bo❌ing", "boxing"),
    ],
)
def test_word_is_restored(written, read):
    assert normalise(written).text == read


@pytest.mark.parametrize(
    "text",
    [
        "we met in scunthorpe and penistone",
        "the cockburn family of sussex",
        "and/or, either-or, well-known",
        "don't, can't, they're, o'brien",
        "first stop.then go on",
        "see https://example.com/youareanidiot?x=idoit",
        "mail idoit@example.com today",
        "ask @youareanidiot about it",
        "call get_idoit() in foo/idoit.py",
        "die geschwindigkeitsbegrenzung",
        "donaudampfschiffahrt",
        "ich glaube, dass wir morgen nach hause gehen und dann essen",
        "c'est la vie mon ami, je ne sais pas pourquoi tu viens",
        "no me gusta este libro porque la historia es muy larga",
        "hydroxychloroquine and rudbeckia",
        "hahahahahahaha",
        "i have 4 kids, 3pm, 2nd, mp3, covid19, 10kg",
        "a banal crock of stew on a scooter",
        "😂 so happy 🎉 👍🏿",
    ],
)
def test_plain_words_are_left_alone(text):
    assert normalise(text).text == text


@pytest.mark.parametrize(
    ("text", "word", "span"),
    [
        ("oh youareastupididiot ok", "stupid", (10, 16)),
        ("oh youareastupididiot ok", "idiot", (16, 21)),
        ("an id**t here", "idiot", (3, 8)),
        ("an idot here", "idiot", (3, 7)),
        ("an id-iot here", "idiot", (3, 9)),
        ("so #SillyGooseDay it is", "goose", (9, 14)),
        ("you 🐷 there", "pig", (4, 5)),
    ],
)
def test_a_restored_word_maps_to_where_it_was_written(text, word, span):
    read = normalise(text)
    at = read.text.index(word)
    assert original_span(read, at, at + len(word)) == span


def test_an_emoji_that_can_hurt_gets_its_word_behind_it():
    assert normalise("you 🐷🐷!").text == "you 🐷🐷 pig !"
    assert normalise("🤡").text == "🤡 clown "
    assert normalise("👩🏿").text.split() == ["👩", "woman", "🏿", "black"]
