"""The hot path: content comes in, one by one or many at once. Plain Django views, pydantic and orjson."""

import re
from collections import Counter
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from moderation.api.authentication import Principal, authenticate
from moderation.api.body import read_json
from moderation.api.content_shapes import BulkIn, BulkOut, StoredOut, StreamLineOut, SubmittedOut
from moderation.api.counting import count_submissions
from moderation.api.errors import Problem, problem_of, problem_response
from moderation.api.idempotency import is_asked_for, once
from moderation.api.items import brief, count_sent_images, fault_of_item, refused, take_item
from moderation.api.serializers import represent
from moderation.api.stream import NDJSON, NDJSON_TYPES, submit_stream
from moderation.api.throttling import spend
from moderation.enums import UNSETTLED_STATUSES, Scope
from moderation.ingest.schemas import ContentIn
from moderation.ingest.store import Receipt, Submission, submit_content, submit_contents
from moderation.models import Content
from moderation.pipeline import moderate_now
from reviewengine import conf

PREFER_WAIT = re.compile(r"\bwait\s*=\s*\"?(\d{1,9})\b", re.IGNORECASE)
PLACE = "/api/v1/content/"
View = Callable[[HttpRequest, Principal], HttpResponse]
Again = Callable[[HttpRequest, Principal, str, int], HttpResponse]


def door(view: View, again: Again | None = None) -> Callable[[HttpRequest], HttpResponse]:
    """Checks key, scope and limit before ``view``, and answers every Problem.

    ``again`` answers a request that is repeated under its Idempotency-Key, where its answer is not to be kept.
    """

    def answer(request: HttpRequest, principal: Principal) -> HttpResponse:
        try:
            return view(request, principal)
        except Exception as error:  # the door: whatever happens behind it is answered as a problem
            return problem_response(problem_of(error), request)

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        try:
            principal = authenticate(request, Scope.CONTENT_WRITE)
            spend(principal, request)
            if is_asked_for(request):
                reread = partial(again, request, principal) if again else None
                return once(request, principal, partial(answer, request, principal), waits=_may_wait, reread=reread)
        except Exception as error:
            return problem_response(problem_of(error), request)
        return answer(request, principal)

    return wrapped


def _may_wait(request: HttpRequest) -> bool:
    """Whether the client might wait for the decision: a worker must see the row for it. What is packed may say so."""
    return "HTTP_PREFER" in request.META or "HTTP_CONTENT_ENCODING" in request.META or b"sync" in request.body


PREFER = OpenApiParameter(
    "Prefer", str, "header", description="`wait=N`: wait up to N seconds for the decision (RFC 7240)"
)
DINNER = {"external_id": "comment-17", "text": "See you at the lake on Sunday!", "author": "u1"}
STORED = {"id": "01a2005f-5efd-762b-8e0d-8efa695b5c2c", "external_id": "comment-17", "version": 1, "status": "pending"}


@extend_schema(
    operation_id="submitContent",
    tags=["content"],
    summary="Submit a text, images, or both",
    description="Answered once it is stored: no crash loses it. The same `external_id` with the same text and images "
    "answers what is there and stores nothing; with another text it becomes a new version, moderated anew.",
    parameters=[PREFER],
    request=ContentIn,
    responses={
        200: OpenApiResponse(SubmittedOut, "Decided: you waited for it, or had sent it before"),
        202: OpenApiResponse(StoredOut, "Stored; the decision is yet to come"),
    },
    examples=[
        OpenApiExample("a comment", DINNER, request_only=True),
        OpenApiExample("stored", STORED, response_only=True, status_codes=[202]),
    ],
)
@partial(door, again=lambda *asked: _again(*asked))
def submit(request: HttpRequest, principal: Principal) -> HttpResponse:
    """POST /api/v1/content: 202 once it is stored; 200 with the decision if the client waits or had sent it before."""
    body = read_json(request, max_bytes=conf.load().api.max_body_bytes)
    submission = take_item(body, principal, {})
    receipt = submit_content(client_id=principal.client_id, submission=submission)
    count_submissions(principal, [submission], [receipt])
    return _stored(receipt, _wait_seconds(request, body))


@extend_schema(
    operation_id="submitContents",
    tags=["content"],
    summary="Submit many at once",
    description="A faulty item has its own `error`, and the others are stored. As JSON: one transaction. As NDJSON: "
    "one submission a line, read as it comes, stored in batches of which each counts as a call; one result a line, in "
    "order, and a line with the `summary`.",
    request={"application/json": BulkIn, NDJSON: ContentIn},
    responses={(202, "application/json"): BulkOut, (202, NDJSON): StreamLineOut},
    examples=[
        OpenApiExample("two comments", {"items": [DINNER, {**DINNER, "external_id": "c18"}]}, request_only=True),
        OpenApiExample(
            "stored", {"results": [STORED, {**STORED, "external_id": "c18"}]}, response_only=True, status_codes=[202]
        ),
    ],
)
@door
def submit_bulk(request: HttpRequest, principal: Principal) -> HttpResponse:
    """POST /api/v1/content/bulk: one transaction; each item has its own answer, in order."""
    if request.content_type in NDJSON_TYPES:
        return submit_stream(request, principal)  # type: ignore[return-value] # streams are no HttpResponse
    options = conf.load().api
    items = _items(read_json(request, max_bytes=options.max_bulk_body_bytes), options.max_bulk_items)
    _refuse_duplicates(items)
    _refuse_many_images(items, options.max_bulk_images)
    results: list[dict[str, Any]] = []
    good: list[tuple[int, Submission]] = []
    policies: dict[str, int | None] = {}
    for index, raw in enumerate(items):
        try:
            good.append((index, take_item(raw, principal, policies, f"/items/{index}")))
            results.append({})
        except Exception as error:  # the door of the item: whatever it holds spoils no other
            results.append(refused(raw, fault_of_item(error)))
    submissions = [submission for _, submission in good]
    receipts = submit_contents(client_id=principal.client_id, submissions=submissions)
    count_submissions(principal, submissions, receipts)
    for (index, _), receipt in zip(good, receipts, strict=True):
        results[index] = brief(receipt)
    return _answer({"results": results}, 202)


def _items(body: dict[str, Any], limit: int) -> list[Any]:
    items = body.get("items")
    if not isinstance(items, list) or len(body) != 1:
        fault = {"pointer": "/items", "code": "wrong_type", "detail": 'send {"items": [...]} and nothing beside it'}
        raise Problem("validation_failed", errors=[fault])
    if not items:
        raise Problem(
            "validation_failed", errors=[{"pointer": "/items", "code": "empty", "detail": "must not be empty"}]
        )
    if len(items) > limit:
        raise Problem("too_many_items", f"At most {limit} items may be sent at once; these are {len(items)}.")
    return items


def _refuse_duplicates(items: list[Any]) -> None:
    ids = Counter(item["external_id"] for item in items if isinstance(item, dict) and _is_text(item.get("external_id")))
    faulty = [
        {"pointer": f"/items/{index}/external_id", "code": "duplicate", "detail": "stands twice in this call"}
        for index, item in enumerate(items)
        if isinstance(item, dict) and _is_text(item.get("external_id")) and ids[item["external_id"]] > 1
    ]
    if faulty:
        raise Problem("duplicate_external_id", errors=faulty[:100])


def _refuse_many_images(items: list[Any], limit: int) -> None:
    """Images are decoded one at a time in a process: a call with very many would keep those of others waiting."""
    count = sum(map(count_sent_images, items))
    if count > limit:
        raise Problem(
            "too_many_items",
            f"At most {limit} images may be sent within one bulk call; these are {count}. "
            "Send fewer at once, or upload them to /api/v1/media and name their ids.",
        )


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _wait_seconds(request: HttpRequest, body: dict[str, Any]) -> int:
    """How long the client waits for the decision: ``Prefer: wait=N`` (RFC 7240) or the whole time that is allowed."""
    longest = conf.load().api.max_wait_seconds
    if found := PREFER_WAIT.search(request.META.get("HTTP_PREFER", "")):
        return min(int(found.group(1)), longest)
    return longest if body.get("mode") == "sync" else 0


def _again(request: HttpRequest, principal: Principal, location: str, _status: int) -> HttpResponse:
    """The answer to a submission that was stored under its Idempotency-Key before: the content as it stands now."""
    own = Content.objects.filter(client_id=principal.client_id, pk=location.rpartition("/")[2]).first()
    if own is None:
        raise Problem("answer_not_kept")
    receipt = Receipt(own.pk, own.external_id, own.version, own.status, accepted=False)
    return _stored(receipt, _wait_seconds(request, read_json(request, max_bytes=conf.load().api.max_body_bytes)))


def _stored(receipt: Receipt, wait: int) -> HttpResponse:
    if wait:
        moderate_now(content_id=receipt.id, wait_seconds=wait)
    if not wait and (receipt.accepted or receipt.status in UNSETTLED_STATUSES):
        response = _answer(brief(receipt), 202)
    else:
        response = _settled(receipt, wait)
    response["Location"] = f"{PLACE}{receipt.id}"
    return response


def _settled(receipt: Receipt, wait: int) -> HttpResponse:
    content = Content.objects.select_related("author").get(pk=receipt.id)
    shown = represent([content], with_near_duplicates=True)[0]
    if receipt.not_taken:
        shown["not_taken"] = receipt.not_taken
    response = _answer(shown, 202 if content.status in UNSETTLED_STATUSES else 200)
    if wait:
        response["Preference-Applied"] = f"wait={wait}"
    return response


def _answer(body: dict[str, Any], status: int) -> HttpResponse:
    return HttpResponse(orjson.dumps(body, option=orjson.OPT_UTC_Z), content_type="application/json", status=status)
