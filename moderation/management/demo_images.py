"""Pictures for `demo_seed`, drawn when they are needed: a landscape, cards with words, a stone wall."""

import random
from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageOps

_SIZE = (720, 480)


def landscape() -> Image.Image:
    """Evening over two hills, of gradients alone."""
    picture = _gradient("#1d2b64", "#f8b78b", _SIZE)
    picture.paste("#ffe9c4", (500, 190, 580, 270), _disc(80))
    for left, top, width, colours in (
        (-220, 270, 800, ("#5b7f5a", "#2f4f3a")),
        (180, 310, 900, ("#3f6b4f", "#1c3527")),
    ):
        picture.paste(_gradient(*colours, (width, 500)), (left, top), _disc(width).resize((width, 500)))
    return picture


def card(*lines: str, paper: str = "#f4efe1", ink: str = "#30343f") -> Image.Image:
    """A sheet with a frame and words on it, as people photograph notices."""
    picture = Image.new("RGB", _SIZE, paper)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((24, 24, _SIZE[0] - 25, _SIZE[1] - 25), outline=ink, width=6)
    for number, line in enumerate(lines):
        size = 64 if number == 0 else 34
        place = (_SIZE[0] / 2, 110 + 80 * number)
        draw.text(place, line, fill=ink, font=ImageFont.load_default(size), anchor="mm")
    return picture


def wall() -> Image.Image:
    """A texture like a photograph of stone: noise in several sizes, lit from one side."""
    dice = random.Random(7)
    layers = [_noise(dice, side) for side in (6, 24, 96)]
    grain = ImageChops.overlay(ImageChops.overlay(layers[0], layers[1]), layers[2]).filter(ImageFilter.EMBOSS)
    stone = ImageOps.colorize(Image.blend(layers[0], grain, 0.6), "#3c3833", "#d9cfbf")
    return ImageChops.multiply(stone, _gradient("#ffffff", "#8f8a84", _SIZE))


def flyer() -> Image.Image:
    """The advertisement that the demo's hash bank knows."""
    return card("WIN A GNOME", "every day, for nothing", "gnomes.example/win", paper="#ffe14d", ink="#a3123a")


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "landscape": landscape,
    "notice": lambda: card("SEED SWAP", "Saturday, 10 to 12", "behind the old greenhouse", "bring your beans"),
    "wall": wall,
    "flyer": flyer,
    # Photographed again: smaller, paler, another file, and near enough all the same.
    "flyer-again": lambda: Image.blend(flyer(), Image.new("RGB", _SIZE, "white"), 0.25).resize((540, 360)),
}


def picture_file(name: str) -> bytes:
    """The picture of that name as a JPEG. Raises KeyError."""
    out = BytesIO()
    PICTURES[name]().save(out, "JPEG", quality=88)
    return out.getvalue()


def _gradient(top: str, bottom: str, size: tuple[int, int]) -> Image.Image:
    return ImageOps.colorize(Image.linear_gradient("L"), top, bottom).resize(size)


def _disc(side: int) -> Image.Image:
    mask = Image.new("L", (side, side))
    ImageDraw.Draw(mask).ellipse((0, 0, side - 1, side - 1), fill=255)
    return mask


def _noise(dice: random.Random, side: int) -> Image.Image:
    """Grey clouds of so many across, the same each time."""
    small = Image.frombytes("L", (side, side), dice.randbytes(side * side))
    return small.resize(_SIZE, Image.Resampling.BICUBIC)
