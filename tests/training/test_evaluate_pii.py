"""How well personal data is found is counted by overlap, kind by kind."""

from training.evaluate_pii import KindQuality, measure

ROWS = [
    {"text": "write to ann@example.com", "spans": [["EMAIL_ADDRESS", 9, 24]]},
    {"text": "Ann is 42, card 4111111111111111", "spans": [["PERSON", 0, 3], ["AGE", 7, 9]]},
    {"text": "the number is secret", "spans": [["PHONE_NUMBER", 14, 20]]},
]


def test_what_is_found_missed_and_wrong_is_counted_by_kind():
    assert measure(ROWS) == [
        KindQuality("card", labelled=0, found=0, told=1, right=0),
        KindQuality("email", labelled=1, found=1, told=1, right=1),
        KindQuality("phone", labelled=1, found=0, told=0, right=0),
    ]


def test_a_share_of_nothing_is_none():
    assert (KindQuality("card", 0, 0, 0, 0).recall, KindQuality("card", 0, 0, 0, 0).precision) == (0.0, 0.0)
    assert KindQuality("phone", 4, 3, 5, 4).recall == 0.75
