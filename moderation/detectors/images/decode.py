"""Step 3, decoding: hostile bytes become a few small RGB frames without metadata, in bounded time and memory.

Sizes are read from the header and checked before a pixel is made. What Pillow decodes at full size is one frame of at
most ``max_pixels``; it is scaled down in bands, so that no second copy of that size is ever made. The frames of an
animation are laid over each other by Pillow, in several copies with four bytes a pixel; libwebp does so with every
WebP. So they have lower limits.
"""

import contextlib
import struct
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from moderation.detectors.images.faults import ImageFault

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_SAME_AS = {"MPO": "JPEG"}  # a JPEG with a second picture behind the first, as some cameras write it
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SWAPPING = (5, 6, 7, 8)
_DOCUMENT = (b"<", b"%PDF", b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\x00<")
_BAND_PIXELS = 1_000_000
_WEBP_WEIGHT = 2  # a WebP takes 16 bytes a pixel, the worst JPEG 8
_decoding = threading.Lock()  # for the memory, and for Pillow's limit, which is one for the process
# The sizes are checked below, against our own limits.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """What is accepted, and what is made of it.

    ``max_pixels``: of a still image, a WebP may have half of them; ``max_animation_pixels``: of one frame of an
    animation. ``max_frames`` of its frames, and four times ``max_pixels`` over all of them, are read at most;
    ``sampled_frames`` of them, evenly spaced, are kept. ``side``: the longest side of a kept frame, in pixels.
    """

    max_bytes: int = 10_485_760
    max_pixels: int = 50_000_000
    max_animation_pixels: int = 8_000_000
    max_frames: int = 1000
    sampled_frames: int = 8
    side: int = 1280


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded image: upright RGB frames. ``width`` and ``height`` are those of the file, turned upright."""

    format: str
    width: int
    height: int
    frames: tuple[Image.Image, ...]
    frame_count: int


def decode(data: bytes, limits: ImageLimits) -> Picture:
    """Decodes the bytes of an image, one at a time in a process. Raises ImageFault, and nothing else."""
    _refuse_by_bytes(data, limits)
    try:
        with _decoding, Image.open(BytesIO(data), formats=FORMATS) as image:
            return _picture(image, limits)
    except ImageFault:
        raise
    except UnidentifiedImageError as error:
        raise ImageFault("unknown_format") from error
    except (Image.DecompressionBombError, MemoryError) as error:
        raise ImageFault("too_many_pixels") from error
    except Exception as error:  # the boundary to the decoders: damaged files make them raise nearly anything
        raise ImageFault("broken_image") from error


def _refuse_by_bytes(data: bytes, limits: ImageLimits) -> None:
    if not data:
        raise ImageFault("empty")
    if len(data) > limits.max_bytes:
        raise ImageFault("too_many_bytes", f"At most {limits.max_bytes} bytes are accepted.")
    if data.lstrip(b" \t\r\n\x0b\x0c")[:5].startswith(_DOCUMENT):
        raise ImageFault("vector_image")


def _picture(image: Image.Image, limits: ImageLimits) -> Picture:
    _refuse_by_size(image, limits)
    width, height = image.size
    name = _SAME_AS.get(image.format or "", image.format or "")
    turn = _orientation(image)
    if name == "JPEG":
        image.draft("RGB", (limits.side, limits.side))  # decodes at a half, a quarter or an eighth of the size
        frames, count = [_small(image, limits.side)], 1
    else:
        with _no_larger_than(limits.max_animation_pixels if _is_animated(image) else limits.max_pixels):
            frames, count = _sampled(image, limits)
    upright = tuple(frame.transpose(_TURNS[turn]) if turn in _TURNS else frame for frame in frames)
    width, height = (height, width) if turn in _SWAPPING else (width, height)
    return Picture(name.lower(), width, height, upright, count)


def _refuse_by_size(image: Image.Image, limits: ImageLimits) -> None:
    width, height = image.size
    limit, of = limits.max_pixels, "are accepted"
    if image.format == "WEBP":
        limit, of = limit // _WEBP_WEIGHT, "are accepted of a WebP"
    if width * height <= limit and _is_animated(image):
        limit, of = min(limit, limits.max_animation_pixels), "are accepted of a frame of an animation"
    if width * height > limit:
        raise ImageFault("too_many_pixels", f"It has {width} x {height}; at most {limit} {of}.")


def _is_animated(image: Image.Image) -> bool:
    return bool(getattr(image, "is_animated", False)) and image.format != "MPO"


def _orientation(image: Image.Image) -> int:
    """How the camera was held; a photograph with broken metadata is a photograph all the same."""
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except (ArithmeticError, LookupError, OSError, SyntaxError, TypeError, ValueError, struct.error):
        return 1


@contextlib.contextmanager
def _no_larger_than(pixels: int) -> Iterator[None]:
    """A later frame of a GIF may enlarge the whole image: Pillow asks its own limit before it makes room for that.

    Pillow raises above twice that limit. Only to be used while ``_decoding`` is held.
    """
    before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, (pixels + 1) // 2
    try:
        yield
    finally:
        Image.MAX_IMAGE_PIXELS = before


def _sampled(image: Image.Image, limits: ImageLimits) -> tuple[list[Image.Image], int]:
    """Evenly spaced frames and the number of all: reads on with a doubled step whenever too many are kept."""
    kept: list[Image.Image] = []
    step, index = 1, 0
    size, left = image.size, 4 * limits.max_pixels
    while _seek(image, index):
        if image.size != size:  # a frame of a GIF that reaches out of it; no copy can be made of frames of many sizes
            raise ImageFault("broken_image")
        left -= image.width * image.height
        if index >= limits.max_frames or left < 0:
            raise ImageFault("too_many_frames", f"At most {limits.max_frames} frames are accepted.")
        if index % step == 0:
            kept.append(_small(image, limits.side))
        if len(kept) > limits.sampled_frames:
            kept, step = kept[::2], step * 2
        index += 1
    return kept, index


def _seek(image: Image.Image, index: int) -> bool:
    if index == 0:
        return True
    try:
        image.seek(index)
    except EOFError:
        return False
    return True


def _small(image: Image.Image, side: int) -> Image.Image:
    """The frame in RGB, no side longer than ``side``, on white where it is transparent."""
    image.load()
    step = -(-max(image.size) // (2 * side))  # rounded up: no more than twice the side is ever made in RGB
    frame = _reduced(image, step) if step > 1 else _flat(image)
    frame.thumbnail((side, side), Image.Resampling.BILINEAR)
    frame.info.clear()
    return frame


def _reduced(image: Image.Image, step: int) -> Image.Image:
    """Every ``step`` by ``step`` pixels become one, band by band."""
    small = Image.new("RGB", (-(-image.width // step), -(-image.height // step)))
    for top, bottom in _bands(image.width, image.height, step):
        band = _flat(image.crop((0, top, image.width, bottom)))
        small.paste(band.reduce(step), (0, top // step))
    return small


def _bands(width: int, height: int, step: int) -> Iterator[tuple[int, int]]:
    rows = max(1, _BAND_PIXELS // (width * step)) * step
    for top in range(0, height, rows):
        yield top, min(height, top + rows)


def _flat(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits of grey; a plain conversion would cut off, not scale
        return image.point(lambda level: level * (1 / 256)).convert("L").convert("RGB")
    if image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        layered = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(layered, mask=layered.getchannel("A"))
        return ground
    return image.convert("RGB")
