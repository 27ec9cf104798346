"""The steps between a password and the console: a code, or an app to be set up; and a person's own page about both."""

from base64 import b32encode
from typing import Any, cast

import segno
from django import forms
from django.contrib import admin, messages
from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from reviewengine.access import second_factor, sessions
from reviewengine.access.events import tell
from reviewengine.access.gate import give_factor

PROPOSED = "access_proposed_key"
FEW_CODES = 3


class CodeForm(forms.Form):
    """One code. ``one-time-code`` lets a telephone offer it."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false", "autocapitalize": "off"}
        ),
    )


def half_of(request: HttpRequest) -> User | None:
    """Who has given a password and owes a code."""
    return cast("User | None", getattr(request, "half_signed_in", None))


def go_to(name: str, request: HttpRequest) -> HttpResponseRedirect:
    """To a step, which is told where the person wanted to go."""
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': _next(request)})}")


def _next(request: HttpRequest) -> str:
    """Where the person wanted to go: within this console, else its first page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("admin:index")


@never_cache
@sensitive_post_parameters("code")
def code_page(request: HttpRequest) -> HttpResponse:
    """The second step: a code of the app, or a recovery code."""
    person = half_of(request)
    if person is None:
        return HttpResponseRedirect(_next(request))
    if "leave" in request.POST:
        tell("signed_out", person, why="asked")
        logout(request)
        return HttpResponseRedirect(reverse("admin:login"))
    if second_factor.app_of(person) is None:
        return go_to("admin:second_factor_set_up", request)
    form = CodeForm(request.POST or None)
    if form.is_valid() and (done := _checked(person, form)):
        give_factor(request)
        if done == "recovery code":
            _warn_of_few(request, person)
        return HttpResponseRedirect(_next(request))
    return _page(request, "code", {"title": _("Second step"), "form": form, "next": _next(request), "person": person})


@sensitive_variables("form")
def _checked(person: User, form: CodeForm) -> str | None:
    """By which method the code is right; else the form says what to do."""
    found = second_factor.check(person=person, code=form.cleaned_data["code"])
    if found.method is None:
        form.add_error("code", _wait(found.wait_seconds) if found.wait_seconds else _("This code is not right."))
    return found.method


def _wait(seconds: int) -> str:
    return ngettext(
        "Too many wrong codes: wait %(seconds)d second, then try again.",
        "Too many wrong codes: wait %(seconds)d seconds, then try again.",
        seconds,
    ) % {"seconds": seconds}


def _warn_of_few(request: HttpRequest, person: User) -> None:
    left = second_factor.recovery_codes_left(person)
    if left <= FEW_CODES:
        text = ngettext(
            "%(left)d recovery code is left. Make new ones under your name.",
            "%(left)d recovery codes are left. Make new ones under your name.",
            left,
        )
        messages.warning(request, text % {"left": left})


@never_cache
@sensitive_post_parameters("code")
def set_up_page(request: HttpRequest) -> HttpResponse:
    """An app is set up by reading a picture and giving one code; the recovery codes are shown this once."""
    person = half_of(request) or (request.user if isinstance(request.user, User) and request.user.is_staff else None)
    if person is None:
        return go_to("admin:login", request)
    if not second_factor.is_switched_on() or second_factor.app_of(person) is not None:
        return go_to("admin:second_factor_code" if half_of(request) else "admin:second_factor", request)
    key = request.session.setdefault(PROPOSED, second_factor.new_key())
    form = CodeForm(request.POST or None)
    if form.is_valid():
        codes = second_factor.set_up(person=person, key=key, code=form.cleaned_data["code"])
        if codes:
            return _set_up(request, person, codes)
        form.add_error("code", _("This code is not right. Is the clock of your telephone right?"))
    address = second_factor.proposed_app(person, key).config_url
    context = {
        "title": _("Set up the second factor"),
        "form": form,
        "next": _next(request),
        "person": person,
        "required": second_factor.is_required_of(person),
        "picture": segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="#fff", omitsize=False),
        "letters": _letters(key),
    }
    return _page(request, "set_up", context)


def _set_up(request: HttpRequest, person: User, codes: list[str]) -> HttpResponse:
    """The session goes on, proved; any other one of the person began without a second factor, and ends."""
    del request.session[PROPOSED]
    give_factor(request)
    sessions.end_all(person, but=request.session.session_key)
    request.user, request.half_signed_in = person, None  # type: ignore[attr-defined]
    return _codes_page(request, codes)


def own_page(request: HttpRequest) -> HttpResponse:
    """What a person has set up, new recovery codes, and the way to be rid of it; a code is asked for first."""
    person = cast(User, request.user)
    app = second_factor.app_of(person) if second_factor.is_switched_on() else None
    required = second_factor.is_required_of(person)
    form = CodeForm(request.POST or None)
    form.fields["code"].widget.attrs.pop("autofocus")
    if app and form.is_valid() and _checked(person, form):
        if "codes" in request.POST:
            return _codes_page(request, second_factor.renew_recovery_codes(person=person))
        if "remove" in request.POST and not required:
            second_factor.remove(person=person)
            messages.success(request, _("Your second factor is removed. Your password alone lets you in now."))
            return HttpResponseRedirect(reverse("admin:second_factor"))
    context = {
        "title": _("Your second factor"),
        "form": form,
        "app": app,
        "required": required,
        "switched_on": second_factor.is_switched_on(),
        "codes_left": second_factor.recovery_codes_left(person),
    }
    return _page(request, "own", context)


@sensitive_variables("codes")
def _codes_page(request: HttpRequest, codes: list[str]) -> HttpResponse:
    context = {"title": _("Your recovery codes"), "codes": codes, "next": _next(request)}
    return _page(request, "recovery_codes", context)


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    shell = {**admin.site.each_context(request), "is_nav_sidebar_enabled": False}
    status = 400 if "form" in context and context["form"].errors else 200
    return TemplateResponse(request, f"admin/access/{name}.html", {**shell, **context}, status=status)


def _letters(key: str) -> str:
    """The secret for those who cannot point a camera, in groups of four."""
    text = b32encode(bytes.fromhex(key)).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))
