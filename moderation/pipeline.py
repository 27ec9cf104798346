"""Read this first: the story of a batch. Claim it, detect, ask the policy, then decide or open a case.

The row in PostgreSQL is the work item. A worker claims waiting rows under a lease and settles the whole batch in one
transaction that names the lease. Killed at any point it costs a delay: the lease runs out, the sweep frees the rows,
another worker takes them. A batch that fails is split until the poison stands alone, and what keeps failing goes to a
person. Nothing waits in silence, and nothing is approved because something broke.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from moderation import metrics
from moderation.decisions import DecisionDraft, record_decisions
from moderation.detectors.panel import BudgetExceeded
from moderation.enums import UNSETTLED_STATUSES, DecisionSource, Outcome
from moderation.in_force import detector_panel
from moderation.judgement import Judgement, judge, judge_failed
from moderation.leases import (
    IMAGE_BATCH,
    anything_waits,
    claim_batch,
    claim_exhausted,
    claim_images,
    claim_one,
    lock_held,
    release_content,
    release_expired,
)
from moderation.media.reading import read_images, with_images
from moderation.models import Content, ContentMedia, ModerationResult
from moderation.near_duplicates.placement import store_placements
from moderation.review.queue import NewCase, open_cases
from moderation.review.reports import attend_to_reports
from reviewengine import conf

logger = logging.getLogger(__name__)
DRAIN_SECONDS = 60


def drain(*, on_full_batch: Callable[[], None] = lambda: None) -> bool:
    """Moderates waiting content for at most a minute; answers whether more may be waiting.

    ``on_full_batch`` is called when a claim found as many rows as it asked for: there is work for a second worker.
    """
    claims = [(claim_batch, conf.load().pipeline.batch_size), (claim_images, IMAGE_BATCH)]
    stop_at = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < stop_at:
        # What has images takes its time: it never stands in one batch with what has none, nor waits for those claimed.
        found = [_moderate_next(claim, full, on_full_batch) for claim, full in claims]
        if not any(found):
            return False
    return True


def _moderate_next(claim: Callable[[], list[Content]], full: int, on_full_batch: Callable[[], None]) -> bool:
    batch = claim()
    if len(batch) == full:
        on_full_batch()
    if batch:
        moderate(batch)
    return bool(batch)


def moderate_now(*, content_id: UUID, wait_seconds: float) -> None:
    """Moderates one content while its client waits, unless a worker has it already; then waits for that worker."""
    stop_at = time.monotonic() + wait_seconds
    while True:
        if batch := claim_one(content_id):
            moderate(batch, budget_seconds=max(0.1, stop_at - time.monotonic()))
        waiting = Content.objects.filter(pk=content_id, status__in=UNSETTLED_STATUSES)
        if time.monotonic() > stop_at or not waiting.exists():
            return
        time.sleep(0.02)


def moderate(batch: Sequence[Content], *, budget_seconds: float | None = None) -> None:
    """Takes a claimed batch to its decisions. A batch that fails is halved, down to the item that is at fault.

    With a budget, a batch that would take longer goes back to the queue for a worker that has the time.
    """
    try:
        settle(batch, judge_batch(batch, budget_seconds))
        _report(batch)
    except BudgetExceeded:
        for content in batch:
            release_content(content)
    except (InterfaceError, OperationalError):
        raise  # the database is away: no item is at fault, and the leases run out by themselves
    except Exception as error:  # whatever one text makes a detector, the policy or a row do
        if len(batch) > 1:
            middle = len(batch) // 2
            moderate(batch[:middle])
            moderate(batch[middle:])
        else:
            give_up_or_retry(batch[0], type(error).__name__)


def _report(batch: Sequence[Content]) -> None:
    """One line a batch, by which a request is found in the worker's log."""
    requests = sorted({content.request_id for content in batch if content.request_id})
    traces = sorted({content.trace_id for content in batch if content.trace_id})
    logger.info("moderation.settled", extra={"items": len(batch), "requests": requests, "traces": traces})


def judge_batch(batch: Sequence[Content], budget_seconds: float | None = None) -> list[Judgement]:
    """Reads every text with every detector, once for the whole batch, then the images, and asks the policies."""
    started = time.perf_counter()
    images = read_images(batch)
    texts, languages = [content.text for content in batch], [content.language for content in batch]
    reports = detector_panel().detect(texts, languages, budget_seconds)
    reports = [with_images(report, images.get(content.pk)) for content, report in zip(batch, reports, strict=True)]
    metrics.count_detector_failures(report.failures for report in reports)
    judgements = judge(batch, reports, duration_ms=(time.perf_counter() - started) * 1000 / len(batch))
    return [
        replace(judgement, images=tuple(images[content.pk].media)) if content.pk in images else judgement
        for content, judgement in zip(batch, judgements, strict=True)
    ]


@transaction.atomic
def settle(batch: Sequence[Content], judgements: Sequence[Judgement]) -> None:
    """Results, fingerprints, decisions, cases, audit and outbox of the rows that are still ours, in one transaction."""
    held = lock_held(batch)
    ours = [judgement for judgement in judgements if judgement.result.content_id in held]
    ModerationResult.objects.bulk_create([judgement.result for judgement in ours])
    store_placements(placements=[judgement.placement for judgement in ours if judgement.placement])
    images = [media for judgement in ours for media in judgement.images]
    ContentMedia.objects.bulk_update(images, ["scores", "hits", "fault"])
    record_decisions(drafts=[_draft(judgement) for judgement in ours])
    open_cases(items=[_case(judgement) for judgement in ours if judgement.result.outcome == Outcome.REVIEW])
    attend_to_reports(contents=[judgement.result.content for judgement in ours])


def give_up_or_retry(content: Content, error: str) -> None:
    """An item that failed alone is tried again, and after the last attempt it goes to a person."""
    metrics.items_failed_total.inc()
    told = {"requests": [content.request_id], "traces": [content.trace_id]}
    logger.error(
        "moderation.failed", extra={"content": str(content.pk), "error": error, "attempt": content.attempts, **told}
    )
    if content.attempts < conf.load().pipeline.max_attempts:
        release_content(content)
    else:
        settle([content], [judge_failed(content, error)])


def sweep() -> bool:
    """Frees what dead workers held; answers whether anything waits.

    An item that its worker never survived is not tried for ever either: past the last attempt a person decides.
    """
    release_expired()
    while exhausted := claim_exhausted():
        settle(exhausted, [judge_failed(exhausted[0], "worker lost")])
    return anything_waits()


def _draft(judgement: Judgement) -> DecisionDraft:
    result = judgement.result
    return DecisionDraft(
        content=result.content,
        outcome=Outcome(result.outcome),
        source=DecisionSource.POLICY,
        actor=judgement.actor,
        rule=result.rule,
        reasoning=next((reason["message"] for reason in result.reasons), ""),
        result=result,
    )


def _case(judgement: Judgement) -> NewCase:
    return NewCase(
        content=judgement.result.content,
        content_version=judgement.result.content_version,
        result=judgement.result,
        queue_slug=judgement.queue,
        priority=judgement.priority,
    )
