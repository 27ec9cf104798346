"""The admin site's doors: sign-in and sign-out, with the steps in between and the record of what happened there."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse

from reviewengine import conf


class AccessSite(AdminSite):
    """An admin site whose doors are watched. (Django loads it before there are models: what needs them comes later.)"""

    login_template = "admin/access/sign_in.html"
    logout_template = "admin/access/signed_out.html"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        from reviewengine.access import pages

        own = [
            path("second-factor/", self.admin_view(pages.own_page), name="second_factor"),
            path("second-factor/set-up/", pages.set_up_page, name="second_factor_set_up"),
            path("second-factor/code/", pages.code_page, name="second_factor_code"),
        ]
        return [*own, *super().get_urls()]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The password; a code that is owed is asked for on a page of its own."""
        from reviewengine.access import doors, pages

        access = conf.load().access
        if pages.half_of(request):
            return pages.go_to("admin:second_factor_code", request)
        if request.method == "POST" and not access.password_sign_in:
            return HttpResponseRedirect(reverse("admin:login"))
        provider = {"oidc": access.oidc.name if access.oidc.issuer else "", "password_sign_in": access.password_sign_in}
        answer = super().login(request, {**provider, **(extra_context or {})})
        if request.method == "POST":
            doors.note_sign_in(request)
        return answer

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from reviewengine.access import doors

        person = request.user
        context = {"provider_sign_out": doors.provider_sign_out(request), "oidc": conf.load().access.oidc.name}
        answer = super().logout(request, {**context, **(extra_context or {})})
        if isinstance(person, User):
            doors.note_sign_out(person)
        return answer
