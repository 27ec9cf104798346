"""The languages of the console: each person chooses theirs. What machines read stays English."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

CONSOLE = "/admin/"
YEAR = 365 * 24 * 3600


class ConsoleLanguageMiddleware:
    """Answers people in the language they chose, or that their browser asks for; everything else in English.

    The language ends with the request: the thread that served a person serves a platform next.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(CONSOLE):
            return self.get_response(request)
        language = translation.get_language_from_request(request)
        with translation.override(language):
            response = self.get_response(request)
        if response.streaming:
            response.streaming_content = _spoken(response.streaming_content, language)  # type: ignore[attr-defined]
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language"])
        return response


def _spoken(parts: Iterable[bytes], language: str) -> Iterable[bytes]:
    """The parts of an answer that is written while it is sent, each in the language of who asked."""
    parts = iter(parts)
    while True:
        with translation.override(language):
            try:
                part = next(parts)
            except StopIteration:
                return
        yield part


@csrf_protect
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remembers the language that the form names, and goes back to the page it was chosen on."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = reverse("admin:index")
    response = HttpResponseRedirect(back)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
