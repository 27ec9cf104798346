"""What waits, and for how long: looked up when Prometheus asks, so that it is true after any restart."""

from collections.abc import Iterator

from django.db.models import Count, Min, Q
from django.utils import timezone
from prometheus_client.core import Metric

from moderation.enums import QUALITY_SOURCES, CaseSource, CaseStatus, ContentStatus, EventStatus
from moderation.models import (
    ApiKey,
    AuditEntry,
    Content,
    QualityReview,
    ReviewCase,
    ReviewQueue,
    WebhookEndpoint,
    WebhookEvent,
)
from reviewengine.metrics import gauge, register_collector, register_queue_rows


def register() -> None:
    """Has the process ask for these at each scrape."""
    register_queue_rows("moderation_queue", _contents_waiting)
    register_queue_rows("webhooks", _events_due)
    for collector in (content, review, quality, webhooks, audit, keys):
        register_collector(collector)


def content() -> Iterator[Metric]:
    """The backlog of the pipeline. The pending and the leased rows have an index each: one question would use none."""
    pending = Content.objects.filter(status=ContentStatus.PENDING).aggregate(rows=Count("pk"), oldest=Min("updated_at"))
    leased = Content.objects.filter(status=ContentStatus.PROCESSING).count()
    waited = (timezone.now() - pending["oldest"]).total_seconds() if pending["oldest"] else 0.0
    yield gauge(
        "reviewengine_content_waiting",
        "Content without a verdict, by status.",
        [({"status": "pending"}, pending["rows"]), ({"status": "processing"}, leased)],
    )
    yield gauge(
        "reviewengine_oldest_waiting_seconds", "Age of the oldest content that no worker has taken.", [({}, waited)]
    )


def review() -> Iterator[Metric]:
    """Open cases by queue; every queue is there, also with none. Read from the index review_case_due alone."""
    waiting = ReviewCase.objects.filter(status=CaseStatus.OPEN).ordinary()
    counts = (
        waiting.order_by()
        .values_list("queue_id")
        .annotate(open=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=timezone.now())))
    )
    found = {queue: (number, overdue) for queue, number, overdue in counts}
    slugs = ReviewQueue.objects.order_by("slug").values_list("pk", "slug")
    rows = [(slug, *found.get(pk, (0, 0))) for pk, slug in slugs]
    yield gauge(
        "reviewengine_review_cases_open",
        "Cases that wait for a person.",
        [({"queue": slug}, waiting) for slug, waiting, _ in rows],
    )
    yield gauge(
        "reviewengine_review_cases_overdue",
        "Cases that have waited longer than their queue allows.",
        [({"queue": slug}, overdue) for slug, _, overdue in rows],
    )


def quality() -> Iterator[Metric]:
    """What of the measuring of people waits for people."""
    kinds = dict.fromkeys(QUALITY_SOURCES, 0)
    open_ones = ReviewCase.objects.measuring().filter(status=CaseStatus.OPEN).order_by()
    kinds |= dict(open_ones.values_list("source").annotate(Count("pk")))
    yield gauge(
        "reviewengine_quality_cases_open",
        "Double reviews and golden cases that nobody has answered.",
        [({"kind": str(kind)}, number) for kind, number in kinds.items()],
    )
    differing = QualityReview.objects.filter(kind=CaseSource.DOUBLE, agrees=False, settled_at=None).count()
    yield gauge(
        "reviewengine_quality_disagreements_open", "Double reviews that differ and wait for a lead.", [({}, differing)]
    )


def webhooks() -> Iterator[Metric]:
    counts = {
        status: WebhookEvent.objects.filter(status=status).count() for status in (EventStatus.PENDING, EventStatus.DEAD)
    }
    disabled = WebhookEndpoint.objects.exclude(disabled_at=None).count()
    yield gauge(
        "reviewengine_webhook_events",
        "Webhook events that were not delivered, by status.",
        [({"status": status.value}, count) for status, count in counts.items()],
    )
    yield gauge("reviewengine_webhook_endpoints_disabled", "Endpoints that are told nothing.", [({}, disabled)])


def audit() -> Iterator[Metric]:
    unsealed = AuditEntry.objects.filter(sequence=None).count()
    yield gauge("reviewengine_audit_entries_unsealed", "Audit entries outside the hash chain as yet.", [({}, unsealed)])


def keys() -> Iterator[Metric]:
    expiring = ApiKey.objects.expiring().count()
    yield gauge("reviewengine_api_keys_expiring", "Usable API keys that end within 14 days.", [({}, expiring)])


def _contents_waiting() -> int:
    pending = Content.objects.filter(status=ContentStatus.PENDING).count()
    return pending + Content.objects.filter(status=ContentStatus.PROCESSING).count()


def _events_due() -> int:
    return WebhookEvent.objects.filter(status=EventStatus.PENDING, next_attempt_at__lte=timezone.now()).count()
