"""Images that are sent before the contents that show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewengine_client.calls import Call, R, Resource, Upload, one
from reviewengine_client.sending import bytes_of

if TYPE_CHECKING:
    from reviewengine_client.sending import File
    from reviewengine_client.shapes import (
        MediaOut,
    )


class Media(Resource[R]):
    @one("uploadMedia", "POST", "/api/v1/media")
    def upload(self, image: File) -> Call[MediaOut]:
        """Keeps a JPEG, PNG, GIF or WebP, once however often it comes; its ``id`` is the ``media_id`` of contents.

        It is given by its bytes, by its path (a ``str`` is one) or as a file that is open in binary mode.
        """
        return Call(body=Upload(bytes_of(image)))
