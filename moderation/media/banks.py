"""Hash banks: entries are made from an image or from hashes, and every change is seen by the next batch."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from moderation.models import HashBank


@dataclass(frozen=True, slots=True)
class Hashes:
    """What a bank keeps of an image. ``perceptual`` is empty for one too plain to be told from others."""

    sha256: str
    perceptual: str


def hashes_of(data: bytes) -> Hashes:
    """The hashes of an image, of which nothing else is kept. Raises ImageFault."""
    from moderation.detectors.images.decode import decode
    from moderation.detectors.images.hashes import perceptual_hash, sha256_of
    from moderation.media.limits import image_limits

    return Hashes(sha256_of(data), perceptual_hash(decode(data, image_limits()).frames[0]))


@transaction.atomic
def touch_bank(*, bank_id: int) -> None:
    """Tells the workers that the bank's entries have changed; call it in the transaction of the change."""
    HashBank.objects.filter(pk=bank_id).update(updated_at=timezone.now())
