"""Which personal data is found, of what kind, exactly where and how surely."""

import pytest

from moderation.detectors.base import Sample
from moderation.detectors.normalise import normalise
from moderation.detectors.pii.detector import PiiDetector

DETECTOR = PiiDetector.build({}, [])


def found(text):
    (detections,) = DETECTOR.detect([Sample(text, normalise(text))])
    return [(e.detail.removeprefix("pii:"), text[e.start : e.end]) for d in detections for e in d.evidence]


def score(text):
    (detections,) = DETECTOR.detect([Sample(text, normalise(text))])
    return detections[0].score if detections else 0.0


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        ("write to ann.lee+shop@mail.example.com, please", "email", "ann.lee+shop@mail.example.com"),
        ("жалоба: анна@пример.рф.", "email", "анна@пример.рф"),
        ("mail ann.lee at example dot com", "email", "ann.lee at example dot com"),
        ("mail ann [at] example [dot] com!", "email", "ann [at] example [dot] com"),
        ("ann(at)example.org", "email", "ann(at)example.org"),
        ("ann @ gmail . com", "email", "ann @ gmail . com"),
        ("ring +44 20 7946 0958 now", "phone", "+44 20 7946 0958"),
        ("(212) 555-0198 is out, 415-555-2671 is not", "phone", "415-555-2671"),
        ("call 555 0134", "phone", "555 0134"),
        ("tel. 030 901820", "phone", "030 901820"),
        ("iban DE89 3704 0044 0532 0130 00 thanks", "iban", "DE89 3704 0044 0532 0130 00"),
        ("GB82WEST12345698765432", "iban", "GB82WEST12345698765432"),
        ("pay with 4111 1111 1111 1111 exp 12/30", "card", "4111 1111 1111 1111"),
        ("3782-822463-10005", "card", "3782-822463-10005"),
        ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "card", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"),
        ("4111.1111.1111.1111", "card", "4111.1111.1111.1111"),
        ("from 8.8.4.4, at night", "ip_address", "8.8.4.4"),
        ("from 2a00:1450:4001:81b::200e today", "ip_address", "2a00:1450:4001:81b::200e"),
        ("mac 00:1B:44:11:3A:B7", "mac_address", "00:1B:44:11:3A:B7"),
        ("my ssn is 536-90-4399", "national_id/us_ssn", "536-90-4399"),
        ("NI number AB 12 34 56 C", "national_id/uk_nino", "AB 12 34 56 C"),
        ("NHS 943 476 5919", "national_id/uk_nhs", "943 476 5919"),
        ("Steuer-ID 86 095 742 719", "national_id/de_steuer_id", "86 095 742 719"),
        ("dni 12345678Z", "national_id/es_dni", "12345678Z"),
        ("NIE X-1234567-L", "national_id/es_nie", "X-1234567-L"),
        ("CF RSSMRA85T10A562S", "national_id/it_codice_fiscale", "RSSMRA85T10A562S"),
        ("2 95 10 99 126 111 93", "national_id/fr_nir", "2 95 10 99 126 111 93"),
        ("pesel: 44051401359", "national_id/pl_pesel", "44051401359"),
        ("bsn 111222333", "national_id/nl_bsn", "111222333"),
        ("cpf 111.444.777-35", "national_id/br_cpf", "111.444.777-35"),
        ("aadhaar 2341 2341 2346", "national_id/in_aadhaar", "2341 2341 2346"),
        ("personnummer 640823-3234", "national_id/se_personnummer", "640823-3234"),
        ("131052-308T", "national_id/fi_hetu", "131052-308T"),
        ("sin 046 454 286", "national_id/ca_sin", "046 454 286"),
        ("tax file number 123 456 782", "national_id/au_tfn", "123 456 782"),
        ("medicare 2123 45670 1", "national_id/au_medicare", "2123 45670 1"),
        ("kimlik 10000000146", "national_id/tr_kimlik", "10000000146"),
        ("my passport number is C01X00T47", "passport", "C01X00T47"),
        ("passport no. 123456789", "passport", "123456789"),
        ("driver's license: D1234567", "driving_licence", "D1234567"),
        ("send to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "crypto_address", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "crypto_address", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
        ("she lives at 12 Long Acre Road", "address", "12 Long Acre Road"),
        ("Adresse: Lange Straße 12", "address", "Lange Straße 12"),
        ("postcode SW1A 1AA", "postal_code", "SW1A 1AA"),
        ("zip 90210", "postal_code", "90210"),
    ],
)
def test_personal_data_is_found_in_its_place(text, kind, place):
    assert (kind, place) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "🙂",
        "look at example dot com",
        "we meet at the office. It is late",
        "see you at 10.30 on 2024-05-17",
        "version 10.2.3.4 is out",
        "12:30:45 and std::vector",
        "4111 1111 1111 1112",
        "0000 0000 0000 0000",
        "it cost $1,234,567 in 1998-2004",
        "12345678A",
        "DE89 3704 0044 0532 0130 01",
        "450 000 000 stars, 1 000 000 000 planets",
        "score 21:19, 3-0, 100/200",
        "3.14159265358979",
        "@ann, see #12345",
    ],
)
def test_other_text_holds_none(text):
    assert found(text) == []


def test_a_national_number_without_a_word_for_it_is_not_read_into_nine_digits():
    assert found("111222333") == []
    assert found("046454286") == []


def test_places_count_characters_of_the_text_as_written():
    assert found("🙂🙂 mail ａnn@example.com") == [("email", "ａnn@example.com")]
    assert found("4\u200b111 1111 1111 11\u200b11") == [("card", "4\u200b111 1111 1111 11\u200b11")]
    assert found("٠٣٠ card ٤١١١ ١١١١ ١١١١ ١١١١") == [("card", "٤١١١ ١١١١ ١١١١ ١١١١")]


def test_a_word_nearby_makes_a_finding_surer_and_an_order_number_less():
    assert score("my card 4111111111111111") == 0.98
    assert score("4111111111111111") == 0.9
    assert score("order no. 4111111111111111") == 0.45
    assert score("415-555-2671") < score("call 415-555-2671")


def test_what_harms_most_when_shown_scores_most():
    assert score("GB82WEST12345698765432") == 0.99
    assert score("ann@example.com") == 0.588
    assert score("8.8.4.4") == 0.38
    assert score("10.0.0.1") == 0.2


def test_the_surest_reading_of_a_place_wins():
    assert found("call me: 415-555-2671") == [("phone", "415-555-2671")]
    assert found("192.168.100.200") == [("ip_address", "192.168.100.200")]
