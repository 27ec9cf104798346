"""Step 6, why content is rejected: the reasons that moderators choose from, and what a choice says."""

from collections.abc import Sequence

from django.db.models import Q

from moderation.models import ModerationResult, RejectionReason


def offered_reasons(*, queue_id: int | None = None) -> list[RejectionReason]:
    """What can be chosen in this queue, those with keys first; in all queues where none is named. One query."""
    reasons = RejectionReason.objects.filter(retired=False)
    if queue_id is not None:
        reasons = reasons.filter(Q(queues=None) | Q(queues=queue_id)).distinct()
    return sorted(reasons, key=lambda reason: (reason.key or 10, reason.text))


def find_reason(label: str) -> RejectionReason | None:
    """The reason of this label, unless it is retired."""
    return RejectionReason.objects.filter(label=label, retired=False).first()


def fitting_reason(result: ModerationResult | None, reasons: Sequence[RejectionReason]) -> str:
    """The label of the first of ``reasons`` that fits a score of the deciding rule; empty if none does."""
    read = [said["category"] for said in result.reasons if said.get("score") is not None] if result else []
    for category in read:
        for reason in reasons:
            if category in reason.categories:
                return reason.label
    return ""


def reasoning_of(reason: RejectionReason | None, words: str) -> str:
    """What the author may be told: the reason's text, the moderator's own words, or both."""
    own = words.strip()
    if reason is None:
        return own
    return f"{reason.text}: {own}" if own else reason.text


def words_of(reasoning: str, reason: RejectionReason | None) -> str:
    """The moderator's own words in what ``reasoning_of`` made."""
    if reason is None:
        return reasoning
    return reasoning.removeprefix(reason.text).removeprefix(": ")
