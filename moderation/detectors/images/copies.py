"""Step 3, the reviewer's copy: encoded anew from the pixels, so that nothing else of the file survives."""

from dataclasses import dataclass
from io import BytesIO

from moderation.detectors.images.decode import Picture

JPEG, WEBP = "image/jpeg", "image/webp"
_QUALITY = 85
_FRAME_MS = 700


@dataclass(frozen=True, slots=True)
class Copy:
    """The bytes of a copy and what a browser is told they are."""

    data: bytes
    content_type: str


def make_copy(picture: Picture) -> Copy:
    """A JPEG, or of an animation a slow WebP of its sampled frames. Neither has EXIF, GPS, profile or comment."""
    out = BytesIO()
    first, *others = picture.frames
    if not others:
        first.save(out, "JPEG", quality=_QUALITY)
        return Copy(out.getvalue(), JPEG)
    first.save(out, "WEBP", save_all=True, append_images=others, duration=_FRAME_MS, quality=_QUALITY, method=0)
    return Copy(out.getvalue(), WEBP)
