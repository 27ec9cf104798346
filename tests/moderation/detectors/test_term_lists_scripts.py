"""Site lists work in every script: where words end, which marks belong to them, and how case folds."""

import pytest

from moderation.detectors.term_lists import TermListsDetector, TermListSpec

MATCHES = [
    ("โง่", "คุณโง่มาก"), ("ขี้", "ขี้หมา"), ("笨蛋", "你是笨蛋吗"), ("バカ", "お前はバカだ"), ("ばか", "おまえはばかだ"),
    ("غبي", "أنت غبي"), ("غبي", "والغبي هنا"), ("غَبِي", "أنت غبي"), ("غبي", "أنت غَبِيّ"), ("바보", "너는 바보야"),
    ("मूर्ख", "तुम मूर्ख हो"), ("नीच", "नीच!"), ("বোকা", "তুমি বোকা"), ("முட்டாள்", "நீ முட்டாள் தான்"),
    ("טיפש", "אתה טיפש"), ("дурак", "ты ДУРАК"), ("đồ ngu", "ĐỒ NGU"), ("cafe\u0301", "café"), ("café", "cafe\u0301"),
    ("STRASSE", "die Straße dort"), ("Straße", "DIE STRASSE DORT"), ("İSTANBUL", "istanbul güzel"),
    ("istanbul", "İSTANBUL güzel"), ("ISTANBUL", "ıstanbul"), ("μαλακασ", "ο μαλακας εδω"),
    ("μαλακας", "ΕΙΣΑΙ ΜΑΛΑΚΑΣ"), ("ΜΑΛΑΚΑΣ", "είσαι μαλάκας"), ("свинья", "ТЫ СВИНЬЯ"), ("СВИНЬЯ", "ты свинья"),
    ("iğrenç", "ÇOK İĞRENÇ"), ("İĞRENÇ", "çok iğrenç"), ("ıslak köpek", "ISLAK KÖPEK"), ("ﬁn", "fin"),
    ("fin", "ﬁn"),
]  # fmt: skip
APART = [
    ("राम", "रामायण पढ़ो"), ("नीच", "नीचे"), ("कम", "कमल"), ("বোক", "তুমি বোকা"), ("ছেলে", "ছেলেরা"), ("ప", "పిల్లి"),
    ("က", "ကောင်း"), ("ลา", "ล่า"), ("ขี", "ขี้หมา"), ("дурак", "дураки"), ("טיפש", "הטיפשים"), ("հա", "հայ"),
    ("ლა", "ლამაზი"), ("ass", "assé"), ("aptal", "APTALSIN"),
]  # fmt: skip


def matches(sample, term, text) -> bool:
    detector = TermListsDetector([TermListSpec("words", "insult", 0.9, (term,))])
    return detector.detect([sample(text)]) != [[]]


@pytest.mark.parametrize(("term", "text"), MATCHES)
def test_a_word_is_found(sample, term, text):
    assert matches(sample, term, text)


@pytest.mark.parametrize(("term", "text"), APART)
def test_a_part_of_a_word_is_not(sample, term, text):
    assert not matches(sample, term, text)


def test_marks_by_the_thousand_are_no_word(sample):
    assert not matches(sample, "नीच", "नीच" + "\u093e" * 10_000)
