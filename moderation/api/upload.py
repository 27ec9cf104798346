"""Images come in by themselves: sent once, decoded at once, and named by their id in any number of contents."""

import orjson
from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import extend_schema

from moderation.api.authentication import Principal
from moderation.api.body import read_upload
from moderation.api.content_shapes import MediaOut
from moderation.api.counting import count_work
from moderation.api.errors import Problem
from moderation.api.submit import door
from moderation.media.store import keep_image
from moderation.scoring import SECONDS_FOR_A_SEAT, seat_for_long_work
from reviewengine import conf

FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
    "additionalProperties": False,
}


@extend_schema(
    operation_id="uploadMedia",
    tags=["media"],
    summary="Upload an image, to name it in contents",
    description="JPEG, PNG, GIF or WebP, by its bytes. The same image answers the same id.",
    request={"multipart/form-data": FORM},
    responses={201: MediaOut},
)
@door
def upload(request: HttpRequest, principal: Principal) -> HttpResponse:
    """POST /api/v1/media: 201 with the image's id, also when it was sent before."""
    from moderation.detectors.images.faults import ImageFault

    data = read_upload(request, max_bytes=conf.load().images.max_bytes)
    try:
        with seat_for_long_work(wait_seconds=SECONDS_FOR_A_SEAT):
            file = keep_image(client_id=principal.client_id, data=data)
    except ImageFault as fault:
        errors = [{"pointer": "/file", "code": fault.code, "detail": str(fault)}]
        raise Problem("invalid_image", str(fault), errors=errors) from fault
    count_work(request, images=1)
    body = {
        "id": file.pk,
        "sha256": file.sha256,
        "format": file.format,
        "width": file.width,
        "height": file.height,
        "frames": file.frame_count,
        "bytes": file.size_bytes,
    }
    return HttpResponse(orjson.dumps(body), content_type="application/json", status=201)
