"""Step 6, what people were exposed to: one row a look at a content, its seconds told by the page that shows it.

The page counts only while it is in sight, and the server believes no more than its own clock allows: seconds that a
lost network kept are lost, and no work with them. No row holds anything of what a content says.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from moderation.metrics import count_graphic_look, count_uncovered_seconds
from moderation.models import Exposure
from moderation.review.care import graphic_categories

# Shown again within this time, by a reload or after a refused form, it is the same look.
SAME_LOOK = timedelta(minutes=2)


@transaction.atomic(savepoint=False)
def begin_look(
    *, moderator: User, content_id: UUID, categories: Collection[str], now: datetime | None = None
) -> Exposure:
    """Records that the person is shown a content of these kinds, and answers the look that its page reports to."""
    now = now or timezone.now()
    kinds = sorted(categories)
    latest = Exposure.objects.filter(moderator=moderator, content=content_id, last_seen_at__gte=now - SAME_LOOK)
    look = latest.order_by("-started_at").first()
    if look is not None and look.categories == kinds:
        return look
    is_graphic = bool(graphic_categories().intersection(kinds))
    if is_graphic:
        transaction.on_commit(count_graphic_look)
    return Exposure.objects.create(
        moderator=moderator,
        content_id=content_id,
        categories=kinds,
        is_graphic=is_graphic,
        started_at=now,
        last_seen_at=now,
    )


@transaction.atomic
def add_seconds(
    *,
    look_id: UUID,
    moderator: User,
    open_seconds: int,
    text_seconds: int,
    image_seconds: int,
    now: datetime | None = None,
) -> Exposure:
    """Adds what a page reports of one look; each number is cut to the time that has passed since it was last heard of.

    Raises Exposure.DoesNotExist where the person has no such look: nobody adds to what others were exposed to.
    """
    now = now or timezone.now()
    look = Exposure.objects.select_for_update(of=("self",)).get(pk=look_id, moderator=moderator)
    # Whole seconds: the rest of one stays to be counted by the next report.
    passed = int(max(0.0, (now - look.last_seen_at).total_seconds()))
    opened, text, images = (min(max(0, told), passed) for told in (open_seconds, text_seconds, image_seconds))
    text, images = min(text, opened), min(images, opened)
    look.open_seconds += opened
    look.text_seconds += text
    look.image_seconds += images
    look.last_seen_at += timedelta(seconds=passed)
    look.save(update_fields=["open_seconds", "text_seconds", "image_seconds", "last_seen_at"])
    transaction.on_commit(lambda: count_uncovered_seconds(text=text, images=images))
    return look
