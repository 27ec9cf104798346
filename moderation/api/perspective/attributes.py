"""Which of Perspective's attributes were named, and what they are here."""

from collections.abc import Iterable

from moderation.api.perspective.errors import analyzer_error
from moderation.detectors.text.perspective import CATEGORY_OF, NOT_OFFERED
from moderation.enums import Category


def category_of(attribute: str) -> Category:
    """Our category of an attribute. Raises GoogleError, which names those that are offered, where there is none."""
    if (found := CATEGORY_OF.get(attribute)) is not None:
        return found
    why = f" It is not offered here: {NOT_OFFERED[attribute]}." if attribute in NOT_OFFERED else ""
    raise analyzer_error(
        "INVALID_REQUEST",
        f"Unknown requested attribute: {attribute[:100]}.{why} Offered: {', '.join(CATEGORY_OF)}.",
    )


def categories_of(attributes: Iterable[str]) -> dict[str, Category]:
    """The same for several, in their order."""
    return {attribute: category_of(attribute) for attribute in attributes}


def probability_only(attribute: str, score_type: str) -> None:
    """Raises GoogleError for a type of score that there is none of."""
    if score_type not in ("PROBABILITY", "SCORE_TYPE_UNSPECIFIED"):
        raise analyzer_error(
            "INVALID_REQUEST", f"Requested score type {score_type} is not supported by attribute {attribute}"
        )
