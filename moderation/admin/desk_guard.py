"""The guard of the desk's pages: who may see them, and answers to refusals that keep what was typed."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.admin.care_note import care_note
from moderation.admin.desk_losses import tell_losses
from moderation.admin.undoable import undoable
from moderation.models import ReviewCase, ReviewQueue
from moderation.review.access import SEE
from moderation.review.capacity import TooManyHeld

View = Callable[..., HttpResponse]

_NOT_A_LEAD = gettext_lazy("You may not see this page. Ask an administrator for the group 'lead'.")


class StaffRequest(HttpRequest):
    """A request that the guard let through: somebody of the staff is signed in."""

    user: User


def answer(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page of the desk in the console's frame, without the side bar: the case needs the room."""
    shell = {**admin.site.each_context(request), "is_nav_sidebar_enabled": False}
    # Read only by the pages that show it.
    shell["care_note"] = SimpleLazyObject(lambda: care_note(cast(User, request.user)))
    if request.user.is_authenticated:  # who was signed out is told so on a page of the desk
        tell_losses(request, cast(User, request.user))
        shell["undoable"] = SimpleLazyObject(lambda: undoable(cast(User, request.user)))
    name = f"admin/moderation/review/{template}.html"
    return TemplateResponse(request, name, {**shell, **context}, status=status)


def page_view(view: View) -> View:
    """A page of the desk, for whoever may see cases; never cached."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if not request.user.has_perm(SEE):
                raise PermissionDenied(_("You may not see the review desk. Ask an administrator for a group that may."))
            return view(request, *args, **kwargs)
        except PermissionDenied as refusal:
            context = {"title": _("Not allowed"), "message": str(refusal), "typed": request.POST}
            return answer(request, "refused", context, status=403)
        except TooManyHeld as full:
            return _say_full(request, full, kwargs.get("case_id"))
        except (ReviewCase.DoesNotExist, ReviewQueue.DoesNotExist) as error:
            raise Http404(str(error)) from error

    signed_in = admin.site.admin_view(guarded)

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # The usual answer to an ended session is a redirect, in which a posted note would be lost.
        if request.method == "POST" and not admin.site.has_permission(request):
            return _signed_out(request, kwargs.get("case_id"))
        return signed_in(request, *args, **kwargs)

    return kept


def page_for(permission: str, refusal: str | Promise = _NOT_A_LEAD) -> Callable[[View], View]:
    """A page for whoever holds ``permission`` too, in the guard of the desk's pages; others are told ``refusal``."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise PermissionDenied(refusal)
            return view(request, *args, **kwargs)

        return page_view(guarded)

    return guard


def act_view(view: View) -> View:
    """An act on a case: posted only. Whoever reloads its address is led to the case."""

    @wraps(view)
    def posted(request: HttpRequest, case_id: UUID) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:review_case", args=[case_id]))
        return view(request, case_id)

    return page_view(posted)


def _say_full(request: HttpRequest, full: TooManyHeld, case_id: UUID | None) -> HttpResponse:
    context = {"title": _("Your hands are full"), "message": str(full), "cases": full.cases, "typed": request.POST}
    return answer(request, "full", {**context, "case_id": case_id}, status=409)


def _signed_out(request: HttpRequest, case_id: UUID | None) -> HttpResponse:
    back = reverse("admin:review_case", args=[case_id]) if case_id else reverse("admin:review_desk")
    login = f"{reverse('admin:login')}?{urlencode({'next': back})}"
    context = {"title": _("You are signed out"), "login": login, "typed": request.POST}
    return answer(request, "signed_out", context, status=401)
