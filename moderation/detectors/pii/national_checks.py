"""Step 3, personal data: which numbers the registers of persons could have given out, country by country.

Each function takes the number without separators, letters in upper case, and says whether its form, date and check
characters fit. Written from the published descriptions of the schemes.
"""

from datetime import date

from moderation.detectors.pii.checksums import luhn, mod_11_10, verhoeff, weighted

_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_HETU_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_CF_MONTHS = "ABCDEHLMPRST"
_CF_ODD = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (
            1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14,
            16, 10, 22, 25, 24, 23,
        ),
        strict=True,
    )
)  # fmt: skip
_CF_REPLACED_DIGITS = str.maketrans("LMNPQRSTUV", "0123456789")  # given out when two people would share a code
_CURP_CHARACTERS = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _is_short_date(year: str, month: int | str, day: int | str) -> bool:
    """A date with two digits for the year, in this century or the last."""
    return _is_date(1900 + int(year), int(month), int(day)) or _is_date(2000 + int(year), int(month), int(day))


def _varied(digits: str) -> bool:
    return len(set(digits)) > 1


def us_ssn(n: str) -> bool:
    """No check digit: areas, groups and serials that were never given out, and the numbers of advertisements."""
    area, group, serial = n[:3], n[3:5], n[5:]
    given = area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"
    return given and n not in ("078051120", "219099999", "123456789") and _varied(n)


def us_itin(n: str) -> bool:
    """Nine digits that begin with 9; the fourth and fifth lie in ranges that are in use."""
    return n[0] == "9" and int(n[3:5]) in {*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100)}


def uk_nhs(n: str) -> bool:
    """Modulus 11 with the weights 10 to 2."""
    check = 11 - weighted(n[:9], range(10, 1, -1)) % 11
    return _varied(n) and check % 11 == int(n[9]) and check != 10


def uk_nino(n: str) -> bool:
    """No check digit: the prefixes that HM Revenue & Customs does not use are refused."""
    return n[:2] not in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")


def de_steuer_id(n: str) -> bool:
    """Of the first ten digits one occurs twice or three times, the rest once at most; MOD 11,10."""
    counts = sorted(n[:10].count(digit) for digit in set(n[:10]))
    return n[0] != "0" and counts[-1] in (2, 3) and counts[-2] == 1 and mod_11_10(n)


def fr_nir(n: str) -> bool:
    """Sex, year, month, place, order, and 97 minus the rest of it; Corsica's 2A and 2B stand for 19 and 18."""
    body = (
        n[:13].replace("2A", "19", 1) if n[5:7] == "2A" else n[:13].replace("2B", "18", 1) if n[5:7] == "2B" else n[:13]
    )
    month = int(n[3:5])
    return (
        body.isdigit() and (1 <= month <= 12 or 20 <= month <= 42 or month >= 50) and 97 - int(body) % 97 == int(n[13:])
    )


def es_dni(n: str) -> bool:
    """Eight digits, or X, Y, Z and seven, and the letter of the rest modulo 23."""
    digits = str("XYZ".index(n[0])) + n[1:8] if n[0] in "XYZ" else n[:8]
    return _varied(digits) and _DNI_LETTERS[int(digits) % 23] == n[8]


def it_codice_fiscale(n: str) -> bool:
    """Birth month and day in their places, and the letter that the other fifteen characters give."""
    day = int(n[9:11].translate(_CF_REPLACED_DIGITS))
    if n[8] not in _CF_MONTHS or not (1 <= day <= 31 or 41 <= day <= 71):
        return False
    total = sum(_CF_ODD[c] if place % 2 == 0 else _even(c) for place, c in enumerate(n[:15]))
    return chr(ord("A") + total % 26) == n[15]


def _even(character: str) -> int:
    return int(character) if character.isdigit() else ord(character) - ord("A")


def pl_pesel(n: str) -> bool:
    """Birth date with the century in the month, and a weighted digit."""
    century = {0: 1900, 1: 2000, 2: 2100, 3: 2200, 4: 1800}[int(n[2]) // 2]
    born = _is_date(century + int(n[:2]), int(n[2:4]) % 20, int(n[4:6]))
    return born and (10 - weighted(n[:10], (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10) % 10 == int(n[10])


def nl_bsn(n: str) -> bool:
    """The eleven test: weights 9 to 2 and minus 1."""
    return _varied(n) and weighted(n, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def be_rrn(n: str) -> bool:
    """Birth date, order, and 97 minus the rest; births since 2000 count with a 2 in front."""
    check = int(n[9:])
    born = int(n[2:4]) <= 12 and int(n[4:6]) <= 31
    return born and check in (97 - int(n[:9]) % 97, 97 - int("2" + n[:9]) % 97)


def br_cpf(n: str) -> bool:
    """Two weighted digits modulo 11."""
    return _varied(n) and all(
        weighted(n[:length], range(length + 1, 1, -1)) * 10 % 11 % 10 == int(n[length]) for length in (9, 10)
    )


def in_aadhaar(n: str) -> bool:
    """Twelve digits, never 0 or 1 in front, no palindrome, Verhoeff."""
    return n[0] not in "01" and n != n[::-1] and verhoeff(n)


def se_personnummer(n: str) -> bool:
    """Birth date (a coordination number adds 60 to the day), three digits and Luhn."""
    short = n[-10:]
    day = int(short[4:6])
    return _is_short_date(short[:2], short[2:4], day - 60 if day > 60 else day) and luhn(short)


def fi_hetu(n: str) -> bool:
    """Birth date, a sign for the century, three digits and the character of the rest modulo 31."""
    if not (_is_short_date(n[4:6], n[2:4], n[:2]) and 2 <= int(n[7:10]) <= 999):
        return False
    return _HETU_CHARACTERS[int(n[:6] + n[7:10]) % 31] == n[10]


def no_fodselsnummer(n: str) -> bool:
    """Birth date (40 added to day or month for special numbers) and two weighted digits."""
    day, month = int(n[:2]) % 40, int(n[2:4]) % 40
    first = -weighted(n[:9], (3, 7, 6, 1, 8, 9, 4, 5, 2)) % 11
    second = -weighted(n[:10], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return _is_short_date(n[4:6], month, day) and (first, second) == (int(n[9]), int(n[10]))


def dk_cpr(n: str) -> bool:
    """A birth date and four digits: the check digit was given up in 2007."""
    return _is_short_date(n[4:6], n[2:4], n[:2])


def ca_sin(n: str) -> bool:
    """Nine digits and Luhn; none begins with 0 or 8, but test numbers with 0 are known everywhere."""
    return n[0] != "8" and _varied(n) and luhn(n)


def au_tfn(n: str) -> bool:
    """Nine digits, weighted, modulo 11."""
    return _varied(n) and weighted(n, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


def au_medicare(n: str) -> bool:
    """Eight digits, a weighted check digit, an issue number; begins with 2 to 6."""
    return n[0] in "23456" and weighted(n[:8], (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == int(n[8])


def tr_kimlik(n: str) -> bool:
    """Eleven digits; the last two follow from the others."""
    d = [int(digit) for digit in n]
    tenth = (sum(d[0:9:2]) * 7 - sum(d[1:8:2])) % 10
    return d[0] != 0 and tenth == d[9] and sum(d[:10]) % 10 == d[10]


def za_id(n: str) -> bool:
    """Birth date, seven digits, Luhn."""
    return _is_short_date(n[:2], n[2:4], n[4:6]) and n[10] in "012" and luhn(n)


def cn_resident_id(n: str) -> bool:
    """GB 11643: place, birth date, order, and ISO/IEC 7064 MOD 11-2."""
    if not _is_date(int(n[6:10]), int(n[10:12]), int(n[12:14])):
        return False
    return "10X98765432"[weighted(n[:17], [2**place % 11 for place in range(17, 0, -1)]) % 11] == n[17]


def sg_nric(n: str) -> bool:
    """S, T for citizens, F, G for others, seven digits and the letter of their weighted rest."""
    total = weighted(n[1:8], (2, 7, 6, 5, 4, 3, 2)) + (4 if n[0] in "TG" else 0)
    return ("JZIHGFEDCBA" if n[0] in "ST" else "XWUTRQPNMLK")[total % 11] == n[8]


def mx_curp(n: str) -> bool:
    """Letters of the name, birth date, sex, state, and a digit from all."""
    if not _is_short_date(n[4:6], n[6:8], n[8:10]):
        return False
    total = sum(_CURP_CHARACTERS.index(c) * weight for c, weight in zip(n[:17], range(18, 1, -1), strict=True))
    return -total % 10 == int(n[17])


def cl_rut(n: str) -> bool:
    """Up to eight digits, weights 2 to 7 over and over, and a digit or K."""
    total = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(n[:-1])))
    return _varied(n[:-1]) and "0123456789K0"[-total % 11] == n[-1]


def pt_nif(n: str) -> bool:
    """Nine digits, weights 9 to 2, modulo 11."""
    check = 11 - weighted(n[:8], range(9, 1, -1)) % 11
    return n[0] in "123" and _varied(n) and (0 if check > 9 else check) == int(n[8])
