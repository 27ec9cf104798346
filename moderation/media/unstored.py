"""Reading images that are scored and not kept: what a stateless call sent, and what it named by an address."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.in_force import image_panel
from moderation.media.limits import image_limits
from moderation.media.reading import ImagesRead, fetch_all, look_at

if TYPE_CHECKING:
    from moderation.detectors.images.decode import Picture


@dataclass(frozen=True, slots=True)
class PreparedImage:
    """An image that can be looked at: decoded within the limits, under the name that hash banks know it by."""

    picture: "Picture"
    sha256: str


def prepare_image(data: bytes) -> PreparedImage:
    """Decodes the bytes of an image. Raises ImageFault for what is no usable one."""
    # Pillow is for those processes alone that are sent an image.
    from moderation.detectors.images.decode import decode
    from moderation.detectors.images.hashes import sha256_of

    return PreparedImage(decode(data, image_limits()), sha256_of(data))


def read_unstored(images: Sequence[PreparedImage], urls: Sequence[str], *, seconds: float) -> ImagesRead:
    """Scores images and asks the hash banks. ``urls`` are fetched under the guard, all within ``seconds``.

    What cannot be fetched or decoded makes the image categories unavailable and is named in ``failures``.
    """
    from moderation.detectors.images.faults import ImageFault

    read = ImagesRead()
    prepared = list(images)
    for answer in fetch_all(urls, time.monotonic() + seconds):
        try:
            if isinstance(answer, bytes):
                prepared.append(prepare_image(answer))
            else:
                read.miss(answer, image_panel().categories)
        except ImageFault as fault:
            read.miss(fault.code, image_panel().categories)
    for image in prepared:
        _look(image, read)
    return read


def _look(image: PreparedImage, read: ImagesRead) -> None:
    from moderation.detectors.images.hashes import perceptual_hash

    look_at(image.picture, read, sha256=image.sha256, perceptual_hash=perceptual_hash(image.picture.frames[0]))
