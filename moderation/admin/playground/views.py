"""The playground's page: the form, and what was read. It works by a plain POST; a script makes it quicker."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from moderation.admin.desk_guard import answer
from moderation.admin.playground.code import CodeForm, SentImage, requests_as_code
from moderation.admin.playground.form import PlaygroundForm
from moderation.admin.playground.reading import PlaygroundReading, Question, read
from moderation.review.access import SEE
from moderation.scoring import Busy, seat_for_long_work
from reviewengine import conf
from reviewengine.admin import NavLink

TEMPLATE = "admin/moderation/playground/page.html"
# Whoever reviews, and whoever reads policies.
PERMISSIONS = (SEE, "moderation.view_policy")
TOO_LARGE = gettext_lazy("That is more than this page takes: paste a shorter text, or choose a smaller image.")
BUSY = gettext_lazy("The detectors are busy with what platforms send. Try it again in a moment.")
NOT_ALLOWED = gettext_lazy(
    "You may not see the playground. Ask an administrator for a group that reviews or reads policies."
)


class InMemory(MemoryFileUploadHandler):
    """Keeps an upload in memory, never on the disk. What is too large for an image is read past and dropped."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **kwargs: Any) -> None:
        options = conf.load()
        self.activated = content_length <= options.images.max_bytes + options.api.max_bulk_body_bytes


@csrf_exempt  # admin_view checks it, after the handler of the upload is in its place
@require_http_methods(["GET", "HEAD", "POST"])
def playground(request: HttpRequest) -> HttpResponse:
    """GET shows the form; POST reads what was pasted and shows everything that was read."""
    memory = InMemory(request)
    request.upload_handlers = [memory]
    try:
        return _signed_in(request)
    except RequestDataTooBig:
        return _page(request, PlaygroundForm(), faults=[TOO_LARGE], status=413)


def _show(request: HttpRequest) -> HttpResponse:
    if not any(map(request.user.has_perm, PERMISSIONS)):
        return answer(request, "refused", {"title": gettext_lazy("Not allowed"), "message": NOT_ALLOWED}, status=403)
    if request.method != "POST":
        return _page(request, PlaygroundForm())
    try:
        with seat_for_long_work(wanted=request.FILES):
            return _shown(request, PlaygroundForm(request.POST, request.FILES))
    except Busy:  # a form that is not read yet keeps its text; reading it would decode the image
        return _page(request, PlaygroundForm(initial=request.POST.dict()), faults=[BUSY], status=503)


def _shown(request: HttpRequest, form: PlaygroundForm) -> HttpResponse:
    (memory,) = request.upload_handlers
    if not getattr(memory, "activated", True):
        form.add_error("image", TOO_LARGE)
    if not form.is_valid():
        return _page(request, form, status=400)
    reading = read(_question(form))
    return _page(request, form, reading=reading, code=_code(request, form, reading))


_signed_in = admin.site.admin_view(_show)


def _question(form: PlaygroundForm) -> Question:
    said = form.cleaned_data
    return Question(said["text"], said["language"], form.version, form.author, form.prepared)


def _code(request: HttpRequest, form: PlaygroundForm, reading: PlaygroundReading) -> list[CodeForm]:
    image = SentImage(form.cleaned_data["image"].name, reading.image.format) if reading.image else None
    language = form.cleaned_data["language"]
    origin = request.build_absolute_uri("/").rstrip("/")
    return requests_as_code(reading.question.text, origin=origin, image=image, languages=[language] if language else [])


def _page(request: HttpRequest, form: PlaygroundForm, *, status: int = 200, **shown: Any) -> HttpResponse:
    shell = {**admin.site.each_context(request), "is_nav_sidebar_enabled": False, "title": gettext_lazy("Playground")}
    return TemplateResponse(request, TEMPLATE, {**shell, "form": form, **shown}, status=status)


def mount(site: Any) -> None:
    """Gives the console the playground, and a link to it in every header."""
    urls = [path("", playground, name="playground")]
    site.register_pages("playground/", urls, link=NavLink(gettext_lazy("Playground"), "admin:playground", PERMISSIONS))


mount(admin.site)
