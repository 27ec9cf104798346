"""Step 3, signs of spam that need no model. Moderate scores on purpose: a rule alone is seldom sure."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import re2

from moderation.detectors.base import Detection, Detector, Evidence, Sample, TermListSpec, refuse_unknown_options
from moderation.detectors.normalise import original_span
from moderation.enums import Category

_VERSION = "spam-rules-1"
_MOST_SPANS = 8

# On normalised text: lower case, disguises undone. Two words at least, so that none is everyday talk by itself.
_PHRASES = re2.compile(
    r"\b(?:you(?:'ve| have)? (?:have )?(?:been )?(?:won|selected|chosen)\b|claim (?:your|ur|now|the)|"
    r"(?:cash|weekly|special|guaranteed) (?:prize|reward|award|bonus)|prize (?:draw|guaranteed)|"
    r"(?:act|order|call|buy|apply|reply|register|sign up) now\b|limited (?:time|offer)|(?:special|exclusive) offer|"
    r"free (?:gift|entry|trial|iphone|money|followers|v-?bucks|crypto|spins)|risk[- ]free|no (?:obligation|deposit)|"
    r"(?:earn|make|win) (?:up to |over )?[$£€]\s?\d|\d+ ?% (?:off|profit|return)|double your|"
    r"(?:work|earn|make money) (?:from home|online)|(?:quick|easy|fast) (?:cash|money|loan)|lowest prices?|"
    r"instant (?:loan|approval|payout)|guaranteed (?:profit|income|results|win)|investment (?:plan|platform)|"
    r"(?:check out|subscribe to|visit) my (?:channel|page|profile|site|website|video)|sub(?:scribe)? ?(?:for|4) sub|"
    r"(?:click|tap) (?:here|the link|on the link|below)|link in (?:my )?bio|dm me (?:for|to)|"
    r"(?:whatsapp|telegram) (?:me|us|group|\+?\d)|"
    r"(?:account|card) (?:has been |is )?(?:suspended|locked|limited)|verify your (?:account|identity|wallet)|"
    r"(?:cheap|buy) (?:viagra|cialis|followers|likes|replica))"
)
_LINK = re.compile(r"https?://|www\.|\b[a-z0-9-]{2,40}\.(?:com|net|org|info|biz|xyz|top|click|ru|cn|ly|io|shop|site)\b")
_PHONE = re.compile(r"(?<![\w.])\+?\d(?:[ .()-]{0,2}\d){8,14}(?!\w)")
_HIDDEN = re.compile("(?<=\\w)[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\u180e]+(?=\\w)")
_LETTERS = re.compile(r"[^\W\d_]")
_WORDS = re.compile(r"\w+")
_SHOUTED_LETTERS, _SHOUTED_SHARE = 25, 0.7
_REPEATED_WORDS, _REPEATED_TIMES = 12, 4


@dataclass(frozen=True, slots=True)
class _Sign:
    """One thing that speaks for spam, with its weight and where it shows."""

    detail: str
    weight: float
    spans: tuple[tuple[int, int], ...] = ()


class SpamRulesDetector(Detector):
    """Takes no options. The highest score is 0.85; one sign alone stays at or below 0.5."""

    name = "spam_rules"
    quick = True
    only_finds = True
    version = _VERSION
    categories = frozenset({Category.SPAM.value})

    @classmethod
    def build(cls, options: Mapping[str, Any], term_lists: Sequence[TermListSpec]) -> Self:
        refuse_unknown_options(cls.name, options, ())
        return cls()

    def detect(self, samples: Sequence[Sample]) -> list[list[Detection]]:
        """One detection for a text that shows a sign."""
        return [self._detect(sample) for sample in samples]

    def _detect(self, sample: Sample) -> list[Detection]:
        signs = list(_signs(sample))
        if not signs:
            return []
        innocent = 1.0
        for sign in signs:
            innocent *= 1 - sign.weight
        evidence = (
            Evidence(Category.SPAM.value, start, end, self.name, sign.detail)
            for sign in signs
            for start, end in sign.spans[:_MOST_SPANS]
        )
        return [Detection(Category.SPAM.value, round(min(1 - innocent, 0.85), 4), tuple(evidence))]


def _signs(sample: Sample) -> Iterator[_Sign]:
    yield from _offer(sample)
    yield from _shouting(sample.text)
    yield from _hidden(sample.text)
    yield from _repetition(sample)


def _offer(sample: Sample) -> Iterator[_Sign]:
    """Offers, and what they want one to do; a link or number alone is no sign."""
    text = sample.normalised.text
    phrases = [original_span(sample.normalised, *match.span()) for match in _PHRASES.finditer(text)]
    reach = [original_span(sample.normalised, *match.span()) for match in _LINK.finditer(text)]
    phones = [original_span(sample.normalised, *match.span()) for match in _PHONE.finditer(text)]
    if phrases:
        yield _Sign("offer", 0.3 if len(phrases) == 1 else 0.45, tuple(phrases))
        if reach or phones:
            yield _Sign("way to answer the offer", 0.45, tuple(reach + phones))
    elif reach and phones:
        yield _Sign("link and telephone number", 0.4, tuple(reach + phones))


def _shouting(text: str) -> Iterator[_Sign]:
    if text.islower():
        return
    upper = sum(map(str.isupper, text))
    if upper >= _SHOUTED_LETTERS and upper >= _SHOUTED_SHARE * len(_LETTERS.findall(text)):
        yield _Sign("shouting", 0.15, ((0, len(text)),))


def _hidden(text: str) -> Iterator[_Sign]:
    if text.isascii():
        return
    spans = tuple(match.span() for match in _HIDDEN.finditer(text) if text[match.start() - 1].isascii())
    if len(spans) >= 2:
        yield _Sign("hidden characters", 0.4, spans)


def _repetition(sample: Sample) -> Iterator[_Sign]:
    """The same few words, or the same line, over and over."""
    words = _WORDS.findall(sample.normalised.text)
    if len(words) < _REPEATED_WORDS:
        return
    if len(words) >= 4 * len(set(words)):
        yield _Sign("the same words over and over", 0.5, ((0, len(sample.text)),))
        return
    if "\n" not in sample.text:
        return
    lines = Counter(line.strip() for line in sample.text.splitlines() if len(line.strip()) >= 12)
    if any(times >= _REPEATED_TIMES for times in lines.values()):
        yield _Sign("the same line over and over", 0.4, ((0, len(sample.text)),))
