"""Step 3, hash banks: pictures a site knows already, found by the same file or by nearly the same picture."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from moderation.enums import HashBankAction

NAME = "hash_banks"


@dataclass(frozen=True, slots=True)
class HashBankSpec:
    """A bank: what a hit means, and the hashes in it. ``max_distance`` is in bits of 64; 0 is the same hash only."""

    name: str
    category: str
    action: str
    max_distance: int
    sha256: frozenset[str] = frozenset()
    perceptual: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BankHit:
    """A bank that knows the picture, and how far its nearest entry is. None: it is the same file."""

    bank: str
    action: str
    category: str
    distance: int | None


class HashBanks:
    """The enabled banks. 100,000 perceptual hashes are compared in about 10 ms."""

    def __init__(self, banks: Iterable[HashBankSpec] = ()) -> None:
        self._banks = tuple((bank, [int(one, 16) for one in bank.perceptual]) for bank in banks)

    def __bool__(self) -> bool:
        """Whether any bank holds a hash: without one it is known of every picture that no bank knows it."""
        return any(bank.sha256 or known for bank, known in self._banks)

    def hits(self, *, sha256: str, perceptual: str) -> list[BankHit]:
        """Every bank that knows the picture. ``perceptual`` is empty for a picture too plain to be compared."""
        picture = int(perceptual, 16) if perceptual else None
        found = (_hit(bank, known, sha256, picture) for bank, known in self._banks)
        return [hit for hit in found if hit is not None]


def _hit(bank: HashBankSpec, known: Sequence[int], sha256: str, picture: int | None) -> BankHit | None:
    if sha256 in bank.sha256:
        return BankHit(bank.name, bank.action, bank.category, None)
    if picture is None or not known:
        return None
    nearest = min((picture ^ one).bit_count() for one in known)
    return BankHit(bank.name, bank.action, bank.category, nearest) if nearest <= bank.max_distance else None


def apply_hits(scores: dict[str, float], hits: Sequence[BankHit]) -> dict[str, float]:
    """The scores of one picture as its banks correct them: a blocked picture reads 1, an allowed one 0.

    A block outweighs an allowance, for a picture may be in a bank of each kind.
    """
    corrected = dict(scores)
    for action, score in ((HashBankAction.ALLOW, 0.0), (HashBankAction.BLOCK, 1.0)):
        corrected |= {hit.category: score for hit in hits if hit.action == action}
    return corrected
