"""Moderation results: every score, rule and version of one pass over one content version."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.admin import cells
from moderation.admin.base import ReadOnlyFactAdmin
from moderation.admin.categories import category_title
from moderation.admin.content_search import SearchByContent
from moderation.admin.covers import cover_over, covered
from moderation.admin.languages import language_name
from moderation.admin.sections import Section
from moderation.models import Content, ContentVersion, ModerationResult
from moderation.review.covers import Cover


@admin.register(ModerationResult)
class ModerationResultAdmin(SearchByContent, ReadOnlyFactAdmin):
    shows_words = True
    list_display = ("shown_created_at", "shown_content", "shown_outcome", "rule", "shown_scores", "policy_version")
    list_filter = ("outcome", "created_at")
    list_select_related = ("content", "policy_version__policy")
    list_defer = (
        "reasons", "evidence", "matches", "failures", "detectors", "policy_version__source",
        "content__text", "content__metadata", "content__url",
    )  # fmt: skip
    ordering = ("-created_at",)
    sortable_by = ("shown_created_at",)  # what an index can sort
    search_fields = ("content__external_id",)
    search_help_text = _("An id of a content, or how the platform's own id begins.")
    fields = (
        ("shown_content", "content_version"),
        ("shown_outcome", "rule"),
        ("shown_created_at", "shown_duration", "shown_language"),
        "shown_policy_version",
        "shown_not_covered",
        "shown_detectors",
        "shown_failures",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModerationResult]:
        return super().get_queryset(request).select_related("content", "policy_version__policy")

    def get_sections(self, request: HttpRequest, row: ModerationResult) -> Iterable[Section]:
        ranked = sorted(row.scores.items(), key=lambda item: -item[1])
        scores = [(category_title(name), cells.decimal(score, 4)) for name, score in ranked]
        yield Section(gettext("Scores"), (gettext("Category"), gettext("Score")), scores)
        yield _reasons(row)
        headings = (gettext("Rule"), gettext("Outcome"), gettext("Because"))
        yield Section(gettext("Rules that matched"), headings, [_match(match) for match in row.matches])
        yield _evidence(row)

    def contents_shown(self, row: ModerationResult) -> Iterable[UUID]:
        return [row.content_id]

    @admin.display(description=_("read at"), ordering="created_at")
    def shown_created_at(self, row: ModerationResult) -> str:
        return cells.moment(row.created_at)

    @admin.display(description=_("content"))
    def shown_content(self, row: ModerationResult) -> str:
        return cells.link_to(row.content)

    @admin.display(description=_("outcome"), ordering="outcome")
    def shown_outcome(self, row: ModerationResult) -> str:
        return cells.outcome_badge(row.outcome)

    @admin.display(description=_("highest scores"))
    def shown_scores(self, row: ModerationResult) -> str:
        return cells.scores(dict(sorted(row.scores.items(), key=lambda item: -item[1])[:3]))

    @admin.display(description=_("policy version"))
    def shown_policy_version(self, row: ModerationResult) -> str:
        return cells.link_to(row.policy_version)

    @admin.display(description=_("duration"))
    def shown_duration(self, row: ModerationResult) -> str:
        return cells.milliseconds(row.duration_ms, 1)

    @admin.display(description=_("language"))
    def shown_language(self, row: ModerationResult) -> str:
        return language_name(row.language)

    @admin.display(description=_("not covered"))
    def shown_not_covered(self, row: ModerationResult) -> str:
        return cells.listing(category_title(name) for name in row.not_covered)

    @admin.display(description=_("detectors"))
    def shown_detectors(self, row: ModerationResult) -> str:
        return cells.listing(f"{name} {version}" for name, version in sorted(row.detectors.items()))

    @admin.display(description=_("failures"))
    def shown_failures(self, row: ModerationResult) -> str:
        return cells.listing(f"{name}: {fault}" for name, fault in sorted(row.failures.items()))


def _reasons(row: ModerationResult) -> Section:
    """Why the policy decided as it did."""
    headings = (gettext("Reason"), gettext("Rule"), gettext("Category"), gettext("Score"), gettext("Threshold"))
    return Section(gettext("Reasons"), headings, [_reason(reason) for reason in row.reasons])


def _evidence(row: ModerationResult) -> Section:
    """What the detectors point at, under the cover of the text."""
    text = _text_of(row)
    headings = (gettext("Category"), gettext("Detector"), gettext("Place"), gettext("Words"), gettext("Detail"))
    return Section(
        gettext("Evidence"), headings, [_span(span, text, cover_over(row, row.content_id)) for span in row.evidence]
    )


def _text_of(row: ModerationResult) -> str:
    """The text that was read: the content's own, or the version that an edit has replaced."""
    content: Content = row.content
    if row.content_version == content.version:
        return content.text
    old = ContentVersion.objects.filter(content=content, version=row.content_version).first()
    return old.text if old else ""


def _number(value: Any) -> str:
    return number_format(f"{value:.4g}") if isinstance(value, int | float) else cells.NOTHING


def _reason(reason: dict[str, Any]) -> list[Any]:
    return [
        reason.get("message", ""),
        reason.get("rule") or cells.NOTHING,
        category_title(reason.get("category") or cells.NOTHING),
        _number(reason.get("score")),
        _number(reason.get("threshold")),
    ]


def _match(match: dict[str, Any]) -> list[Any]:
    readings = [_reading(reading) for reading in match.get("readings", [])]
    return [match.get("rule", ""), cells.outcome_badge(match.get("outcome")), cells.listing(readings)]


def _reading(reading: dict[str, Any]) -> str:
    condition, score = reading.get("condition", ""), reading.get("score")
    if score is None:
        return str(condition)
    return gettext("%(condition)s (read %(score)s)") % {"condition": condition, "score": _number(score)}


def _span(span: dict[str, Any], text: str, cover: Cover | None) -> list[Any]:
    start, end = int(span.get("start", 0)), int(span.get("end", 0))
    return [
        category_title(span.get("category", "")),
        span.get("detector", ""),
        f"{start}–{end}",
        covered(cover, cells.foreign(text[start:end], 120)),
        cells.foreign(span.get("detail")),
    ]
