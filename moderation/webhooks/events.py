"""What is worth telling: a piece of news about one content. The types stand in moderation.enums.EventType."""

from dataclasses import dataclass

from moderation.enums import EventType
from moderation.models import Content, Decision, ModerationResult
from moderation.models.ids import new_id


@dataclass(frozen=True, slots=True)
class News:
    """Something that has just become true of a content, and the decision and the result that it rests on."""

    type: EventType
    content: Content
    decision: Decision | None
    result: ModerationResult | None


def new_message_id() -> str:
    """An id for ``webhook-id``: opaque, unique, and without the dot that Standard Webhooks signs with."""
    return f"msg_{new_id().hex}"
