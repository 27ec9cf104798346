"""Step 6, who may: the rights of the desk, and the queues in which a moderator may work."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from moderation.models import ReviewCase, ReviewQueue

SEE = "moderation.view_reviewcase"
DECIDE = "moderation.change_reviewcase"
DECIDE_ESCALATED = "moderation.decide_escalated"
# Whoever has to answer for everything reads everything, whatever queue it went to.
READ_RECORD = "moderation.view_auditentry"
# Whoever arranges the queues may also free what others hold in them.
RELEASE_OTHERS = "moderation.change_reviewqueue"
CONFIRM = "moderation.change_decisionhold"

# Who has which right is told by this one, whatever else people sign in with.
_RIGHTS = "django.contrib.auth.backends.ModelBackend"


def queues_of(moderator: User) -> QuerySet[ReviewQueue]:
    """The queues in which the moderator may work: those without groups, and those of a group of theirs."""
    if moderator.is_superuser:
        return ReviewQueue.objects.all()
    members = ReviewQueue.groups.through.objects.filter(reviewqueue=OuterRef("pk"))
    return ReviewQueue.objects.filter(~Exists(members) | Exists(members.filter(group__user=moderator)))


def visible_queues(person: User) -> QuerySet[ReviewQueue]:
    """The queues whose cases the person may read: those of their own, and all for whoever reads the audit trail."""
    return ReviewQueue.objects.all() if person.has_perm(READ_RECORD) else queues_of(person)


def closed_contents(person: User, content_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the contents that were sent to a queue whose cases the person may not read."""
    if person.has_perm(READ_RECORD):
        return set()
    cases = ReviewCase.objects.filter(content__in=content_ids).exclude(queue__in=queues_of(person))
    return set(cases.values_list("content_id", flat=True))


def find_moderator(username: str) -> User | None:
    """The person of this name, if he is active, may use the console and may decide cases."""
    person = User.objects.filter(username=username, is_active=True, is_staff=True).first()
    return person if person is not None and person.has_perm(DECIDE) else None


def people_with(right: str, *, superusers: bool = True) -> QuerySet[User]:
    """The active staff who have the right, by username; without ``superusers`` only those who were given it."""
    people = User.objects.with_perm(right, include_superusers=superusers, backend=_RIGHTS)
    return people.filter(is_staff=True).order_by("username")


def require_moderator(moderator: User) -> None:
    """Raises PermissionDenied for whoever may not decide cases at all."""
    if not moderator.has_perm(DECIDE):
        raise PermissionDenied(_("You may not decide cases. Ask an administrator to add you to the group 'moderator'."))


def require_queue(*, moderator: User, queue_id: int) -> None:
    """Raises PermissionDenied for whoever may not decide the cases of this queue."""
    require_moderator(moderator)
    require_open_queue(person=moderator, queue_id=queue_id)


def require_open_queue(*, person: User, queue_id: int) -> None:
    """Raises PermissionDenied for whoever may not work in this queue, whatever they may do there."""
    if not queues_of(person).filter(pk=queue_id).exists():
        raise PermissionDenied(_("You may not work in this queue. Ask a lead to add one of your groups to it."))


def may_decide(*, moderator: User, case: ReviewCase) -> bool:
    """Whether the moderator may decide this case: its queue, and its level."""
    try:
        require_queue(moderator=moderator, queue_id=case.queue_id)
        require_level(moderator=moderator, level=case.level)
    except PermissionDenied:
        return False
    return True


def require_level(*, moderator: User, level: int) -> None:
    """Raises PermissionDenied for whoever may not decide what others escalate, if this is such a case."""
    if level > 1 and not moderator.has_perm(DECIDE_ESCALATED):
        raise PermissionDenied(_("This case was escalated: a senior moderator decides it."))


def require_release(lead: User) -> None:
    """Raises PermissionDenied for whoever may not free what others hold."""
    if not lead.has_perm(RELEASE_OTHERS):
        raise PermissionDenied(_("You may not release the claims of others. Ask a lead to do it."))


def may_confirm(person: User) -> bool:
    """Whether the person may speak as the second about somebody's decision."""
    return person.has_perm(CONFIRM)


def require_confirmer(person: User) -> None:
    """Raises PermissionDenied for whoever may not confirm what others decided."""
    if not may_confirm(person):
        raise PermissionDenied(_("You may not confirm decisions. Ask a senior moderator or a lead."))
