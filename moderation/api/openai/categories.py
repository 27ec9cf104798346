"""OpenAI's thirteen categories: which scores they are read from, and from which score on each is said to be there."""

from moderation.enums import Category

# From these scores on a category is true: where the shipped policy (config/policies/default.yml) sends it to a person.
THRESHOLDS: dict[str, float] = {
    Category.HARASSMENT.value: 0.7,
    Category.HARASSMENT_THREATENING.value: 0.5,
    Category.HATE.value: 0.5,
    Category.HATE_THREATENING.value: 0.5,
    Category.ILLICIT.value: 0.5,
    Category.ILLICIT_VIOLENT.value: 0.5,
    Category.SELF_HARM.value: 0.4,
    Category.SELF_HARM_INTENT.value: 0.4,
    Category.SELF_HARM_INSTRUCTIONS.value: 0.4,
    Category.SEXUAL.value: 0.3,
    Category.SEXUAL_MINORS.value: 0.2,
    Category.VIOLENCE.value: 0.4,
    Category.VIOLENCE_GRAPHIC.value: 0.4,
}
NAMES = tuple(THRESHOLDS)
# What a score of an image counts for, and from where. A hash bank may say more of an image than the models do.
IMAGE_THRESHOLDS: dict[str, tuple[tuple[str, float], ...]] = {
    Category.SEXUAL.value: ((Category.SEXUAL.value, 0.3), (Category.NSFW_IMAGE.value, 0.5)),
    **{
        name: ((name, THRESHOLDS[name]),)
        for name in NAMES
        if name.startswith(("self-harm", "violence"))  # the others are for text alone, there and here
    },
}

# The older models know nothing of these, and do not tell what a score was read from.
UNKNOWN_TO_OLDER = (Category.ILLICIT.value, Category.ILLICIT_VIOLENT.value)
OLDER_NAMES = tuple(name for name in NAMES if name not in UNKNOWN_TO_OLDER)

OWN_MODEL = "review-engine"
DEFAULT_MODEL = "omni-moderation-latest"
OLDER_MODELS = ("text-moderation-latest", "text-moderation-stable", "text-moderation-007")
# Any other name is taken too, and means the same as the first.
MODELS = (OWN_MODEL, DEFAULT_MODEL, "omni-moderation-2024-09-26", *OLDER_MODELS)


def is_older(model: str) -> bool:
    """Whether who asks for this model expects the answer of the older ones."""
    return model.startswith("text-moderation-")
