"""Personal data is taken out of a text by its evidence."""

from moderation.detectors.pii.masking import mask_text


def span(start, end, detail, category="pii"):
    return {"category": category, "start": start, "end": end, "detector": "pii", "detail": detail}


def test_each_place_is_replaced_by_its_kind():
    evidence = [span(9, 24, "pii:email"), span(28, 37, "pii:national_id/es_dni")]
    assert mask_text("write to ann@example.com or 12345678Z!", evidence) == "write to [email] or [national id]!"


def test_other_evidence_stays_readable():
    assert mask_text("you numpty", [span(4, 10, "house", "insult")]) is None
    assert mask_text("you ann@b.com", [span(0, 3, "x", "insult"), span(4, 13, "pii:email")]) == "you [email]"


def test_places_that_overlap_become_one():
    assert mask_text("0123456789", [span(2, 6, "pii:phone"), span(4, 8, "pii:card")]) == "01[phone]89"


def test_a_site_s_own_list_masks_its_finds():
    assert mask_text("I am Zorro", [span(5, 10, "real-names")]) == "I am [real-names]"


def test_places_beyond_the_text_are_cut():
    assert mask_text("short", [span(2, 99, "pii:card")]) == "sh[card]"
