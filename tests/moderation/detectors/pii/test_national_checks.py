"""Check digits: numbers that the registers publish as examples are right, and wrong with any one digit changed."""

import pytest

from moderation.detectors.pii import checksums, national_checks

EXAMPLES = {
    "uk_nhs": "9434765919",
    "de_steuer_id": "86095742719",
    "fr_nir": "295109912611193",
    "es_dni": "12345678Z",
    "pl_pesel": "44051401359",
    "nl_bsn": "111222333",
    "be_rrn": "85073003328",
    "br_cpf": "11144477735",
    "in_aadhaar": "234123412346",
    "se_personnummer": "6408233234",
    "fi_hetu": "131052-308T",
    "no_fodselsnummer": "15108695088",
    "ca_sin": "046454286",
    "au_tfn": "123456782",
    "au_medicare": "2123456701",
    "tr_kimlik": "10000000146",
    "za_id": "8001015009087",
    "cn_resident_id": "11010519491231002X",
    "sg_nric": "S1234567D",
    "mx_curp": "BOXW310820HNERXN09",
    "cl_rut": "125319092",
    "pt_nif": "123456789",
    "it_codice_fiscale": "RSSMRA85T10A562S",
}


@pytest.mark.parametrize(("scheme", "number"), EXAMPLES.items(), ids=EXAMPLES)
def test_an_example_of_the_register_is_right(scheme, number):
    assert getattr(national_checks, scheme)(number)


@pytest.mark.parametrize(("scheme", "number"), EXAMPLES.items(), ids=EXAMPLES)
def test_the_example_with_one_digit_changed_is_wrong(scheme, number):
    place = {"fi_hetu": 3, "it_codice_fiscale": 7, "mx_curp": 17}.get(scheme, 5)
    others = [number[:place] + digit + number[place + 1 :] for digit in "0123456789" if digit != number[place]]
    assert not any(getattr(national_checks, scheme)(other) for other in others)


@pytest.mark.parametrize("number", ["000121234", "666121234", "900121234", "123004567", "123450000", "078051120"])
def test_a_social_security_number_that_was_never_given_out_is_none(number):
    assert not national_checks.us_ssn(number)


def test_a_foreigner_s_number_in_spain_counts_its_first_letter():
    assert national_checks.es_dni("X1234567L")
    assert not national_checks.es_dni("Y1234567L")


def test_corsica_has_letters_in_its_department():
    assert national_checks.fr_nir("2550" + "8" + "2A" + "168025" + f"{97 - int('2550819168025') % 97:02}")


def test_a_prefix_that_is_not_used_makes_no_insurance_number():
    assert national_checks.uk_nino("AB123456C")
    assert not national_checks.uk_nino("GB123456C")


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (checksums.luhn, "79927398713", "79927398710"),
        (checksums.verhoeff, "2363", "2364"),
        (checksums.mod_97_10, "GB82WEST12345698765432", "GB82WEST12345698765423"),
        (checksums.base58check, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"),
        (checksums.bech32, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"),
    ],
)
def test_a_checksum_tells_right_from_wrong(check, right, wrong):
    assert check(right)
    assert not check(wrong)
