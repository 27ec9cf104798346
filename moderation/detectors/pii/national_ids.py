"""Step 3, personal data: numbers that a state gives a person, recognised by form, check digits and the words around."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from moderation.detectors.pii import national_checks as checks
from moderation.detectors.pii.finding import Finding, PlainText, overlapping, words
from moderation.detectors.pii.phones import PHONE_WORDS

_SEPARATORS = re.compile(r"[\s./-]")
_ANY_ID = (
    r"id(?:entity)?(?: (?:no|nr|number|card))?|national id|social security|tax (?:id|number)|taxpayer"
    r"|personal (?:id|number|code)|citizen(?:ship)? (?:id|number)"
)
_CHECKED_BESIDE_WORD = 0.97


@dataclass(frozen=True, slots=True)
class _Scheme:
    """One register. Confidence without a word for it nearby: ``grouped`` where the number is written with its
    separators, ``bare`` where it is not; 0 where too many other numbers look alike."""

    name: str
    shape: re.Pattern[str]
    is_valid: Callable[[str], bool]
    bare: float
    grouped: float
    words: re.Pattern[str]
    beside_word: float = _CHECKED_BESIDE_WORD


def _scheme(
    name: str,
    shape: str,
    is_valid: Callable[[str], bool],
    bare: float,
    grouped: float,
    known_as: str,
    beside_word: float = _CHECKED_BESIDE_WORD,
) -> _Scheme:
    pattern = re.compile(rf"(?<![\w.,/+-])(?=({shape})(?![\w/+-]|[.,]\d))", re.ASCII | re.IGNORECASE)
    return _Scheme(name, pattern, is_valid, bare, grouped, words(f"{known_as}|{_ANY_ID}"), beside_word)


_SCHEMES = (
    _scheme("us_ssn", r"\d{3}([- ])\d{2}\2\d{4}", checks.us_ssn, 0, 0.85, "ssn|ss#|social|security number"),
    _scheme("us_ssn", r"\d{9}", checks.us_ssn, 0, 0, "ssn|ss#|social security(?: number)?", 0.8),
    _scheme("us_itin", r"\d{3}-\d{2}-\d{4}", checks.us_itin, 0, 0.75, "itin|tin"),
    _scheme("uk_nhs", r"\d{3}([ -]?)\d{3}\2\d{4}", checks.uk_nhs, 0, 0.3, "nhs|patient|health service"),
    _scheme(
        "uk_nino",
        r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]",
        checks.uk_nino, 0.75, 0.85, "ni(?:no)?|national insurance|insurance number", 0.95,
    ),
    _scheme(
        "de_steuer_id", r"\d{2} ?\d{3} ?\d{3} ?\d{3}", checks.de_steuer_id, 0.4, 0.8,
        r"steuer(?:-?id(?:entifikationsnummer)?|nummer)?|idnr|tin|steuerliche",
    ),
    _scheme(
        "fr_nir", r"[12] ?\d{2} ?\d{2} ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}", checks.fr_nir, 0.9, 0.97,
        r"s[eé]cu(?:rit[eé] sociale)?|nir|insee|num[eé]ro de s[eé]curit[eé]",
    ),
    _scheme("es_dni", r"\d{8}[ -]?[A-HJ-NP-TV-Z]", checks.es_dni, 0.85, 0.85, "dni|nif|documento|identidad"),
    _scheme("es_nie", r"[XYZ][ -]?\d{7}[ -]?[A-HJ-NP-TV-Z]", checks.es_dni, 0.85, 0.85, "nie|extranjero|nif"),
    _scheme(
        "it_codice_fiscale",
        r"[A-Z]{3} ?[A-Z]{3} ?[0-9LMNP-V]{2}[A-EHLMPR-T][0-9LMNP-V]{2} ?[A-Z][0-9LMNP-V]{3} ?[A-Z]",
        checks.it_codice_fiscale, 0.98, 0.98, r"codice fiscale|c\.?f\.?",
    ),
    _scheme("pl_pesel", r"\d{11}", checks.pl_pesel, 0.5, 0.5, "pesel"),
    _scheme("nl_bsn", r"\d{9}|\d{4}[. ]\d{2}[. ]\d{3}|\d{3}[. ]\d{3}[. ]\d{3}", checks.nl_bsn, 0, 0.2,
            "bsn|burgerservicenummer|sofinummer|burger"),
    _scheme("be_rrn", r"\d{2}[. ]?\d{2}[. ]?\d{2}[- ]?\d{3}[. ]?\d{2}", checks.be_rrn, 0.6, 0.92,
            r"rijksregister(?:nummer)?|registre national|insz|niss|nationaal"),
    _scheme("br_cpf", r"\d{3}\.\d{3}\.\d{3}-\d{2}|\d{11}", checks.br_cpf, 0.5, 0.97, "cpf|cadastro"),
    _scheme("in_aadhaar", r"\d{4}([ -]?)\d{4}\2\d{4}", checks.in_aadhaar, 0.2, 0.78, "a+dha+r|uid(?:ai)?|आधार"),
    _scheme("se_personnummer", r"(?:18|19|20)?\d{6}[-+]\d{4}|(?:19|20)\d{10}", checks.se_personnummer, 0.7, 0.88,
            "personnummer|personnr|samordningsnummer|pnr"),
    _scheme("fi_hetu", r"\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]", checks.fi_hetu, 0.95, 0.95,
            "hetu|henkil[oö]tunnus|sotu"),
    _scheme("no_fodselsnummer", r"\d{6} ?\d{5}", checks.no_fodselsnummer, 0.5, 0.8,
            "f[oø]dselsnummer|personnummer|fnr|d-nummer"),
    _scheme("dk_cpr", r"\d{6}-\d{4}", checks.dk_cpr, 0, 0.5, "cpr(?:-?(?:nr|nummer))?|personnummer", 0.85),
    _scheme("ca_sin", r"\d{3}([- ])\d{3}\2\d{3}", checks.ca_sin, 0, 0.5, "sin|social insurance|nas"),
    _scheme("ca_sin", r"\d{9}", checks.ca_sin, 0, 0, "sin|social insurance|nas", 0.8),
    _scheme("au_tfn", r"\d{3}([- ]?)\d{3}\2\d{3}", checks.au_tfn, 0, 0.3, "tfn|tax file(?: number)?"),
    _scheme("au_medicare", r"\d{4}[ -]?\d{5}[ -]?\d(?:[-/ ]?[1-9])?", checks.au_medicare, 0, 0.6, "medicare"),
    _scheme("tr_kimlik", r"[1-9]\d{10}", checks.tr_kimlik, 0.6, 0.6, r"kimlik|tc(?: no)?|t\.c\."),
    _scheme("za_id", r"\d{6} ?\d{4} ?\d{3}", checks.za_id, 0.7, 0.8, "rsa id|south african id"),
    _scheme("cn_resident_id", r"[1-8]\d{16}[\dX]", checks.cn_resident_id, 0.98, 0.98, "身份证|身份證"),
    _scheme("sg_nric", r"[STFG]\d{7}[A-Z]", checks.sg_nric, 0.85, 0.85, "nric|fin"),
    _scheme("mx_curp", r"[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{2}[B-DF-HJ-NP-TV-Z]{3}[0-9A-Z]\d", checks.mx_curp,
            0.98, 0.98, "curp"),
    _scheme("cl_rut", r"\d{1,2}\.\d{3}\.\d{3}-[\dK]|\d{7,8}-[\dK]", checks.cl_rut, 0.75, 0.85, "rut|run"),
    _scheme("pt_nif", r"\d{3}( ?)\d{3}\2\d{3}", checks.pt_nif, 0, 0.2, "nif|contribuinte"),
)  # fmt: skip

# Documents without check digits: only beside their name.
_PASSPORT = re.compile(
    r"\b(?:passports?|pass(?:nummer)?|reisepass|passeport|pasaporte|passaporto)\b"
    r"(?:[ :#.,-]|is|no|nr|num(?:ber|[eé]ro)?|n[uú]mero|my|was){0,6}((?=(?:[a-z]{0,3}\d){3})[a-z0-9]{7,10})(?!\w)"
)
_LICENCE = re.compile(
    r"\b(?:driv(?:er|ers|er's|ing) licen[cs]e|licen[cs]e number|dl)\b"
    r"(?:[ :#.,-]|is|no|nr|num(?:ber)?|my|was){0,6}"
    r"((?=[a-z0-9 -]{0,19}\d{3})[a-z]{0,3}[ -]?\d[\d -]{4,15}\d|[a-z]{5}\d{6}[a-z0-9]{5})(?!\w)"
)


def find_national_ids(plain: PlainText) -> Iterator[Finding]:
    """Numbers of persons, each as surely as its form, its check digits and the words nearby allow."""
    for scheme in _SCHEMES:
        for start, end, written in overlapping(scheme.shape, plain.text):
            if confidence := _sure_of(scheme, plain, start, end, written):
                yield Finding(f"national_id/{scheme.name}", start, end, confidence)
    for kind, pattern in (("passport", _PASSPORT), ("driving_licence", _LICENCE)):
        for match in pattern.finditer(plain.lower):
            yield Finding(kind, *match.span(1), 0.85)


def _sure_of(scheme: _Scheme, plain: PlainText, start: int, end: int, written: str) -> float:
    number = _SEPARATORS.sub("", written).upper() if scheme.name != "fi_hetu" else written.upper()
    if not scheme.is_valid(number):
        return 0
    if plain.near(scheme.words, start, end):
        return scheme.beside_word
    sure = scheme.bare if len(number) == len(written) else scheme.grouped
    other = plain.is_something_else(start, end) or plain.beside(PHONE_WORDS, start, end)
    return sure / 2 if other else sure
