"""Images of submissions: what was sent is decoded and kept before the content that refers to it is stored."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from moderation.enums import MediaSource
from moderation.ingest.schemas import ImageIn
from moderation.ingest.store import SubmittedImage
from moderation.media.store import keep_image
from moderation.models import MediaFile


class ImagesRefused(Exception):
    """Images of a submission that cannot be used. ``errors`` are ``{pointer, code, detail}``."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__(errors)
        self.errors = errors


def take_images(client_id: int, images: Sequence[ImageIn], *, prefix: str = "") -> tuple[SubmittedImage, ...]:
    """Keeps what was sent within a submission and finds what was sent before. Not to be called in a transaction.

    Raises ImagesRefused with every fault; ``prefix`` is where the submission stands in the document.
    """
    taken: list[SubmittedImage] = []
    errors: list[dict[str, str]] = []
    for index, image in enumerate(images):
        found = _take(client_id, image)
        if isinstance(found, SubmittedImage):
            taken.append(found)
        else:
            errors.append({"pointer": f"{prefix}/images/{index}/{image.given}", **found})
    if errors:
        raise ImagesRefused(errors)
    return tuple(taken)


def _take(client_id: int, image: ImageIn) -> SubmittedImage | dict[str, str]:
    if image.url:
        return SubmittedImage(MediaSource.URL, url=image.url)
    if image.media_id:
        file = MediaFile.objects.filter(pk=image.media_id, client_id=client_id).exclude(stored_at=None).first()
        if file is None:
            return {"code": "unknown_value", "detail": "there is no such image; send it to /api/v1/media again"}
        return SubmittedImage(MediaSource.UPLOAD, file.sha256, file.pk)
    return _take_data(client_id, image.data)


def _take_data(client_id: int, data: str) -> SubmittedImage | dict[str, Any]:
    from moderation.detectors.images.faults import ImageFault

    try:
        file = keep_image(client_id=client_id, data=bytes_of(data))
    except binascii.Error:
        return {"code": "invalid_format", "detail": "is not base64, nor a data: URL of base64"}
    except ImageFault as fault:
        return {"code": fault.code, "detail": str(fault)}
    return SubmittedImage(MediaSource.BASE64, file.sha256, file.pk)


def bytes_of(data: str) -> bytes:
    """The bytes of base64 or of a data: URL; its media type does not count. Raises binascii.Error."""
    if data[:5].lower() == "data:":
        head, comma, data = data.partition(",")
        if not comma or not head.lower().endswith(";base64"):
            raise binascii.Error("not base64")
    if not data.isascii():
        raise binascii.Error("not ASCII")
    return base64.b64decode("".join(data.split()), validate=True)
