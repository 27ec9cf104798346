"""Looking without deciding: who may look at a case that somebody else has, who has it, and who looks at it now."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from moderation.enums import CaseStatus
from moderation.models import ReviewCase
from moderation.review.access import SEE, queues_of
from moderation.review.blindness import is_kept_from
from moderation.review.care import require_may_take
from moderation.review.leases import read_case
from moderation.review.presence import Presence, be_here, leave
from moderation.review.stale import person_name
from reviewengine import conf


def require_may_look(*, person: User, case: ReviewCase) -> None:
    """Raises PermissionDenied for whoever is not to look at a case of their queues."""
    # Two people who decide the same content are not to know of each other.
    if case.is_quality and person.pk not in (case.assigned_to_id, case.claimed_by_id):
        raise PermissionDenied(_("This case is for one person alone."))
    if not case.is_quality and is_kept_from(person, case.content):
        raise PermissionDenied(_("You cannot look at this case now."))
    if case.claimed_by_id != person.pk:
        require_may_take(moderator=person, categories=case.categories)


def look_facts(person: User, case: ReviewCase) -> dict[str, Any]:
    """For a page of a case that cannot be decided there: who has it, and who else looks."""
    viewers = tell_viewers(be_here(person=person, case_id=case.pk))
    return {
        "state": state_of(read_case(case.pk)),
        "viewers": viewers,
        "lease_seconds": conf.load().review.lease_seconds,
    }


def state_of(case: ReviewCase) -> str:
    """Who has the case now, in one sentence."""
    now = timezone.now()
    if case.status != CaseStatus.OPEN:
        return _("This case is closed.")
    if case.claimed_by is not None and case.lease_expires_at is not None and case.lease_expires_at > now:
        return _("%(person)s has this case now.") % {"person": person_name(case.claimed_by)}
    if case.assigned_to is None or case.assigned_until is None or case.assigned_until <= now:
        return _("Nobody has this case now.")
    person = {"person": person_name(case.assigned_to)}
    if case.on_hold_until is not None and case.on_hold_until > now:
        return _("%(person)s has this case on hold.") % person
    return _("This case waits for %(person)s.") % person


@require_POST
def presence(request: HttpRequest, case_id: UUID) -> JsonResponse:
    """A sign of life from a page that only looks: answers who else is there, and who has the case now."""
    person = request.user
    if not isinstance(person, User) or not admin.site.has_permission(request) or not person.has_perm(SEE):
        return JsonResponse({"message": _("You are signed out.")}, status=401)
    if "closing" in request.POST:
        leave(person=person, case_id=case_id)
        return JsonResponse({})
    if not ReviewCase.objects.filter(pk=case_id, queue__in=queues_of(person)).exists():
        return JsonResponse({"message": _("The case is gone.")}, status=409)
    case = read_case(case_id)
    try:
        require_may_look(person=person, case=case)
    except PermissionDenied as refusal:
        return JsonResponse({"message": str(refusal)}, status=403)
    viewers = tell_viewers(be_here(person=person, case_id=case_id))
    return JsonResponse({"viewers": viewers, "state": state_of(case)})


def tell_viewers(viewers: list[Presence]) -> dict[str, str]:
    """Who else looks, in a line that changes only when somebody comes or goes, and since when; empty for nobody."""
    if not viewers:
        return {"names": "", "since": ""}
    since = [_("%(person)s for %(time)s") % {"person": one.name, "time": timesince(one.since)} for one in viewers]
    names = ", ".join(one.name for one in viewers)
    return {"names": _("Also looking: %(people)s") % {"people": names}, "since": ", ".join(since)}


urls = [path("case/<uuid:case_id>/presence/", presence, name="review_presence")]
