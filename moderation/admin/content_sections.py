"""What belongs to a content, as the tables below its fields."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from moderation.admin import cells
from moderation.admin.categories import category_title
from moderation.admin.covers import cover_over, covered
from moderation.admin.guises import Guises
from moderation.admin.sections import Section, section_of
from moderation.models import (
    Content,
    ContentMedia,
    ContentVersion,
    Decision,
    ModerationResult,
    Report,
    ReviewCase,
    WebhookEvent,
)
from moderation.review.guise import report_as_shown, reports_shown


def decisions(made: QuerySet[Decision]) -> Section:
    """Every decision, newest first, with whether it counts."""

    def of(decision: Decision) -> list[Any]:
        return [
            cells.link_to(decision, cells.moment(decision.created_at)),
            decision.content_version,
            cells.outcome_badge(decision.outcome),
            cells.effect_of(decision),
            decision.get_source_display(),
            decision.moderator.get_username() if decision.moderator else cells.NOTHING,
            decision.rule or cells.NOTHING,
            cells.foreign(decision.reasoning, 200),
        ]

    headings = (
        _("Decided"),
        _("Version"),
        _("Outcome"),
        _("In effect"),
        _("By"),
        _("Moderator"),
        _("Rule"),
        _("Reasoning"),
    )
    rows = made.select_related("moderator", "hold").order_by("-created_at", "-id")
    return section_of(_("Decisions"), headings, rows, of)


def results(row: Content) -> Section:
    """Every pass of the detectors and the policy, newest first."""

    def of(result: ModerationResult) -> list[Any]:
        return [
            cells.link_to(result, cells.moment(result.created_at)),
            result.content_version,
            cells.outcome_badge(result.outcome),
            result.rule,
            cells.scores(result.scores),
            str(result.policy_version or cells.NOTHING),
            cells.milliseconds(result.duration_ms, 1),
        ]

    headings = (_("Read"), _("Version"), _("Outcome"), _("Rule"), _("Scores"), _("Policy"), _("Duration"))
    rows = row.results.select_related("policy_version__policy").defer("evidence", "policy_version__source")
    return section_of(_("Results"), headings, rows.order_by("-created_at", "-id"), of)


def cases(opened: QuerySet[ReviewCase]) -> Section:
    """The review cases, newest first."""

    def of(case: ReviewCase) -> list[Any]:
        return [
            cells.moment(case.opened_at),
            case.content_version,
            case.queue.name,
            case.get_status_display(),
            case.priority,
            case.claimed_by.get_username() if case.claimed_by else cells.NOTHING,
            cells.moment(case.resolved_at),
        ]

    headings = (_("Opened"), _("Version"), _("Queue"), _("Status"), _("Priority"), _("Claimed by"), _("Resolved"))
    rows = opened.select_related("queue", "claimed_by").order_by("-opened_at", "-id")
    return section_of(_("Review cases"), headings, rows, of)


def reports(row: Content, guises: Guises) -> Section:
    """What users said of the content, newest first, as it is shown to the person who asks."""

    def of(report: Report) -> list[Any]:
        report_as_shown(guises, report)
        return [
            cells.link_to(report, cells.moment(report.created_at)),
            report.content_version,
            category_title(report.reason),
            report.get_status_display(),
            covered(cover_over(row, row.pk), cells.foreign(report.comment, 200)) if report.comment else cells.NOTHING,
        ]

    headings = (_("Received"), _("Version"), _("Reason"), _("Status"), _("Comment"))
    return section_of(_("Reports"), headings, reports_shown(guises, row.reports.order_by("-created_at", "-id")), of)


def images(row: Content) -> Section:
    """The images of every version, with what was found in them."""

    def of(media: ContentMedia) -> list[Any]:
        file = media.file
        return [
            media.content_version,
            media.position + 1,
            media.get_source_display(),
            str(file) if file else cells.NOTHING,
            cells.scores(media.scores),
            ", ".join(f"{hit['bank']} ({hit['action']})" for hit in media.hits) or cells.NOTHING,
            media.fault or cells.NOTHING,
        ]

    headings = (_("Version"), _("Image"), _("Source"), _("File"), _("Scores"), _("Hash banks"), _("Fault"))
    rows = row.media.select_related("file").order_by("-content_version", "position")
    return section_of(_("Images"), headings, rows, of)


def versions(row: Content) -> Section:
    """The texts before an edit, newest first, under the same cover as the text."""

    def of(version: ContentVersion) -> list[Any]:
        text = covered(cover_over(row, row.pk), cells.whole_text(version.text), characters=len(version.text))
        return [version.version, cells.moment(version.superseded_at), text]

    headings = (_("Version"), _("Superseded"), _("Text"))
    return section_of(_("Earlier versions"), headings, row.versions.order_by("-version"), of)


def webhook_events(row: Content) -> Section:
    """What the platform was told, newest first."""

    def of(event: WebhookEvent) -> list[Any]:
        return [
            cells.link_to(event, event.type),
            event.endpoint.url,
            event.get_status_display(),
            event.attempts,
            cells.moment(event.created_at),
            cells.moment(event.finished_at),
        ]

    headings = (_("Event"), _("Endpoint"), _("Status"), _("Attempts"), _("Written"), _("Finished"))
    rows = row.webhook_events.select_related("endpoint").defer("payload", "endpoint__secret").order_by("-id")
    return section_of(_("Webhook events"), headings, rows, of)
