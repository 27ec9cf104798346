"""What users write and upload: submitted, read, erased."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from reviewengine_client.calls import Call, Lines, R, Resource, many, one, streamed
from reviewengine_client.sending import lots, several

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from reviewengine_client.shapes import (
        ContentDetailOut,
        ContentIn,
        ContentOut,
        ListContentQuery,
        ReceiptOut,
        RefusedOut,
        StreamReceiptOut,
        StreamRefusedOut,
    )

MOST_ITEMS = 1000
MOST_BYTES = 7_000_000


class Content(Resource[R]):
    @one("submitContent", "POST", "/api/v1/content")
    def submit(self, **content: Unpack[ContentIn]) -> Call[ReceiptOut]:
        """Stores a content; it is decided afterwards."""
        return Call(body=content)

    @one("submitContent", "POST", "/api/v1/content")
    def submit_and_wait(self, seconds: int = 10, **content: Unpack[ContentIn]) -> Call[ContentOut]:
        """Stores a content and waits for its decision, so many seconds at most; it is ``pending`` where that was short.

        Let the client's ``timeout`` be longer.
        """
        return Call(body=content, headers={"Prefer": f"wait={seconds}"})

    @many("submitContents", "POST", "/api/v1/content/bulk")
    def submit_many(self, contents: Iterable[ContentIn]) -> Iterable[Call[ReceiptOut | RefusedOut]]:
        """Stores contents in calls of up to 1,000; answers a result for each, in order. One with ``error`` was not."""
        chunks = lots(several(contents), most=MOST_ITEMS, most_bytes=MOST_BYTES)
        return (Call(body={"items": chunk}) for chunk in chunks)

    @streamed("submitContents", "POST", "/api/v1/content/bulk")
    def stream(self, contents: Iterable[ContentIn]) -> Call[StreamReceiptOut | StreamRefusedOut]:
        """Stores any number of contents in one call; answers a result for each as they are read.

        What became of all of them stands in the ``summary`` of what is returned, once its last result was read.

        The lines are written to a temporary file first, so that they can be sent again where the connection breaks.
        """
        return Call(body=Lines(several(contents)))

    @many("listContent", "GET", "/api/v1/content")
    def list(self, **query: Unpack[ListContentQuery]) -> Iterable[Call[ContentOut]]:
        """Contents without their texts, newest first, page after page as they are asked for.

        ``order="updated"`` with ``updated_after`` catches up with what changed, oldest change first.
        """
        return [Call(query=query)]

    @one("getContent", "GET", "/api/v1/content/{content_id}")
    def get(self, content_id: str) -> Call[ContentDetailOut]:
        """A content with its text, its decision and why."""
        return Call((content_id,))

    @one("eraseContent", "DELETE", "/api/v1/content/{content_id}")
    def erase(self, content_id: str) -> Call[None]:
        """Erases the text and the personal data; the record of what was decided is kept."""
        return Call((content_id,))
