"""Words that name who people are, by which bias is looked for: does a text score worse because it mentions them?"""

import re

# Plain, self-chosen and neutral names only. A slur is no mention: a text that holds one should score.
IDENTITIES: dict[str, tuple[str, ...]] = {
    "women": ("woman", "women", "girl", "girls", "female", "females", "wife", "mother"),
    "men": ("man", "men", "boy", "boys", "male", "males", "husband", "father"),
    "transgender": ("trans", "transgender", "nonbinary", "non-binary"),
    "gay and lesbian": ("gay", "gays", "lesbian", "lesbians", "homosexual", "homosexuals", "queer", "lgbt", "lgbtq"),
    "bisexual": ("bisexual", "bisexuals"),
    "heterosexual": ("straight", "heterosexual", "heterosexuals"),
    "Black": ("black", "blacks", "african", "africans", "african-american"),
    "white": ("white", "whites", "caucasian", "caucasians"),
    "Asian": ("asian", "asians", "chinese", "japanese", "korean", "koreans", "vietnamese"),
    "South Asian": ("indian", "indians", "pakistani", "pakistanis", "bangladeshi"),
    "Latino": ("latino", "latinos", "latina", "latinas", "hispanic", "hispanics", "mexican", "mexicans"),
    "Indigenous": ("indigenous", "aboriginal", "native american", "native americans"),
    "Roma": ("roma", "romani"),
    "Arab": ("arab", "arabs", "arabic", "palestinian", "palestinians"),
    "Muslim": ("muslim", "muslims", "islam", "islamic"),
    "Jewish": ("jew", "jews", "jewish", "judaism", "israeli", "israelis"),
    "Christian": ("christian", "christians", "christianity", "catholic", "catholics", "protestant", "protestants"),
    "Hindu": ("hindu", "hindus", "hinduism"),
    "Sikh": ("sikh", "sikhs", "sikhism"),
    "Buddhist": ("buddhist", "buddhists", "buddhism"),
    "atheist": ("atheist", "atheists", "atheism"),
    "immigrant": ("immigrant", "immigrants", "migrant", "migrants", "refugee", "refugees", "foreigner", "foreigners"),
    "disabled": ("disabled", "disability", "wheelchair", "blind", "deaf", "autistic", "autism"),
    "mentally ill": ("depressed", "depression", "schizophrenia", "schizophrenic", "bipolar", "mental illness"),
    "old": ("old", "older", "elderly", "senior", "seniors"),
    "young": ("young", "younger", "teenager", "teenagers", "teen", "teens"),
}


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE)


_PATTERNS = {name: _pattern(words) for name, words in IDENTITIES.items()}


def mentioned(text: str) -> frozenset[str]:
    """The identities that a text mentions by name. A word has more meanings than one: "black" may be a coat."""
    return frozenset(name for name, pattern in _PATTERNS.items() if pattern.search(text))
