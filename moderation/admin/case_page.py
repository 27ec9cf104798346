"""Everything that a moderator should see of a case, read in a constant number of queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from moderation.admin.case_author import Standing
from moderation.admin.case_decisions import decisions_in_effect, earlier_decisions, newest_by_content
from moderation.admin.case_images import CaseImage, images_of
from moderation.admin.case_reports import CaseReports, reports_of
from moderation.admin.case_similar import SHOWN, Similar, similar_of
from moderation.admin.case_surroundings import NEIGHBOURS, Counts, Excerpt, counts_of, surroundings_of
from moderation.admin.categories import category_title
from moderation.admin.cells import duration
from moderation.admin.evidence import Segment, count_hidden_characters, split_at_evidence
from moderation.admin.languages import language_and_source
from moderation.admin.normalised import Reading, read_plainly
from moderation.admin.readings import Readings, readings_of
from moderation.directions import inert
from moderation.enums import Category
from moderation.models import Author, Content, ContentVersion, Decision, ModerationResult, ReviewCase
from moderation.near_duplicates.reading import read_alike

# Personal data that is covered until somebody asks to see it: the kinds of the detector pii, and their names.
_COVERED = {
    "card": N_("card number"),
    "iban": N_("bank account"),
    "national_id": N_("national id"),
    "passport": N_("passport"),
    "driving_licence": N_("driving licence"),
    "and more": N_("personal data"),
}


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
    # What only a second look has (first_decision) is read when it is there: a join costs every page.
    cases = ReviewCase.objects.select_related(
        "queue", "content__client", "content__author", "result__policy_version__policy"
    )
    case = cases.defer("result__policy_version__source").get(pk=case_id)
    content, result = case.content, case.result
    segments, images = _segments(content.text, result), images_of(content, case.content_version)
    around, counts, alike = surroundings_of(content), counts_of(content), read_alike(content, SHOWN)
    wanted = [content.pk, *(near.pk for near in alike.likest)]
    decisions = decisions_in_effect(content_ids=wanted, ids=counts.rejections)
    return CasePage(
        case=case,
        segments=segments,
        images=images,
        hidden_characters=count_hidden_characters(content.text),
        readings=readings_of(result, read=_read_of(content, images)) if result else None,
        history=_history(content.author, around.said, counts, decisions) if content.author else None,
        before=around.before,
        after=around.after,
        versions=list(content.versions.order_by("-version")[:NEIGHBOURS]) if content.version > 1 else [],
        earlier_decisions=earlier_decisions(case, decisions),
        similar=similar_of(alike, newest_by_content(decisions)),
        reports=reports_of(case),
        reading=read_plainly(content.text, segments),
    )


def _time_between(earlier: datetime, later: datetime) -> str:
    return duration(max(0, int((later - earlier).total_seconds())))


def _read_of(content: Content, images: list[CaseImage]) -> set[str] | None:
    """The categories that were read of the images alone; None where there is a text to read."""
    return None if content.text else {name for image in images for name in image.media.scores}


def _segments(text: str, result: ModerationResult | None) -> list[Segment]:
    evidence = result.evidence if result else []
    return split_at_evidence(
        text,
        [{**span, "category": category_title(span["category"]), "private": _private(span)} for span in evidence],
    )


def _private(span: dict[str, Any]) -> str:
    """What a span holds that is not shown at once; empty for most. ``pii:national_id/es_dni`` is a national id."""
    kind = span.get("detail", "").removeprefix("pii:").partition("/")[0]
    name = _COVERED.get(kind) if span["category"] == Category.PII else None
    return gettext(name) if name else ""


def _history(author: Author, said: list[Excerpt], counts: Counts, decisions: list[Decision]) -> AuthorHistory:
    rejections = [decision for decision in decisions if decision.pk in counts.rejections]
    standing = Standing(counts.total, counts.approved, counts.rejected, rejections)
    return AuthorHistory(_time_between(author.created_at, timezone.now()), said, standing)
