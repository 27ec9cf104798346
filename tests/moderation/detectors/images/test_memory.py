"""The worst images that are accepted stay within the memory that docs/images.md tells of, in a fresh process."""

import subprocess
import sys

import pytest
from PIL import Image

from moderation.detectors.images.decode import ImageLimits
from tests.images import encoded

pytestmark = pytest.mark.slow
LIMITS = ImageLimits()
# Tells by how many MB reading the standard input raised the process.
READ = r"""
import re, sys
from pathlib import Path
from moderation.detectors.images.copies import make_copy
from moderation.detectors.images.decode import ImageLimits, decode
data = sys.stdin.buffer.read()
# Not getrusage: its peak is handed down by the process that started this one.
peak = lambda: int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])
before = peak()
make_copy(decode(data, ImageLimits()))
print((peak() - before) // 1024)
"""


def megabytes(data: bytes) -> int:
    return int(subprocess.run([sys.executable, "-c", READ], input=data, capture_output=True, check=True).stdout)


def square(mode: str, pixels: int) -> Image.Image:
    side = int(pixels**0.5)
    return Image.new(mode, (side, side))


def moving(mode: str) -> dict[str, object]:
    """Options that make an animation of four frames: their dots are different, and far apart."""
    frames = [square(mode, LIMITS.max_animation_pixels) for _ in range(3)]
    for number, frame in enumerate(frames):
        frame.putpixel((number, 0), (255, 0, 0, 255)[: len(mode)])
        frame.putpixel((frame.width - 1, frame.height - 1 - number), (0, 0, 255, 128)[: len(mode)])
    return {"save_all": True, "append_images": frames}


@pytest.mark.parametrize(
    ("mode", "kind", "options", "pixels"),
    [
        ("CMYK", "JPEG", {"progressive": True}, LIMITS.max_pixels),
        ("RGBA", "PNG", {"compress_level": 1}, LIMITS.max_pixels),
        ("RGBA", "WEBP", {"lossless": True, "method": 0}, LIMITS.max_pixels // 2),
    ],
)
def test_the_worst_still_images_take_400_megabytes(mode, kind, options, pixels):
    assert 100 < megabytes(encoded(square(mode, pixels), kind, **options)) < 420


@pytest.mark.parametrize(
    ("mode", "kind", "options"),
    [
        ("RGB", "GIF", {}),
        ("RGBA", "GIF", {"disposal": 2}),
        ("RGBA", "PNG", {"disposal": 2, "compress_level": 1}),
        ("RGBA", "WEBP", {"lossless": True, "method": 0}),
    ],
)
def test_the_worst_animations_take_200_megabytes(mode, kind, options):
    first = square(mode, LIMITS.max_animation_pixels)
    assert 50 < megabytes(encoded(first, kind, **moving(mode), **options)) < 220
