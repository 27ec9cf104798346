"""Step 6, what was said last of a content as it is now: by detectors and policy, and as a decision."""

from moderation.models import Content, Decision, ModerationResult


def newest_result(content: Content) -> ModerationResult | None:
    """The last result about the content's present version."""
    results = ModerationResult.objects.filter(content=content, content_version=content.version)
    return results.order_by("-created_at", "-id").first()


def newest_decision(content: Content) -> Decision | None:
    """The last decision about the content's present version that counts, with who made it."""
    decisions = Decision.objects.in_effect().filter(content=content, content_version=content.version)
    return decisions.select_related("moderator").order_by("-created_at", "-id").first()
