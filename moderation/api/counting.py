"""Counts what each key does: every request that named a valid key, whichever door it came in by."""

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse

from moderation import usage
from moderation.api.authentication import Principal
from moderation.enums import Door, MediaSource
from moderation.ingest.store import Receipt, Submission

# The beginnings of the addresses at which others' APIs are spoken; everything else is our own.
FOREIGN_DOORS = (("/v1/", Door.OPENAI), ("/v1alpha1/", Door.PERSPECTIVE))


def door_of(path: str) -> Door:
    """The door that an address belongs to."""
    return next((door for start, door in FOREIGN_DOORS if path.startswith(start)), Door.PLATFORM)


class UsageMiddleware:
    """Counts a request with its answer's status, once ``authenticate`` has named its key."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        principal: Principal | None = getattr(request, "principal", None)
        if principal:
            usage.count_request(key_id=principal.key_id, door=door_of(request.path), status=response.status_code)
        return response


def count_submissions(principal: Principal, submissions: Sequence[Submission], receipts: Sequence[Receipt]) -> None:
    """Counts those that were stored. An image that was uploaded before has been counted then."""
    taken = [one for one, receipt in zip(submissions, receipts, strict=True) if receipt.accepted]
    usage.count_work(
        key_id=principal.key_id,
        door=Door.PLATFORM,
        items=len(taken),
        texts=sum(bool(one.text) for one in taken),
        images=sum(image.source != MediaSource.UPLOAD for one in taken for image in one.images),
    )


def count_work(request: HttpRequest, *, items: int = 0, texts: int = 0, images: int = 0) -> None:
    """Counts contents that were taken in, and texts and images handed over to be looked at. Call it when they are."""
    principal: Principal | None = getattr(request, "principal", None)
    if principal:
        door = door_of(request.path)
        usage.count_work(key_id=principal.key_id, door=door, items=items, texts=texts, images=images)
