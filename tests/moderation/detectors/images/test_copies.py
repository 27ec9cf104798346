"""The reviewer's copy shows the same picture and carries nothing else."""

from io import BytesIO

from PIL import Image

from moderation.detectors.images.copies import make_copy
from moderation.detectors.images.decode import ImageLimits, decode
from tests.images import animation, encoded, pattern, photo

LIMITS = ImageLimits()


def test_camera_place_and_comment_are_gone():
    exif = Image.Exif()
    exif[0x010F] = "Camera of Anna"
    exif.get_ifd(0x8825)[1] = "N"
    original = photo(exif=exif, comment=b"a note of Anna", icc_profile=b"profile of Anna" * 10)
    copy = make_copy(decode(original, LIMITS))
    assert b"Anna" in original
    assert b"Anna" not in copy.data
    reopened = Image.open(BytesIO(copy.data))
    assert dict(reopened.getexif()) == {}
    assert not {"exif", "comment", "icc_profile"} & reopened.info.keys()


def test_what_hides_behind_the_picture_is_gone():
    polyglot = encoded(pattern(), "GIF") + b"<script>alert(1)</script>"
    copy = make_copy(decode(polyglot, LIMITS))
    assert copy.content_type == "image/jpeg"
    assert b"script" not in copy.data


def test_an_animation_stays_one():
    copy = make_copy(decode(animation(20), LIMITS))
    again = decode(copy.data, LIMITS)
    assert copy.content_type == "image/webp"
    assert again.frame_count == len(again.frames) > 1
