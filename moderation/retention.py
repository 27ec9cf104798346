"""What is erased, when, and how: in batches, each its own transaction, so that a run may be cut off anywhere.

Erasing takes the text and whatever names a person, and leaves the record of what was decided and why. Content that
waits for a decision is never touched by age; a client may have it erased, and that is recorded as a decision too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from moderation.decisions import DecisionDraft, record_decisions
from moderation.enums import (
    FINAL_OUTCOMES,
    UNRESOLVED_STATUSES,
    ContentStatus,
    DecisionSource,
    EventStatus,
    Outcome,
    SubjectType,
)
from moderation.media.store import delete_files, forget_media, unused_files
from moderation.models import (
    AdapterFeedback,
    ApiUsage,
    AuditEntry,
    Author,
    Content,
    ContentFingerprint,
    ContentVersion,
    Exposure,
    IdempotencyRecord,
    MediaFile,
    ReviewCase,
    WebhookEvent,
)
from moderation.review.queue import cancel_cases
from moderation.review.reports import forget_reports
from reviewengine import conf

ERASED_RULE = "erased"
# Who wrote it, where it stood, what it answered: together with the text, all that the client told of a person.
BLANK: dict[str, Any] = {
    "text": "",
    "text_digest": "",
    "image_count": 0,
    "metadata": {},
    "conversation_id": "",
    "parent_external_id": "",
    "url": "",
    "author": None,
}


@dataclass(frozen=True, slots=True)
class CleanUpReport:
    """What a clean-up did, or in a dry run would do: how many of what, in the order of the work."""

    counts: dict[str, int]
    dry_run: bool


@dataclass(frozen=True, slots=True)
class _Rule:
    """One kind of record: which rows, how many days they are kept (0: for ever), and what befalls them then."""

    label: str
    rows: QuerySet[Any]
    age_field: str
    days: float
    work: Callable[[list[Any]], object]

    def expired(self, now: datetime) -> QuerySet[Any]:
        if not self.days:
            return self.rows.none()
        return self.rows.filter(**{f"{self.age_field}__lt": now - timedelta(days=self.days)})


@transaction.atomic
def erase_contents(*, contents: Sequence[Content], actor: str, reason: str) -> int:
    """Erases the text and the personal data of contents whose rows the caller has locked; answers how many.

    Decisions, results and audit entries stay: they hold none of it. Content that was not decided yet is recorded as
    rejected by the client's own act, under the rule ``erased``: nobody can judge it any more, so nobody may be asked
    to. ``actor`` is written as in AuditEntry. What was erased before is left alone.
    """
    whole = [content for content in contents if content.erased_at is None]
    if not whole:
        return 0
    keys = [content.pk for content in whole]
    cancel_cases(content_ids=keys)
    _settle_undecided([content for content in whole if content.status != ContentStatus.DECIDED], actor)
    ContentVersion.objects.filter(content__in=keys).delete()
    ContentFingerprint.objects.filter(content__in=keys).delete()
    forget_media(content_ids=keys)
    forget_reports(content_ids=keys)
    now = timezone.now()
    Content.objects.filter(pk__in=keys).update(**BLANK, erased_at=now, updated_at=now)
    _forget_authors({content.author_id for content in whole if content.author_id})
    AuditEntry.objects.bulk_create(_audit_entry(content, actor, reason, now) for content in whole)
    return len(whole)


def _settle_undecided(contents: Sequence[Content], actor: str) -> None:
    record_decisions(
        drafts=[
            DecisionDraft(content, Outcome.REJECT, DecisionSource.API, actor, rule=ERASED_RULE) for content in contents
        ]
    )


def _forget_authors(author_ids: set[int]) -> None:
    """Takes the name from authors of whom nothing is left; their trust is the client's, and stays."""
    left = Content.objects.filter(author=OuterRef("pk"))
    Author.objects.filter(pk__in=author_ids).exclude(Exists(left)).update(display_name="")


def _audit_entry(content: Content, actor: str, reason: str, now: datetime) -> AuditEntry:
    return AuditEntry(
        action="content.erased",
        actor=actor,
        subject_type=SubjectType.CONTENT,
        subject_id=str(content.pk),
        data={"version": content.version, "reason": reason},
        created_at=now,
    )


def clean_up(
    *, dry_run: bool = False, now: datetime | None = None, older_than_days: int | None = None
) -> CleanUpReport:
    """Erases decided content and deletes finished webhook events that are older than the configuration keeps.

    ``older_than_days`` stands in for the configured age of content, and leaves events alone. Rows that somebody else
    holds are left for the next run, as is content with an open case. ``now``: the moment that ages are counted from.
    """
    now = now or timezone.now()
    rules = _content_rules(older_than_days) + ([] if older_than_days else _other_rules())
    act = _count if dry_run else _work_off
    return CleanUpReport({rule.label: act(rule, now) for rule in rules}, dry_run)


def _content_rules(older_than_days: int | None) -> list[_Rule]:
    ages = conf.load().retention.erase_after_days
    open_cases = ReviewCase.objects.ordinary().filter(content=OuterRef("pk"), status__in=UNRESOLVED_STATUSES)
    decided = Content.objects.filter(status=ContentStatus.DECIDED, erased_at=None).exclude(Exists(open_cases))
    return [
        _Rule(
            label=f"content erased, decision {outcome}",
            rows=decided.filter(decision=outcome).order_by("decided_at"),
            age_field="decided_at",
            days=older_than_days or getattr(ages, outcome),
            work=_erase_for_age,
        )
        for outcome in FINAL_OUTCOMES
    ]


def _other_rules() -> list[_Rule]:
    return [*_event_rules(), _upload_rule(), _feedback_rule(), _idempotency_rule(), _usage_rule(), _exposure_rule()]


def _event_rules() -> list[_Rule]:
    keep = conf.load().retention
    ages = {EventStatus.DELIVERED: keep.delivered_event_days, EventStatus.DEAD: keep.dead_event_days}
    return [
        _Rule(
            label=f"webhook events deleted, {status}",
            rows=WebhookEvent.objects.filter(status=status).order_by("id"),
            age_field="finished_at",
            days=days,
            work=_delete_events,
        )
        for status, days in ages.items()
    ]


def _upload_rule() -> _Rule:
    """Images that were sent and never used, or whose last content is gone."""
    return _Rule(
        label="images deleted, used by nothing",
        rows=unused_files().order_by("used_at"),
        age_field="used_at",
        days=conf.load().images.unused_hours / 24,
        work=_delete_uploads,
    )


def _feedback_rule() -> _Rule:
    """What clients said of texts that they never submitted; the text goes with it."""
    return _Rule(
        label="adapter feedback deleted",
        rows=AdapterFeedback.objects.order_by("created_at"),
        age_field="created_at",
        days=conf.load().retention.adapter_feedback_days,
        work=_delete_feedback,
    )


def _idempotency_rule() -> _Rule:
    """Answers that are not repeated any more."""
    return _Rule(
        label="idempotency records deleted",
        rows=IdempotencyRecord.objects.order_by("expires_at"),
        age_field="created_at",
        days=conf.load().api.idempotency_hours / 24,
        work=_delete_answers,
    )


def _usage_rule() -> _Rule:
    """Counts of days that nobody asks for any more."""
    return _Rule(
        label="usage of keys deleted",
        rows=ApiUsage.objects.order_by("day"),
        age_field="day",
        days=conf.load().retention.usage_days,
        work=_delete_usage,
    )


def _exposure_rule() -> _Rule:
    """What moderators were shown, and for how long."""
    return _Rule(
        label="exposures of moderators deleted",
        rows=Exposure.objects.order_by("started_at"),
        age_field="started_at",
        days=conf.load().retention.exposure_days,
        work=_delete_exposures,
    )


def _erase_for_age(contents: list[Content]) -> None:
    erase_contents(contents=contents, actor="system", reason="older than the configuration keeps")


def _delete_events(events: list[WebhookEvent]) -> None:
    WebhookEvent.objects.filter(pk__in=[event.pk for event in events]).delete()


def _delete_feedback(rows: list[AdapterFeedback]) -> None:
    AdapterFeedback.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _delete_answers(records: list[IdempotencyRecord]) -> None:
    IdempotencyRecord.objects.filter(pk__in=[record.pk for record in records]).delete()


def _delete_usage(rows: list[ApiUsage]) -> None:
    ApiUsage.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _delete_exposures(rows: list[Exposure]) -> None:
    Exposure.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _delete_uploads(files: list[MediaFile]) -> None:
    delete_files(files=files)


def _count(rule: _Rule, now: datetime) -> int:
    return rule.expired(now).count()


def _work_off(rule: _Rule, now: datetime) -> int:
    """Does the rule's work to every row that nobody else holds, a batch a transaction; answers to how many."""
    size, total = conf.load().retention.batch_size, 0
    while True:
        with transaction.atomic():
            batch = list(rule.expired(now).select_for_update(skip_locked=True, of=("self",))[:size])
            rule.work(batch)
        total += len(batch)
        if len(batch) < size:
            return total
