"""A word of two scripts is read in the one it is written in."""

from random import Random

import pytest

from moderation.detectors.language import identify
from moderation.detectors.mixed_scripts import without_mixed_words
from moderation.detectors.normalise import normalise
from moderation.detectors.term_lists import TermListsDetector, TermListSpec
from training.attacks import ATTACKS


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Я cвapю cyп зaвтpa, кopoвa", "я сварю суп завтра, корова"),
        ("Я сварю суп, кyмa cxватила", "я сварю суп, кума схватила"),
        ("xopoшo, cepaя мышь", "хорошо, серая мышь"),
        ("Eίσαι μεγάλος γάιδapoς", "εισαι μεγαλοσ γαιδαροσ"),
        ("уоu аrе а ѕillу gооse", "you are a silly goose"),
        ("you are an iдiot", "you are an idiot"),
        ("a stupиd gооse", "a stupid goose"),
        ("Привет, my friend, как дела", "привет, my friend, как дела"),
        ("Мой cat спит, а pop играет на iphone", "мои cat спит, а pop играет на iphone"),
        ("I said привет to everyone", "i said привет to everyone"),
    ],
)
def test_a_word_of_two_scripts_is_read_in_its_own(written, read):
    assert normalise(written).text == read


def test_russian_in_latin_letters_is_still_russian():
    text = "Я cвapю cyп зaвтpa, кopoвa"
    assert identify(text, normalise(text).text).language in ("ru", "bg", "uk", "sr", "mk", "be")
    assert identify(text, normalise(text).text, "en").language != "en"


@pytest.mark.parametrize("text", ["ты cвинья", "Tы, кaк вceгдa, cвинья"])
def test_a_term_in_cyrillic_is_found_behind_latin_letters(sample, text):
    detector = TermListsDetector([TermListSpec("words", "insult", 0.9, ("свинья",))])
    ((found,),) = detector.detect([sample(text)])
    (evidence,) = found.evidence
    assert (evidence.end - evidence.start, evidence.end) == (6, len(text))


@pytest.mark.parametrize("text", ["cоpoка", "copoка", "сорока"])
def test_a_term_of_look_alikes_is_found_alone_in_either_script(sample, text):
    detector = TermListsDetector([TermListSpec("words", "insult", 0.9, ("сорока",))])
    assert detector.detect([sample(text)]) != [[]]


def test_a_term_in_cyrillic_does_not_match_an_english_word(sample):
    detector = TermListsDetector([TermListSpec("words", "insult", 0.9, ("рот",))])
    assert detector.detect([sample("a pot of tea")]) == [[]]


def test_a_text_keeps_its_length_and_its_ends():
    text = "я" * 20_000 + "a" * 20_000 + " cyк" * 2_000
    assert len(without_mixed_words(text)) == len(text)


@pytest.mark.parametrize("seed", range(5))
def test_english_in_the_letters_of_other_scripts_is_english(seed):
    text = "You are a stupid idiot and nobody likes you here"
    assert normalise(ATTACKS["homoglyph"](text, Random(seed))).text == text.lower()
