"""Step 3, what can be wrong with an image: each fault has a stable code and a sentence that names the mend."""

FAULTS: dict[str, str] = {
    "empty": "The file is empty. Send the bytes of an image.",
    "too_many_bytes": "The file is too large. Send a smaller one.",
    "vector_image": "SVG and other documents are not accepted: they can carry scripts. Send a PNG of it.",
    "unknown_format": "This is no image that is read here. Send JPEG, PNG, GIF or WebP.",
    "too_many_pixels": "The image has too many pixels. Scale it down.",
    "too_many_frames": "The animation is too long or too large. Send fewer or smaller frames.",
    "broken_image": "The file is damaged or ends early. Send it again.",
}


class ImageFault(ValueError):
    """An image that cannot be used. ``code`` is a key of FAULTS; the message never quotes the file."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{FAULTS[code]} {detail}".strip())
        self.code = code
