"""Leases on waiting content: who processes which rows, until when, and how a worker proves it still holds them."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from moderation.enums import ContentStatus
from moderation.models import Content
from reviewengine import conf

IMAGE_BATCH = 8
RELEASED = {"status": ContentStatus.PENDING, "lease_token": None, "lease_expires_at": None}


def claim_batch() -> list[Content]:
    """Leases the oldest waiting rows, as many as a batch holds. A row that failed before comes alone, and last."""
    options = conf.load().pipeline
    return claim(image_count=0, attempts__lt=options.suspect_after, limit=options.batch_size) or claim(
        attempts__gte=options.suspect_after, attempts__lt=options.max_attempts
    )


def claim_images() -> list[Content]:
    """Leases the oldest waiting rows with images: few, for their images must be fetched and read within the lease."""
    return claim(image_count__gt=0, attempts__lt=conf.load().pipeline.suspect_after, limit=IMAGE_BATCH)


def claim_one(content_id: UUID) -> list[Content]:
    """Leases that one content, if it waits. With images it is a worker's: a web process loads no image model."""
    return claim(pk=content_id, image_count=0)


def claim_exhausted() -> list[Content]:
    """Leases a row that no worker has survived, as often as a row is tried."""
    return claim(attempts__gte=conf.load().pipeline.max_attempts)


@transaction.atomic
def claim(*, limit: int = 1, **conditions: object) -> list[Content]:
    """Leases up to ``limit`` waiting rows that meet ``conditions`` and that no other worker holds, oldest first."""
    waiting = Content.objects.filter(status=ContentStatus.PENDING, **conditions).select_related("client", "author")
    contents = list(waiting.select_for_update(skip_locked=True, of=("self",)).order_by("id")[:limit])
    token, until = uuid4(), timezone.now() + timedelta(seconds=conf.load().pipeline.lease_seconds)
    for content in contents:
        content.status, content.attempts = ContentStatus.PROCESSING, content.attempts + 1
        content.lease_token, content.lease_expires_at = token, until
    if contents:
        Content.objects.filter(pk__in=[content.pk for content in contents]).update(
            status=ContentStatus.PROCESSING, attempts=F("attempts") + 1, lease_token=token, lease_expires_at=until
        )
    return contents


def lock_held(contents: Sequence[Content]) -> set[UUID]:
    """Locks those rows whose lease is still the one in ``contents``; the others were edited, erased or taken over.

    To be called in the transaction that settles them.
    """
    held = Content.objects.filter(
        pk__in=[content.pk for content in contents], lease_token__in={content.lease_token for content in contents}
    )
    return set(held.select_for_update().order_by("id").values_list("pk", flat=True))


def release_content(content: Content) -> None:
    """Gives a row back to the queue, if it is still ours."""
    Content.objects.filter(pk=content.pk, lease_token=content.lease_token).update(**RELEASED)


def release_expired() -> int:
    """Gives back every row whose worker did not finish in time; answers how many."""
    expired = Content.objects.filter(status=ContentStatus.PROCESSING, lease_expires_at__lt=timezone.now())
    return expired.update(**RELEASED)


def anything_waits() -> bool:
    """Whether any row waits for a worker."""
    return Content.objects.filter(status=ContentStatus.PENDING).exists()
