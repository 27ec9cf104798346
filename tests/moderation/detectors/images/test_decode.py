"""Images come out as small upright RGB frames without metadata."""

import pytest
from PIL import Image

from moderation.detectors.images.decode import ImageLimits, decode
from tests.images import animation, encoded, pattern, photo

LIMITS = ImageLimits()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_every_kind_is_read_for_what_it_is(kind):
    picture = decode(encoded(pattern(), kind), LIMITS)
    assert (picture.format, picture.width, picture.height, picture.frame_count) == (kind.lower(), 320, 240, 1)
    assert picture.frames[0].mode == "RGB"


def test_one_pixel_is_an_image():
    picture = decode(encoded(Image.new("RGB", (1, 1), "red"), "PNG"), LIMITS)
    assert picture.frames[0].getpixel((0, 0)) == (255, 0, 0)


def test_a_large_photograph_is_scaled_down_and_keeps_its_measures():
    picture = decode(encoded(pattern(3000, 200), "JPEG"), LIMITS)
    assert (picture.width, picture.height) == (3000, 200)
    assert max(picture.frames[0].size) == 1280


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_scaling_down_in_bands_changes_no_colour(kind):
    image = Image.new("RGB", (4000, 900), (10, 200, 90))
    image.paste((200, 10, 30), (0, 450, 4000, 900))
    frame = decode(encoded(image, kind, lossless=True), ImageLimits(side=400)).frames[0]
    assert (frame.getpixel((5, 5)), frame.getpixel((395, frame.height - 5))) == ((10, 200, 90), (200, 10, 30))


@pytest.mark.parametrize("turn", range(2, 9))
def test_a_photograph_is_turned_upright(turn):
    exif = Image.Exif()
    exif[0x0112] = turn
    picture = decode(encoded(pattern(64, 32), "JPEG", exif=exif), LIMITS)
    assert (picture.width, picture.height) == ((32, 64) if turn >= 5 else (64, 32))
    assert picture.frames[0].size == (picture.width, picture.height)


def test_a_palette_with_transparency_lies_on_white():
    image = pattern(32, 32).quantize(8)
    image.info["transparency"] = image.getpixel((0, 0))
    frame = decode(encoded(image, "GIF", transparency=image.getpixel((0, 0))), LIMITS).frames[0]
    assert frame.getpixel((0, 0)) == (255, 255, 255)


def test_four_inks_become_rgb():
    assert decode(encoded(pattern().convert("CMYK"), "JPEG"), LIMITS).frames[0].mode == "RGB"


def test_sixteen_bits_of_grey_are_scaled_not_cut_off():
    image = Image.new("I;16", (4, 4), 128 * 256)
    assert decode(encoded(image, "PNG"), LIMITS).frames[0].getpixel((1, 1)) == (128, 128, 128)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_frames_of_an_animation_are_sampled_evenly(kind):
    picture = decode(animation(100, kind), LIMITS)
    assert picture.frame_count == 100
    assert 5 <= len(picture.frames) <= LIMITS.sampled_frames


def test_the_sampled_frames_span_the_whole_animation():
    frames = decode(animation(200), LIMITS).frames
    assert [frame.getpixel((0, 0))[2] for frame in frames] == [0, 32, 64, 96, 128, 160, 192]


def test_the_bytes_decide_not_the_name():
    assert decode(encoded(pattern(), "PNG"), LIMITS).format == "png"


def test_broken_metadata_does_not_spoil_a_photograph():
    data = photo(exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + b"\xff" * 40)
    assert decode(data, LIMITS).format == "jpeg"
