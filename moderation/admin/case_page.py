"""Everything that a moderator should see of a case, read in a constant number of queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Left
from django.utils import timezone

from moderation.admin.case_author import Standing, standing_of
from moderation.admin.case_images import CaseImage, images_of
from moderation.admin.case_reports import CaseReports, reports_of
from moderation.admin.case_similar import Similar, similar_to
from moderation.admin.categories import category_title
from moderation.admin.cells import duration
from moderation.admin.evidence import Segment, count_hidden_characters, split_at_evidence
from moderation.admin.languages import language_and_source
from moderation.admin.normalised import Reading, read_plainly
from moderation.admin.readings import Readings, readings_of
from moderation.directions import inert
from moderation.enums import Category, Outcome
from moderation.models import Author, Content, ContentVersion, Decision, ModerationResult, ReviewCase

EXCERPT_CHARACTERS = 240
AUTHOR_ITEMS = 5
NEIGHBOURS = 2

# Personal data that is covered until somebody asks to see it: the kinds of the detector pii, and their names.
_COVERED = {
    "card": "card number",
    "iban": "bank account",
    "national_id": "national id",
    "passport": "passport",
    "driving_licence": "driving licence",
    "and more": "personal data",
}


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The beginning of another content, and what became of it. ``cover`` says what it is about where it is covered."""

    content_id: UUID
    author: str
    outcome: str | None
    age: str
    text: str
    cover: str = ""


@dataclass(frozen=True, slots=True)
class AuthorHistory:
    """How long the author is known, how they stand, and what they wrote last, this content left out."""

    known_for: str
    items: list[Excerpt]
    standing: Standing


@dataclass(frozen=True, slots=True)
class CasePage:
    """The facts of one case, ready for its template."""

    case: ReviewCase
    segments: list[Segment]
    images: list[CaseImage]
    hidden_characters: dict[str, int]
    readings: Readings | None
    history: AuthorHistory | None
    before: list[Excerpt]
    after: list[Excerpt]
    versions: list[ContentVersion]
    earlier_decisions: list[Decision]
    similar: Similar
    reports: CaseReports | None
    reading: Reading

    @property
    def content(self) -> Content:
        return self.case.content

    @property
    def shown_id(self) -> str:
        """The platform's id of the content, which cannot turn its own letters round."""
        return inert(self.content.external_id)

    @property
    def waiting(self) -> str:
        """How long the case has been open."""
        return _time_between(self.case.opened_at, timezone.now())

    @property
    def is_overdue(self) -> bool:
        return self.case.due_at < timezone.now()

    @property
    def due(self) -> str:
        """How long until the case is due, or how long it has been."""
        return _time_between(*sorted((self.case.due_at, timezone.now())))

    @property
    def language(self) -> str:
        """In what language the content is written, and who says so."""
        result = self.case.result
        return language_and_source(declared=self.content.language, identified=result.language if result else "")

    @property
    def is_author_suspended(self) -> bool:
        author = self.case.content.author
        return author is not None and author.is_suspended(timezone.now())

    @property
    def has_viewable_image(self) -> bool:
        """Whether the copy of one image at least can be looked at."""
        return any(image.media.file_id for image in self.images)

    @property
    def evidence_titles(self) -> list[str]:
        """The categories of which something is marked in the text."""
        return sorted({title for segment in self.segments for title in segment.categories})


def read_case_page(case_id: UUID) -> CasePage:
    """Reads the case and what surrounds it. Raises ReviewCase.DoesNotExist."""
    cases = ReviewCase.objects.select_related(
        "queue",
        "claimed_by",
        "content__client",
        "content__author",
        "result__policy_version__policy",
        "first_decision__case",
        "first_decision__overrides",
    )
    case = cases.defer("result__policy_version__source").get(pk=case_id)
    content, result = case.content, case.result
    segments = _segments(content.text, result)
    before, after = _neighbours(content)
    return CasePage(
        case=case,
        segments=segments,
        images=images_of(content, case.content_version),
        hidden_characters=count_hidden_characters(content.text),
        readings=readings_of(result) if result else None,
        history=_history(content, content.author) if content.author else None,
        before=before,
        after=after,
        versions=list(content.versions.order_by("-version")[:NEIGHBOURS]) if content.version > 1 else [],
        earlier_decisions=_earlier_decisions(case),
        similar=similar_to(content),
        reports=reports_of(case),
        reading=read_plainly(content.text, segments),
    )


def _time_between(earlier: datetime, later: datetime) -> str:
    return duration(max(0, int((later - earlier).total_seconds())))


def _earlier_decisions(case: ReviewCase) -> list[Decision]:
    """All but the policy's wish for a person, which is why the case is here.

    Whoever is asked a second time sees what the first one saw, and of a golden case only what an older version got.
    """
    asked = Q(outcome=Outcome.REVIEW, content_version=case.content_version)
    decisions = Decision.objects.in_effect().filter(content=case.content_id).exclude(asked).select_related("moderator")
    if case.first_decision is not None:
        decisions = decisions.filter(created_at__lt=case.first_decision.created_at)
    elif case.is_quality:
        decisions = decisions.filter(content_version__lt=case.content_version)
    return list(decisions.order_by("-created_at")[:AUTHOR_ITEMS])


def _segments(text: str, result: ModerationResult | None) -> list[Segment]:
    evidence = result.evidence if result else []
    return split_at_evidence(
        text,
        [{**span, "category": category_title(span["category"]), "private": _private(span)} for span in evidence],
    )


def _private(span: dict[str, Any]) -> str:
    """What a span holds that is not shown at once; empty for most. ``pii:national_id/es_dni`` is a national id."""
    kind = span.get("detail", "").removeprefix("pii:").partition("/")[0]
    return _COVERED.get(kind, "") if span["category"] == Category.PII else ""


def _excerpts(contents: QuerySet[Content]) -> list[Excerpt]:
    """Reads only the beginning of each text."""
    now = timezone.now()
    rows = contents.annotate(excerpt=Left("text", EXCERPT_CHARACTERS + 1)).defer("text", "metadata")
    return [
        Excerpt(
            content_id=row.pk,
            author=str(row.author or "Unknown author"),
            outcome=row.decision,
            age=_time_between(row.created_at, now),
            text=truncate(row.excerpt),
        )
        for row in rows.select_related("author")
    ]


def truncate(text: str) -> str:
    """The text with a mark where it goes on."""
    return text[:EXCERPT_CHARACTERS] + "…" if len(text) > EXCERPT_CHARACTERS else text


def _history(content: Content, author: Author) -> AuthorHistory:
    others = Content.objects.filter(author=author).exclude(pk=content.pk).order_by("-created_at")
    known_for = _time_between(author.created_at, timezone.now())
    return AuthorHistory(known_for, _excerpts(others[:AUTHOR_ITEMS]), standing_of(author, content))


def _neighbours(content: Content) -> tuple[list[Excerpt], list[Excerpt]]:
    """What was said just before and just after in the same conversation; else what the content answers."""
    others = Content.objects.filter(client=content.client_id).exclude(pk=content.pk)
    if content.conversation_id:
        thread = others.filter(conversation_id=content.conversation_id)
        before = thread.filter(created_at__lte=content.created_at).order_by("-created_at", "-pk")
        after = thread.filter(created_at__gt=content.created_at).order_by("created_at", "pk")
        return _excerpts(before[:NEIGHBOURS])[::-1], _excerpts(after[:NEIGHBOURS])
    if content.parent_external_id:
        return _excerpts(others.filter(external_id=content.parent_external_id)), []
    return [], []
