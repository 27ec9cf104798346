"""Step 6, who is let in: what stands before every act on a case, and before every page that tells of one."""

from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from moderation.models import Content, ReviewCase
from moderation.review.access import closed_contents, require_level, require_open_queue, require_queue
from moderation.review.blindness import contents_kept_from


def require_may_act(*, moderator: User, case: ReviewCase) -> None:
    """Raises PermissionDenied for whoever may not decide a case of this queue and level, or must not see this one.

    Raises ReviewCase.DoesNotExist for a case that measures somebody else.
    """
    require_queue(moderator=moderator, queue_id=case.queue_id)
    require_level(moderator=moderator, level=case.level)
    _require_not_for_another(moderator, case)


def require_may_see(*, person: User, case: ReviewCase) -> None:
    """As ``require_may_act``, for whoever only reads: whatever the level, and without the right to decide."""
    require_open_queue(person=person, queue_id=case.queue_id)
    _require_not_for_another(person, case)


def require_open_content(*, person: User, content: Content) -> None:
    """Raises PermissionDenied for a content that was sent to a queue whose cases the person may not read."""
    if closed_contents(person, [content.pk]):
        raise PermissionDenied(_("This content went to a queue in which you may not work."))


def case_behind(case_id: UUID) -> ReviewCase:
    """What the checks above read of a case, and nothing of its content. Raises ReviewCase.DoesNotExist."""
    fields = ("queue_id", "level", "source", "assigned_to_id", "claimed_by_id", "content_id")
    return ReviewCase.objects.only(*fields).get(pk=case_id)


def _require_not_for_another(person: User, case: ReviewCase) -> None:
    if case.is_quality:
        if person.pk not in (case.assigned_to_id, case.claimed_by_id):
            raise ReviewCase.DoesNotExist("There is no such case.")
    elif contents_kept_from(person).filter(content=case.content_id).exists():
        raise PermissionDenied(_("You cannot look at this case now."))
