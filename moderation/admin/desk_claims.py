"""The desk's acts on a claim: skip, release, renew."""

from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from moderation.admin.desk_flow import go_on, posted_token
from moderation.admin.desk_form import ClaimForm
from moderation.admin.desk_guard import StaffRequest, act_view
from moderation.admin.desk_losses import loss_words
from moderation.admin.desk_presence import tell_viewers
from moderation.directions import inert
from moderation.models import ReviewCase
from moderation.review.leases import release_case, renew_claim, skip_case
from moderation.review.losses import loss_of
from moderation.review.presence import be_here, leave
from moderation.review.stale import StaleDecision


@act_view
def skip(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Gives the case to others and goes on to the next."""
    try:
        skip_case(case_id=case_id, moderator=request.user, lease_token=posted_token(request))
    except StaleDecision as refusal:
        messages.warning(request, _("Not skipped: %(refusal)s") % {"refusal": refusal})
    else:
        messages.success(request, _("Skipped %(id)s: it stays with others.") % {"id": _external_id(case_id)})
    return go_on(request)


def _external_id(case_id: UUID) -> str:
    named: str = ReviewCase.objects.values_list("content__external_id", flat=True).get(pk=case_id)
    return inert(named)


@act_view
def release(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Gives the case back. A page that closes asks for it too, and waits for no answer."""
    release_case(case_id=case_id, moderator=request.user, lease_token=posted_token(request))
    leave(person=request.user, case_id=case_id)
    if "closing" in request.POST:
        return HttpResponse(status=204)
    return HttpResponseRedirect(reverse("admin:review_desk"))


@require_POST
def renew(request: HttpRequest, case_id: UUID) -> JsonResponse:
    """A sign of life from an open page: answers how many seconds the claim lives now, or why it does not."""
    person = request.user
    if not isinstance(person, User) or not admin.site.has_permission(request):
        return JsonResponse({"message": _("You are signed out.")}, status=401)
    form = ClaimForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"message": _("The claim is not named.")}, status=400)
    try:
        ends_at = renew_claim(case_id=case_id, moderator=person, lease_token=form.cleaned_data["lease_token"])
    except StaleDecision as refusal:
        loss = loss_of(person=person, case_id=case_id)
        return JsonResponse({"message": loss_words(loss) if loss else str(refusal)}, status=409)
    except PermissionDenied as refusal:
        return JsonResponse({"message": str(refusal)}, status=403)
    except ReviewCase.DoesNotExist:
        return JsonResponse({"message": _("The case is gone.")}, status=409)
    viewers = tell_viewers(be_here(person=person, case_id=case_id))
    return JsonResponse({"seconds": round((ends_at - timezone.now()).total_seconds()), "viewers": viewers})


urls = [
    path("case/<uuid:case_id>/skip/", skip, name="review_skip"),
    path("case/<uuid:case_id>/release/", release, name="review_release"),
    path("case/<uuid:case_id>/renew/", renew, name="review_renew"),
]
