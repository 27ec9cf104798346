"""Whatever happens to a file on its way, decoding answers a picture or an ImageFault."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderation.detectors.images.copies import make_copy
from moderation.detectors.images.decode import ImageLimits, decode
from moderation.detectors.images.faults import ImageFault
from moderation.detectors.images.hashes import perceptual_hash
from tests.images import animation, encoded, pattern

LIMITS = ImageLimits(max_pixels=200_000, side=64)
SEEDS = {
    "jpeg": encoded(pattern(40, 30), "JPEG"),
    "png": encoded(pattern(40, 30), "PNG"),
    "gif": animation(4),
    "webp": animation(4, "WEBP"),
    "apng": animation(4, "PNG"),
}


@pytest.mark.parametrize("kind", SEEDS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=12), cut=st.integers(0, 4000))
def test_a_damaged_file_is_a_picture_or_a_fault(kind, changes, cut):
    data = bytearray(SEEDS[kind])
    for place, value in changes:
        data[place % len(data)] = value
    try:
        picture = decode(bytes(data[: max(1, len(data) - cut % 40)]), LIMITS)
    except ImageFault:
        return
    assert all(max(frame.size) <= LIMITS.side for frame in picture.frames)
    assert make_copy(picture).data
    assert len(perceptual_hash(picture.frames[0])) in (0, 16)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_are_no_picture(data):
    with pytest.raises(ImageFault):
        decode(data, LIMITS)
