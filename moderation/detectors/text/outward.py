"""Step 3, the names outside: OpenAI's thirteen categories and Perspective's attributes from our calibrated heads.

Most have a head of their own. A threatening kind is as likely as the less likely of its two sides, so that it never
exceeds its parent; Perspective's identity attack is what OpenAI calls hate.
"""

from collections.abc import Mapping

from moderation.detectors.text.minors import minors_score
from moderation.enums import Category

_THREATENING = (
    (Category.HARASSMENT_THREATENING, Category.HARASSMENT, (Category.THREAT,)),
    (Category.HATE_THREATENING, Category.HATE, (Category.THREAT, Category.VIOLENCE)),
)
_CHILDREN = (
    (Category.VIOLENCE_GRAPHIC, Category.VIOLENCE),
    (Category.SELF_HARM_INTENT, Category.SELF_HARM),
    (Category.SELF_HARM_INSTRUCTIONS, Category.SELF_HARM),
    (Category.ILLICIT_VIOLENT, Category.ILLICIT),
    (Category.SEVERE_TOXICITY, Category.TOXICITY),
)
DERIVED = frozenset(
    {
        Category.HARASSMENT_THREATENING.value,
        Category.HATE_THREATENING.value,
        Category.IDENTITY_ATTACK.value,
        Category.SEXUAL_MINORS.value,
    }
)


def outward(heads: Mapping[str, float], text: str) -> dict[str, float]:
    """Every category of one window from its heads' probabilities and its normalised text."""
    scores = dict(heads)
    for child, parent in _CHILDREN:
        scores[child.value] = min(scores[child], scores[parent])
    for child, parent, signs in _THREATENING:
        scores[child.value] = min(scores[parent], max(scores[sign] for sign in signs))
    scores[Category.IDENTITY_ATTACK.value] = scores[Category.HATE]
    scores[Category.SEXUAL_MINORS.value] = minors_score(text, scores[Category.SEXUAL])
    return scores
