"""Images that are sent before the contents that show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewengine_client.calls import Call, R, Resource, Upload, one

if TYPE_CHECKING:
    from reviewengine_client.shapes import (
        MediaOut,
    )


class Media(Resource[R]):
    @one("uploadMedia", "POST", "/api/v1/media")
    def upload(self, image: bytes) -> Call[MediaOut]:
        """Keeps a JPEG, PNG, GIF or WebP, once however often it comes; its ``id`` is the ``media_id`` of contents."""
        return Call(body=Upload(image))
