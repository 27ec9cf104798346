"""What the detectors and a policy say of what was pasted, as the playground shows it. Nothing is stored."""

import base64
import time
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from moderation.admin.categories import category_title
from moderation.admin.cells import decimal, milliseconds
from moderation.admin.evidence import Segment, count_hidden_characters, split_at_evidence
from moderation.admin.languages import language_and_source
from moderation.admin.playground.groups import ScoreGroup, score_groups
from moderation.admin.readings import ScoreRow
from moderation.detectors.base import DetectionReport, Evidence, NormalisedText
from moderation.detectors.pii.masking import mask_text
from moderation.enums import Outcome
from moderation.in_force import rules_of_version
from moderation.media.unstored import PreparedImage
from moderation.models import PolicyVersion
from moderation.policy.engine import evaluate
from moderation.policy.facts import AuthorFacts
from moderation.policy.schema import DEFAULT_RULE
from moderation.policy.verdict import Reading, UndecidedRule, Verdict
from moderation.scoring import score_item
from moderation.text_facts import facts_of

LONGEST_QUOTE = 60
# The levels of trust as a rule names them, for the translators to find.
_TRUST = (N_("normal"), N_("trusted"), N_("restricted"))


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be read and who shall judge it."""

    text: str
    language: str
    version: PolicyVersion
    author: AuthorFacts | None = None
    image: PreparedImage | None = None


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One piece of evidence: the words, or none where an image is meant."""

    category: str
    detector: str
    detail: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that spoke for its rule, and the score that it saw, if it asked for one."""

    words: str
    score: str


@dataclass(frozen=True, slots=True)
class HeldRule:
    """A rule that held. ``decided``: it is the first of them, and the verdict's."""

    name: str
    outcome: Outcome
    conditions: list[Condition]
    decided: bool


@dataclass(frozen=True, slots=True)
class ShownImage:
    """The image's copy as a data: URL, and what it is."""

    url: str
    format: str
    width: int
    height: int
    frames: int


@dataclass(frozen=True, slots=True)
class PlaygroundReading:
    """Everything that was read and judged, ready for its template."""

    question: Question
    report: DetectionReport
    verdict: Verdict
    duration_ms: float
    segments: list[Segment]
    normalised: list[Segment]
    is_changed: bool
    masked: str | None
    evidence: list[EvidenceRow]
    groups: list[ScoreGroup]
    image: ShownImage | None

    @property
    def language(self) -> str:
        """In what language the text was read, and who says so."""
        return language_and_source(declared=self.question.language, identified=self.report.language)

    @property
    def not_covered(self) -> list[str]:
        return [category_title(name) for name in self.report.not_covered]

    @property
    def not_read(self) -> list[str]:
        """The categories whose detector did not answer."""
        return [category_title(name) for name in sorted(self.report.unavailable)]

    @property
    def hidden_characters(self) -> dict[str, int]:
        return count_hidden_characters(self.question.text)

    @property
    def evidence_titles(self) -> list[str]:
        return sorted({title for segment in self.segments for title in segment.categories})

    @property
    def is_default(self) -> bool:
        """Whether no rule decided."""
        return self.verdict.rule == DEFAULT_RULE

    @property
    def messages(self) -> list[str]:
        """Why, in the policy's words, each once."""
        return list(dict.fromkeys(reason.message for reason in self.verdict.reasons))

    @property
    def deciding_rows(self) -> list[ScoreRow]:
        """The scores that decided, each against its threshold."""
        return [
            ScoreRow(category_title(reason.category), reason.score, reason.threshold)
            for reason in self.verdict.reasons
            if reason.score is not None
        ]

    @property
    def held(self) -> list[HeldRule]:
        return [
            HeldRule(
                match.rule,
                match.outcome,
                [Condition(reading.condition, _seen(reading)) for reading in match.readings],
                match.rule == self.verdict.rule,
            )
            for match in self.verdict.matches
        ]

    @property
    def undecided(self) -> tuple[UndecidedRule, ...]:
        return self.verdict.undecided

    @property
    def duration(self) -> str:
        is_short = self.duration_ms < 1000
        return milliseconds(self.duration_ms) if is_short else f"{decimal(self.duration_ms / 1000, 1)} {gettext('s')}"

    @property
    def author_trust(self) -> str:
        """What was said of the author's trust, in words."""
        author = self.question.author
        return gettext(author.trust) if author else ""


def read(question: Question) -> PlaygroundReading:
    """Reads and judges what was pasted, as a stateless call would. Raises Busy when platforms keep the detectors."""
    started = time.perf_counter()
    images = [question.image] if question.image else []
    report = score_item(question.text, images, client_id=None, language=question.language).report
    rules = rules_of_version(question.version.pk, question.version.policy.slug)
    facts = facts_of(report, text=question.text, language=question.language, author=question.author)
    verdict = evaluate(rules, facts)
    duration_ms = (time.perf_counter() - started) * 1000
    normalised = _normalised(question.text)
    return PlaygroundReading(
        question=question,
        report=report,
        verdict=verdict,
        duration_ms=duration_ms,
        segments=split_at_evidence(question.text, _spans(report.evidence)),
        normalised=split_at_evidence(normalised.text, _spans(_carried_over(report.evidence, normalised))),
        is_changed=normalised.text != question.text,
        masked=mask_text(question.text, [_as_stored(one) for one in report.evidence]),
        evidence=[_row(one, question.text) for one in report.evidence],
        groups=score_groups(report, verdict, rules),
        image=_shown(question.image) if question.image else None,
    )


def _normalised(text: str) -> NormalisedText:
    # The vocabularies are for processes that read texts; the console of one that does not never asks for them.
    from moderation.detectors.normalise import normalise

    return normalise(text)


def _carried_over(evidence: Iterable[Evidence], normalised: NormalisedText) -> Iterable[Evidence]:
    """The same evidence, where it stands in the normalised text; what was dropped there stands nowhere."""
    offsets = normalised.offsets
    for one in evidence:
        start, end = bisect_left(offsets, one.start), bisect_left(offsets, one.end)
        while start < end and normalised.text[start].isspace():
            start += 1
        if start < end:
            yield Evidence(one.category, start, end, one.detector, one.detail)


def _spans(evidence: Iterable[Evidence]) -> list[Mapping[str, Any]]:
    return [{"category": category_title(one.category), "start": one.start, "end": one.end} for one in evidence]


def _as_stored(one: Evidence) -> dict[str, Any]:
    return {"category": one.category, "start": one.start, "end": one.end, "detail": one.detail}


def _row(one: Evidence, text: str) -> EvidenceRow:
    quote = text[one.start : one.end]
    shown = quote if len(quote) <= LONGEST_QUOTE else quote[: LONGEST_QUOTE - 1] + "…"
    return EvidenceRow(category_title(one.category), one.detector, one.detail, one.start, one.end, shown)


def _seen(reading: Reading) -> str:
    return "" if reading.score is None else f"{reading.score:.2f}"


def _shown(image: PreparedImage) -> ShownImage:
    """The copy that reviewers would see: encoded anew from the pixels, held in the page alone."""
    from moderation.detectors.images.copies import make_copy

    copy, picture = make_copy(image.picture), image.picture
    url = f"data:{copy.content_type};base64,{base64.b64encode(copy.data).decode()}"
    return ShownImage(url, picture.format, picture.width, picture.height, picture.frame_count)
