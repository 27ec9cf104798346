"""Image files for tests, each made here; patterns, never photographs."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image


def pattern(width: int = 320, height: int = 240, seed: int = 1) -> Image.Image:
    """Coloured stripes and a gradient: enough to see for a perceptual hash, and different for each ``seed``."""
    picture = Image.new("RGB", (width, height))
    pixels = [
        ((x * (seed + 2)) % 256, (y * 3 * seed + x // 7 * 40) % 256, ((x // 40 + y // 30 + seed) % 3) * 100)
        for y in range(height)
        for x in range(width)
    ]
    picture.putdata(pixels)
    return picture


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The image as a file of that kind."""
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo(seed: int = 1, **options: Any) -> bytes:
    """A small JPEG."""
    return encoded(pattern(seed=seed), "JPEG", **options)


def animation(frames: int, kind: str = "GIF", side: int = 16) -> bytes:
    """An animation in which each frame differs from the one before it."""
    pictures = [Image.new("RGB", (side, side), (n * 37 % 256, n * 59 % 256, n % 256)) for n in range(frames)]
    return encoded(pictures[0], kind, save_all=True, append_images=pictures[1:], duration=20)


def huge_png(width: int, height: int) -> bytes:
    """A black PNG of any size in a few kilobytes, written without ever holding its pixels."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = bytes(1 + (width + 7) // 8)
    rows = b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()])
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
