"""Images for those who review: the copy alone, from an address of its own, as nothing that a browser could run."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from moderation.audit import record_image_view
from moderation.media.files import StorageAway
from moderation.media.store import read_copy
from moderation.models import ContentMedia, MediaFile
from moderation.review.access import SEE, closed_contents

MOST_OWNERS = 1000  # contents that hold the same image
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": 'inline; filename="image"',
    # The next to sit at this machine must not find it in the browser's cache.
    "Cache-Control": "private, no-store",
}


@require_safe
def show_media(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """The reviewer's copy of an image, for whoever may see review cases."""
    if not request.user.has_perm(SEE):
        raise PermissionDenied
    file = MediaFile.objects.filter(pk=file_id).first()
    if file is None:
        raise Http404("There is no such image.")
    owners = set(ContentMedia.objects.filter(file=file).values_list("content", flat=True)[:MOST_OWNERS])
    if owners and owners == closed_contents(request.user, owners):  # type: ignore[arg-type]
        raise PermissionDenied
    try:
        data = read_copy(file)
    except FileNotFoundError as error:
        raise Http404("The image is not in the storage any more.") from error
    except StorageAway:
        return HttpResponse("The storage of images does not answer.", content_type="text/plain", status=503)
    record_image_view(viewer=request.user, file_id=file_id, request=request)
    return HttpResponse(data, content_type=file.copy_type, headers=HEADERS)


def mount(site: Any) -> None:
    """Gives the console the address of its images."""
    site.register_pages("review/", [path("media/<uuid:file_id>/", site.admin_view(show_media), name="review_media")])


mount(admin.site)
