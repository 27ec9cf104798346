"""Guessing passwords is stopped: so many failures for one name from one address, and both have to wait.

django-axes counts in the database; these are what it asks us: whose name, which address, what to answer.
"""

import hashlib
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from reviewengine import conf
from reviewengine.access.events import tell

# Which address a request comes from is known by the API, which knows the proxies; the process knows nothing of it.
CLIENT_ADDRESS = "moderation.api.addresses.client_address"
UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104 - on a socket there is none; the column wants one


def address_of(request: HttpRequest) -> str:
    """The caller's address, proxies of ours seen through."""
    return str(import_string(CLIENT_ADDRESS)(request) or UNKNOWN_ADDRESS)


def name_of(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """The name that somebody tries, if an account has it; else a digest of it, for it may be a password."""
    given = (credentials or {}).get("username") or (request.POST.get("username") if request else "") or ""
    if not given:
        return ""
    person = person_named(given)
    return person.get_username() if person else f"unknown:{hashlib.sha256(given.encode()).hexdigest()[:16]}"


def person_named(name: str) -> User | None:
    """The account of this name, active or not."""
    if not name or "\x00" in name or len(name) > 150:
        return None
    return User.objects.filter(username=name).first()


def locked_page(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """The calm answer to one guess too many."""
    context = {
        **admin.site.each_context(request),
        "title": _("Please wait"),
        "minutes": conf.load().access.lockout_minutes,
    }
    answer = TemplateResponse(request, "admin/access/locked.html", context, status=429)
    answer["Retry-After"] = str(conf.load().access.lockout_minutes * 60)
    return answer.render()


def failures_of(person: User) -> int:
    """How many failed attempts stand against the person's name, from all addresses."""
    found = AccessAttempt.objects.filter(username=person.get_username())
    return found.aggregate(total=Sum("failures_since_start"))["total"] or 0


@transaction.atomic
def unlock(*, person: User, actor: str) -> int:
    """Forgets the failures for the person's name, so that they need not wait; answers how many rows there were."""
    forgotten = AxesProxyHandler.reset_attempts(username=person.get_username())
    tell("unlocked", person, actor=actor)
    return forgotten
