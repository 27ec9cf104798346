"""Keeps what clients say of texts without submitting them; `adapter_train` learns from it as from decisions."""

from collections.abc import Mapping

from django.db import transaction

from moderation.enums import Category
from moderation.models import AdapterFeedback


@transaction.atomic
def record_feedback(*, client_id: int, text: str, language: str, scores: Mapping[str, float]) -> int:
    """Stores one row for each category of ``scores`` (0 to 1: how strongly it shows); answers how many.

    ``language`` is a BCP 47 tag, empty for none. ``identity_attack`` is kept as ``hate``, which it equals here and
    which can be taught. The rows are no facts about a content: retention erases them by age, and no audit names them.
    """
    kept = {_taught(category): score for category, score in scores.items()}
    rows = [
        AdapterFeedback(client_id=client_id, text=text, language=language, category=category, score=score)
        for category, score in kept.items()
    ]
    return len(AdapterFeedback.objects.bulk_create(rows))


def _taught(category: str) -> str:
    return Category.HATE.value if category == Category.IDENTITY_ATTACK else category
