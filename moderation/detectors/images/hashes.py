"""Step 3, hashes: SHA-256 tells the same file, the perceptual hash nearly the same picture.

Our own pHash of 64 bits instead of the package ImageHash, which brings SciPy and PyWavelets into every process that
compares pictures. The recipe is the usual one: 32 x 32 grey pixels, a discrete cosine transform, its 8 x 8 lowest
frequencies, a bit for each above their median.
"""

import hashlib
import math
import statistics

from PIL import Image

_SIDE, _KEPT = 32, 8
_COSINES = tuple(
    tuple(math.cos(math.pi * (2 * place + 1) * frequency / (2 * _SIDE)) for place in range(_SIDE))
    for frequency in range(_KEPT)
)
# A picture with less to see than this (a blank page, a 1x1 pixel) would be near to every other such picture.
_LEAST_CONTRAST = 30.0
HASH_BITS = _KEPT * _KEPT


def sha256_of(data: bytes) -> str:
    """The file's SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def perceptual_hash(image: Image.Image) -> str:
    """16 hexadecimal digits, or nothing for a picture too plain to be told from others."""
    grey = image.convert("L").resize((_SIDE, _SIDE), Image.Resampling.BOX)
    levels = grey.tobytes()
    rows = [levels[start : start + _SIDE] for start in range(0, _SIDE * _SIDE, _SIDE)]
    across = [[_sum(cosine, row) for cosine in _COSINES] for row in rows]
    columns = list(zip(*across, strict=True))
    low = [_sum(cosine, columns[x]) for cosine in _COSINES for x in range(_KEPT)]
    if max(map(abs, low[1:])) < _LEAST_CONTRAST:
        return ""
    middle = statistics.median(low[1:])
    bits = sum(1 << (HASH_BITS - 1 - index) for index, value in enumerate(low) if value > middle)
    return f"{bits:016x}"


def _sum(cosine: tuple[float, ...], values: bytes | tuple[float, ...]) -> float:
    return sum(map(float.__mul__, cosine, map(float, values)))
