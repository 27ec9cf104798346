"""Perceptual hashes are near for the same picture and far for another."""

from PIL import Image, ImageDraw

from moderation.detectors.images.hash_banks import HashBanks, HashBankSpec, apply_hits
from moderation.detectors.images.hashes import perceptual_hash, sha256_of
from tests.images import pattern


def far(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def test_a_smaller_brighter_blurred_copy_is_near():
    image = pattern(seed=2)
    copy = image.resize((160, 120)).point(lambda level: min(255, level + 12)).convert("RGB")
    assert far(perceptual_hash(image), perceptual_hash(copy)) <= 8


def test_another_picture_is_far():
    other = Image.new("RGB", (320, 240), "white")
    ImageDraw.Draw(other).ellipse((40, 30, 200, 200), fill="navy")
    assert far(perceptual_hash(pattern()), perceptual_hash(other)) >= 16


def test_a_plain_picture_has_no_hash():
    assert perceptual_hash(Image.new("RGB", (50, 50), "teal")) == ""


def bank(action: str, **members) -> HashBankSpec:
    return HashBankSpec("known", "nsfw_image", action, members.pop("max_distance", 8), **members)


def test_the_same_file_is_known_whatever_it_shows():
    banks = HashBanks([bank("block", sha256=frozenset({sha256_of(b"file")}))])
    (hit,) = banks.hits(sha256=sha256_of(b"file"), perceptual="")
    assert (hit.bank, hit.action, hit.distance) == ("known", "block", None)


def test_a_near_picture_is_known_as_far_as_the_bank_allows():
    banks = HashBanks([bank("block", perceptual=("00000000000000ff",), max_distance=2)])
    near = banks.hits(sha256="x", perceptual="00000000000000fc")
    assert [hit.distance for hit in near] == [2]
    assert banks.hits(sha256="x", perceptual="00000000000000f8") == []


def test_a_plain_picture_is_near_to_nothing():
    assert HashBanks([bank("block", perceptual=("0" * 16,), max_distance=64)]).hits(sha256="x", perceptual="") == []


def test_block_reads_one_allow_reads_zero_and_block_outweighs():
    both = HashBanks([bank("allow", perceptual=("f" * 16,)), bank("block", perceptual=("f" * 16,))])
    allowed, blocked = both.hits(sha256="x", perceptual="f" * 16)
    assert apply_hits({"nsfw_image": 0.7}, [allowed]) == {"nsfw_image": 0.0}
    assert apply_hits({"nsfw_image": 0.7}, [allowed, blocked]) == {"nsfw_image": 1.0}
