"""What cannot be used is refused with a code and the mend, in bounded time and memory."""

import tracemalloc

import pytest
from PIL import Image

from moderation.detectors.images.decode import ImageLimits, decode
from moderation.detectors.images.faults import ImageFault
from tests.images import animation, encoded, huge_png, pattern, photo

LIMITS = ImageLimits()
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED = {
    "nothing": (b"", "empty"),
    "a script in an SVG": (SVG, "vector_image"),
    "an SVG after blanks": (b" \n\t" + SVG[21:], "vector_image"),
    "a web page that goes on as a GIF": (b"<script>/*" + animation(1), "vector_image"),
    "a PDF": (b"%PDF-1.7\n" + bytes(100), "vector_image"),
    "random bytes": (bytes(range(256)) * 4, "unknown_format"),
    "a TIFF": (encoded(pattern(), "TIFF"), "unknown_format"),
    "a BMP": (encoded(pattern(), "BMP"), "unknown_format"),
    "a JPEG that ends early": (photo()[:-900], "broken_image"),
    "a PNG that ends early": (encoded(pattern(), "PNG")[:-900], "broken_image"),
    "a header and nothing else": (photo()[:20], "unknown_format"),
    "5,000 frames": (animation(5000, side=8), "too_many_frames"),
}


@pytest.mark.parametrize(("data", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_refused_with_its_code(data, code):
    with pytest.raises(ImageFault) as refusal:
        decode(data, LIMITS)
    assert refusal.value.code == code


def test_too_many_bytes_are_not_even_looked_at():
    with pytest.raises(ImageFault, match="At most 1000 bytes are accepted"):
        decode(photo(), ImageLimits(max_bytes=1000))


def test_a_decompression_bomb_is_refused_by_its_header():
    bomb = huge_png(30_000, 30_000)
    tracemalloc.start()
    with pytest.raises(ImageFault) as refusal:
        decode(bomb, LIMITS)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refusal.value.code == "too_many_pixels"
    assert len(bomb) < 200_000
    assert peak < 5_000_000


def test_frames_count_by_their_pixels_too():
    with pytest.raises(ImageFault) as refusal:
        decode(animation(40, side=64), ImageLimits(max_pixels=64 * 64 * 2))
    assert refusal.value.code == "too_many_frames"


def test_an_animation_that_is_too_long_is_told_how_long_it_may_be():
    with pytest.raises(ImageFault) as refusal:
        decode(animation(5000, side=8), LIMITS)
    assert str(refusal.value) == (
        "The animation is too long or too large. Send fewer or smaller frames. At most 1000 frames are accepted."
    )


def test_a_fault_never_quotes_the_file():
    with pytest.raises(ImageFault) as refusal:
        decode(b"secret words " * 50, LIMITS)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_an_animation_has_a_lower_limit_than_a_still_image(kind):
    limits = ImageLimits(max_animation_pixels=64 * 64 - 1)
    assert decode(animation(1, kind, side=64), limits).frame_count == 1
    with pytest.raises(ImageFault) as refusal:
        decode(animation(2, kind, side=64), limits)
    assert refusal.value.code == "too_many_pixels"
    assert str(refusal.value).endswith("It has 64 x 64; at most 4095 are accepted of a frame of an animation.")


def test_an_animation_may_be_as_large_as_its_limit():
    assert decode(animation(2, side=64), ImageLimits(max_animation_pixels=64 * 64)).frame_count == 2


def test_a_webp_has_half_the_limit_of_others():
    image = pattern(64, 64)
    limits = ImageLimits(max_pixels=64 * 64)
    assert decode(encoded(image, "PNG"), limits).width == 64
    with pytest.raises(ImageFault, match="at most 2048 are accepted of a WebP"):
        decode(encoded(image, "WEBP"), limits)


@pytest.mark.parametrize(
    ("extent", "code"), [(b"\x11\0\x10\0", "broken_image"), (b"\xff\xff\0\x10", "too_many_pixels")]
)
def test_a_later_frame_cannot_enlarge_the_animation(extent, code):
    data = bytearray(animation(2, side=16))
    second = data.index(b"\x2c", data.index(b"\x2c") + 10)
    assert data[second + 5 : second + 9] == b"\x10\0\x10\0"
    data[second + 5 : second + 9] = extent
    before = Image.MAX_IMAGE_PIXELS
    with pytest.raises(ImageFault) as refusal:
        decode(bytes(data), LIMITS)
    assert (refusal.value.code, Image.MAX_IMAGE_PIXELS) == (code, before)
