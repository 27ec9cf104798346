"""The comment of a request as it is read: not empty, not too long, without tags."""

from moderation.api.perspective.errors import analyzer_error
from moderation.api.perspective.markup import read_html
from moderation.api.perspective.offsets import ReadText
from moderation.api.perspective.shapes import Context, TextEntry

MOST_BYTES = 20_480  # of UTF-8, Perspective's own limit


def read_comment(comment: TextEntry) -> ReadText:
    """The text as the detectors read it. Raises GoogleError: empty, or too long."""
    if not comment.text:
        raise analyzer_error("COMMENT_EMPTY", "Comment must be non-empty.")
    if len(comment.text.encode()) > MOST_BYTES:
        raise analyzer_error("COMMENT_TOO_LONG", f"Comment text too long. It may have {MOST_BYTES} bytes of UTF-8.")
    read = read_html(comment.text) if comment.type == "HTML" else ReadText.plain(comment.text)
    if not read.text:
        raise analyzer_error("COMMENT_EMPTY", "Comment must be non-empty. It has tags and no text.")
    return read


def check_context(context: Context) -> None:
    """The context is not used; one that its vendor refuses is refused."""
    if context.entries and context.article_and_parent_comment:
        raise analyzer_error(
            "INVALID_REQUEST",
            "Context can have either entries or article_and_parent_comment, but both fields were populated.",
        )
