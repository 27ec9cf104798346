"""Step 6, chance that nobody at the desk can foresee, and that can be drawn again from what is stored."""

from django.utils.crypto import salted_hmac

_SALT = "moderation.review.lots"
_BITS = 53  # as many as a float holds


def lot(*names: object) -> float:
    """A number from 0 up to 100 that depends on ``names`` and the secret key alone, spread evenly.

    Whoever has the key and the rows can draw it again; to whoever lacks the key it is chance.
    """
    text = "\x1f".join(map(str, names))
    digest = salted_hmac(_SALT, text, algorithm="sha256").digest()
    return (int.from_bytes(digest[:8], "big") >> (64 - _BITS)) / 2**_BITS * 100
