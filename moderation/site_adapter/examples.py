"""What was decided, as examples to learn from: the newest of a wave of alike texts, with what is known of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Left

from moderation.detectors.fingerprint import MOST_DISTANCE, distance, fingerprint
from moderation.enums import DecisionSource, Outcome
from moderation.models import AdapterFeedback, Decision, RejectionReason
from reviewengine import conf

READ = 4_000  # characters of a text
_PERSONS = (DecisionSource.MODERATOR, DecisionSource.APPEAL)
_CHUNK = 256
_MIDDLE = 0.5  # of a feedback's score: above it speaks for the category, below it against


@dataclass(slots=True)
class Example:
    """A text and what is known of it: ``labels`` maps category to whether it is there; others are not known.

    ``background`` is a text that the policy approved and nobody has looked at.
    """

    text: str
    language: str = ""
    labels: dict[str, bool] = field(default_factory=dict)
    background: bool = False


@dataclass(slots=True)
class _Kept:
    """The texts taken so far, by what alike texts share."""

    by_band: dict[tuple[int, bytes], list[tuple[int, Example]]] = field(default_factory=dict)
    by_bits: dict[int, Example] = field(default_factory=dict)

    def alike(self, example: Example) -> Example | None:
        """An earlier text that is nearly the same; remembers this one where there is none."""
        found = fingerprint(example.text)
        if not found.bands:
            return self._first(found.bits, example)
        places = list(enumerate(found.bands))
        for bits, other in chain.from_iterable(self.by_band.get(place, ()) for place in places):
            if distance(bits, found.bits) <= MOST_DISTANCE:
                return other
        for place in places:
            self.by_band.setdefault(place, []).append((found.bits, example))
        return None

    def _first(self, bits: int, example: Example) -> Example | None:
        first = self.by_bits.setdefault(bits, example)
        return None if first is example else first


def gather(categories: Sequence[str]) -> list[Example]:
    """The newest examples first: decisions of persons and feedback, then the background.

    Of texts alike there is one, the newest: a wave of spam is one lesson, and none of it stands on both sides of a
    trial. Older ones of them add what the newest leaves open. Erased texts, superseded versions and contents with
    images (who knows what was looked at?) are left out.
    """
    options = conf.load().site_adapter
    decided = _unlike(chain(_decided(categories, options.newest), _feedback(categories, options.newest)))
    kept = _Kept()
    examples = [example for example in decided if kept.alike(example) is None]
    background = islice(_background(categories, options.background), options.background)
    return examples + [example for example in background if kept.alike(example) is None]


def _unlike(examples: Iterator[Example]) -> list[Example]:
    kept, unlike = _Kept(), []
    for example in examples:
        first = kept.alike(example)
        if first is None:
            unlike.append(example)
        else:
            first.labels = example.labels | first.labels
    return unlike


def reasons_given(reasoning: str, reasons: Sequence[RejectionReason], *, label: str = "") -> frozenset[str]:
    """The categories of the reason that a decision's label names, retired or not; none for own words.

    Decisions from before there were labels are known by the words they begin with.
    """
    for reason in reasons:
        if label and reason.label == label:
            return frozenset(reason.categories)
    for reason in sorted(reasons, key=lambda one: -len(one.text)):
        if reasoning == reason.text or reasoning.startswith(f"{reason.text}: "):
            return frozenset(reason.categories)
    return frozenset()


def _decided(categories: Sequence[str], most: int) -> Iterator[Example]:
    """Approved by a person: none of the categories. Rejected: those of the reason; the others are not known."""
    reasons = list(RejectionReason.objects.all())
    seen: set[Any] = set()
    for row in _rows(Decision.objects.in_effect().filter(source__in=_PERSONS), most):
        if row["content_id"] in seen:  # a later decision has overridden it
            continue
        seen.add(row["content_id"])
        labels = _labels(row, categories, reasons)
        if labels:
            yield Example(row["start"], row["content__language"], labels)


def _labels(row: Mapping[str, Any], categories: Sequence[str], reasons: Sequence[RejectionReason]) -> dict[str, bool]:
    if row["outcome"] == Outcome.APPROVE:
        return dict.fromkeys(categories, False)
    given = reasons_given(row["reasoning"], reasons, label=row["label"])
    return {category: True for category in categories if category in given}


def _feedback(categories: Sequence[str], most: int) -> Iterator[Example]:
    rows = AdapterFeedback.objects.filter(category__in=categories).exclude(score=_MIDDLE).order_by("-created_at", "-id")
    for row in rows.annotate(start=Left("text", READ)).defer("text")[:most].iterator(_CHUNK):
        yield Example(row.start, row.language, {row.category: row.score > _MIDDLE})


def _background(categories: Sequence[str], most: int) -> Iterator[Example]:
    """What the policy approved and nobody has overridden."""
    approved = Decision.objects.in_effect().filter(
        source=DecisionSource.POLICY, outcome=Outcome.APPROVE, content__decision=Outcome.APPROVE
    )
    for row in _rows(approved, most):
        yield Example(row["start"], row["content__language"], dict.fromkeys(categories, False), background=True)


def _rows(decisions: QuerySet[Decision], most: int) -> Iterator[dict[str, Any]]:
    """The newest decisions about texts that are still there as they were decided."""
    current = decisions.filter(
        content_version=F("content__version"), content__erased_at=None, content__image_count=0
    ).exclude(content__text="")
    wanted = ("content_id", "outcome", "label", "reasoning", "content__language", "start")
    rows = current.order_by("-created_at", "-id").annotate(start=Left("content__text", READ)).values(*wanted)
    yield from rows[:most].iterator(_CHUNK)
