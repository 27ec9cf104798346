"""Step 3, personal data: street addresses and postal codes, by form only and so never with much certainty."""

import re
from collections.abc import Iterator

from moderation.detectors.pii.finding import Finding, PlainText, words

_STREET_WORDS = (
    r"street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|square|sq|terrace|way|close|crescent"
    r"|highway|hwy|parkway|pkwy|circle|cir|trail|alley|row|mews|grove|gardens"
)
_NAME = r"[A-Z\u00c0-\u00de][\w'.-]{1,30}"
# "12 Long Acre Road", "Lange Straße 12", "12 rue de la Paix": a number and a name with a word for a street.
_NUMBER_FIRST = re.compile(
    rf"(?<![\w.,/-])(\d{{1,5}}[A-Za-z]?),? (?:(?:[NSEW]|North|South|East|West)\.? )?(?:{_NAME} ){{1,3}}"
    rf"(?:{_STREET_WORDS})(?!\w)\.?(?:,? (?:apt|apartment|suite|ste|unit|flat|no)\.? ?#?\w{{1,6}})?",
    re.IGNORECASE,
)
_FRENCH = re.compile(
    r"(?<![\w.,/-])\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|boulevard|chemin|all[eé]e|place|impasse|quai|via|viale"
    rf"|piazza|calle|avenida|rua)(?: (?:de|du|des|la|le|les|del|della|da|do|dos|l'))*(?: {_NAME}){{1,3}}",
    re.IGNORECASE,
)
_NUMBER_LAST = re.compile(
    r"(?<!\w)(?:[A-Z\u00c0-\u00de][\w.-]{2,30}[ -]?)?[A-Za-z\u00c0-\u00ff]{0,30}"
    r"(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|straat|laan|gatan|vej|veien|katu) ?\d{1,4}[a-zA-Z]?(?!\w)",
    re.IGNORECASE,
)
_BOX = re.compile(r"(?<!\w)p\.? ?o\.? box \d{1,6}(?!\w)", re.IGNORECASE)
_POSTAL_CODES = (
    re.compile(r"(?<!\w)(?:GIR ?0AA|[A-PR-UWYZ][A-HK-Y]?\d[\dA-HJKPS-UW]? ?\d[ABD-HJLNP-UW-Z]{2})(?!\w)"),  # GB
    re.compile(r"(?<!\w)[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] ?\d[ABCEGHJ-NPRSTV-Z]\d(?!\w)"),  # CA
    re.compile(r"(?<!\w)[1-9]\d{3} ?(?!SA|SD|SS)[A-Z]{2}(?!\w)"),  # NL
    re.compile(r"(?<=[A-Z]{2} )\d{5}(?:-\d{4})?(?![\w-])"),  # US, after its state
)
_BARE_CODE = re.compile(r"(?<![\w.,/+#$€£-])\d{4,6}(?:-\d{3,4})?(?![\w/%€£-]|[.,]\d)")
_CODE_WORDS = words(r"(?:zip|postal|post)[ -]?codes?|postcodes?|zip|plz|postleitzahl|cep|code postal|c\.?a\.?p\.?")
_HOME_WORDS = words(
    r"address|live[sd]?(?: at| in)?|living at|home|house|resid(?:es?|ence|ing)|located|deliver(?:ed)?|ship(?:ped)?|mail"
    r"|move[ds]?|wohn(?:t|e|haft)?|adresse|habite|direcci[oó]n|indirizzo"
)


def find_places(plain: PlainText) -> Iterator[Finding]:
    """Street addresses and postal codes, surer beside a word such as "address" or "postcode"."""
    for pattern, sure in ((_NUMBER_FIRST, 0.55), (_FRENCH, 0.5), (_NUMBER_LAST, 0.5), (_BOX, 0.6)):
        for match in pattern.finditer(plain.text):
            near = plain.near(_HOME_WORDS, *match.span())
            yield Finding("address", *match.span(), min(0.95, sure + (0.3 if near else 0)))
    for pattern in _POSTAL_CODES:
        for match in pattern.finditer(plain.text):
            yield Finding("postal_code", *match.span(), 0.6)
    for match in _BARE_CODE.finditer(plain.text):
        if plain.near(_CODE_WORDS, *match.span()):
            yield Finding("postal_code", *match.span(), 0.8)
