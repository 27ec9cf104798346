"""Step 3, Perspective's names: which of its attributes are our categories, and why the others are not offered.

Source of the names: the attribute pages that the conversationai/perspectiveapi repository held, and its vendor's later
lists of experimental ("bridging") attributes.
"""

from collections.abc import Mapping

from moderation.enums import Category

_PRODUCTION = {
    "TOXICITY": Category.TOXICITY,
    "SEVERE_TOXICITY": Category.SEVERE_TOXICITY,
    "IDENTITY_ATTACK": Category.IDENTITY_ATTACK,
    "INSULT": Category.INSULT,
    "PROFANITY": Category.PROFANITY,
    "THREAT": Category.THREAT,
}
CATEGORY_OF: Mapping[str, Category] = {
    **_PRODUCTION,
    **{f"{name}_EXPERIMENTAL": category for name, category in _PRODUCTION.items()},
    "TOXICITY_FAST": Category.TOXICITY,
    "SEXUALLY_EXPLICIT": Category.SEXUAL,
    "OBSCENE": Category.PROFANITY,  # obscene or vulgar language such as cursing: what we call profanity
    "SPAM": Category.SPAM,
}

_TARGET = "no detector here knows whom a comment is about"
_NEWSROOM = "it tells what one newspaper's moderators did"
_MERIT = "nothing here measures what makes a comment good"
_RHETORIC = "no detector here reads rhetoric"
NOT_OFFERED: Mapping[str, str] = {
    "ATTACK_ON_AUTHOR": _TARGET,
    "ATTACK_ON_COMMENTER": _TARGET,
    "INFLAMMATORY": "no detector here reads intent",
    "FLIRTATION": "no detector here reads it",
    "LIKELY_TO_REJECT": _NEWSROOM,
    "INCOHERENT": _NEWSROOM,
    "UNSUBSTANTIAL": _NEWSROOM,
    **dict.fromkeys(
        (
            "AFFINITY_EXPERIMENTAL", "COMPASSION_EXPERIMENTAL", "CURIOSITY_EXPERIMENTAL", "NUANCE_EXPERIMENTAL",
            "PERSONAL_STORY_EXPERIMENTAL", "REASONING_EXPERIMENTAL", "RESPECT_EXPERIMENTAL",
        ),
        _MERIT,
    ),
    **dict.fromkeys(
        (
            "ALIENATION_EXPERIMENTAL", "FEARMONGERING_EXPERIMENTAL", "GENERALIZATION_EXPERIMENTAL",
            "MORAL_OUTRAGE_EXPERIMENTAL", "POWER_APPEAL_EXPERIMENTAL", "SCAPEGOATING_EXPERIMENTAL",
        ),
        _RHETORIC,
    ),
}  # fmt: skip
