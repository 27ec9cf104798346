"""Idempotency-Key: a request that is sent twice has one effect, and the second is given the first one's answer.

After draft-ietf-httpapi-idempotency-key-header. A claim is committed first, under a lease; the answer is written into
it in the transaction of the effect. So a process that dies has either done nothing, and whoever asks after the lease
does it, or it has done all and its answer is there to be repeated.
"""

import hashlib
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from moderation.api.authentication import Principal
from moderation.api.body import FORM_BYTES, JSON_TYPES, keep_body
from moderation.api.errors import Problem, problem_response
from moderation.models import IdempotencyRecord
from reviewengine import conf

logger = logging.getLogger(__name__)

HEADER = "HTTP_IDEMPOTENCY_KEY"
METHODS = ("POST", "PATCH")
REPLAYED = "Idempotency-Replayed"
FORM = "multipart/form-data"
# A Structured Header string (RFC 9651, 3.3.3) with or without parameters, or the bare value that many clients send.
QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\]){1,255})" *(?:;[ -~]*)?')
BARE = re.compile(r"[!#-+\--~]{1,255}")
# Answers to who asks or how, not to what is asked: the same request may fare better, so its key stays free.
NOT_KEPT = frozenset({401, 403, 404, 406, 412, 413, 415, 429})
# What a request asks for beside its address and body.
TELLING_HEADERS = ("HTTP_IF_MATCH", "HTTP_CONTENT_ENCODING", "HTTP_PREFER")
KEPT_HEADERS = ("Content-Type", "ETag", "Location", "Link", "Preference-Applied")
MAX_ANSWER_BYTES = 1_048_576
TRY_AGAIN_SECONDS = "1"

CLAIM = """
    INSERT INTO idempotency_record AS known (
        client_id, key, target, fingerprint, lease_token, lease_expires_at, headers, body, created_at, expires_at
    ) VALUES (%s, %s, %s, %s, %s, %s, '{}', '', %s, %s)
    ON CONFLICT (client_id, key, target) DO UPDATE SET
        fingerprint = EXCLUDED.fingerprint, lease_token = EXCLUDED.lease_token,
        lease_expires_at = EXCLUDED.lease_expires_at, status = NULL, headers = '{}', body = '',
        created_at = EXCLUDED.created_at, expires_at = EXCLUDED.expires_at
    WHERE known.expires_at <= EXCLUDED.created_at OR (
        known.status IS NULL AND known.lease_expires_at <= EXCLUDED.created_at
        AND known.fingerprint = EXCLUDED.fingerprint
    ) RETURNING id
"""


class Kept(Enum):
    """What is kept of an answer that was no refusal."""

    ANSWER = auto()
    PLACE = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to answer a key, as long as the record still names ``token``."""

    record_id: int
    token: UUID


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, as far as it was kept: without headers nothing was, without a body its place alone."""

    status: int
    headers: dict[str, str]
    body: bytes


Reread = Callable[[str, int], HttpResponse]


def is_asked_for(request: HttpRequest) -> bool:
    """Whether the request carries a key and can be answered once: streams cannot, their items have ids of their own."""
    return HEADER in request.META and request.method in METHODS and request.content_type in (*JSON_TYPES, FORM)


def once(
    request: HttpRequest,
    principal: Principal,
    run: Callable[[], HttpResponse],
    *,
    waits: Callable[[HttpRequest], bool] = lambda _: False,
    keeps_answer: bool = True,
    reread: Reread | None = None,
) -> HttpResponse:
    """The answer of ``run``, or the one that it gave when the request came for the first time.

    ``run`` answers errors and does not raise them; an error undoes what it has done, for it runs in a transaction.
    Where it ``waits`` for others, who must see its rows, it has none, and has to be harmless when it is run again.
    ``keeps_answer``: not where it holds a secret that may be shown once only, or what can be erased elsewhere, such as
    a text or who wrote it; it is refused a second time. With ``reread`` only the ``Location`` of what was made is
    kept, and the second is given what is read there; ``reread`` is told that place, and the status of the first answer.

    Raises Problem: the key is not valid, is in use, or was used for another request.
    """
    claim = _claim(request, principal)
    if isinstance(claim, Answer):
        return _replay(claim, reread)
    kept = Kept.PLACE if reread else Kept.ANSWER if keeps_answer else Kept.NOTHING
    if waits(request):
        response = run()
        _keep(claim, response, kept)
        return response
    with transaction.atomic():
        response = run()
        held = response.status_code < 400 and _keep(claim, response, kept)
        if not held:
            transaction.set_rollback(True)
    if held:
        return response
    if response.status_code < 400:  # somebody has taken over: what was done here is undone, and theirs will stand
        return problem_response(_in_progress(), request)
    _keep(claim, response, kept)
    return response


def read_key(header: str) -> str:
    """The key in the header. Raises Problem for what is none."""
    if found := QUOTED.fullmatch(header.strip()):
        return re.sub(r"\\(.)", r"\1", found[1])
    if BARE.fullmatch(header.strip()):
        return header.strip()
    raise Problem("invalid_idempotency_key")


def _claim(request: HttpRequest, principal: Principal) -> Claim | Answer:
    """The right to answer, or what was answered. Raises Problem."""
    options = conf.load()
    key = read_key(request.META[HEADER])
    most = max(options.api.max_bulk_body_bytes, options.images.max_bytes + FORM_BYTES)
    address = f"{request.method} {request.get_full_path()}"
    asked = "\n".join([request.content_type or "", *(request.META.get(name, "") for name in TELLING_HEADERS)])
    fingerprint = _sha256(
        address.encode(), asked.encode(errors="replace"), _comparable(request, keep_body(request, max_bytes=most))
    )
    token, now, target = uuid4(), timezone.now(), _sha256(address.encode())
    lease, lifetime = timedelta(seconds=options.web.timeout_seconds), timedelta(hours=options.api.idempotency_hours)
    row: tuple[Any, ...] = (principal.client_id, key, target, fingerprint, str(token), now + lease, now, now + lifetime)
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, row)
        if found := cursor.fetchone():
            return Claim(found[0], token)
    known = IdempotencyRecord.objects.filter(client=principal.client_id, key=key, target=target).first()
    if known and known.fingerprint != fingerprint:
        raise Problem("idempotency_key_reused")
    if known is None or known.status is None:
        raise _in_progress()
    return Answer(known.status, known.headers, bytes(known.body))


def _replay(known: Answer, reread: Reread | None) -> HttpResponse:
    if not known.headers:
        raise Problem("answer_not_kept")
    if reread and not known.body:
        response = reread(known.headers["Location"], known.status)
        response[REPLAYED] = "true"
        return response
    return HttpResponse(known.body, status=known.status, headers=known.headers)


def _keep(claim: Claim, response: HttpResponse, kept: Kept) -> bool:
    """Writes the answer into the record, or frees the key of what may be tried again; whether the claim still held."""
    held = IdempotencyRecord.objects.filter(pk=claim.record_id, lease_token=claim.token, status=None)
    again = response.status_code in NOT_KEPT or response.status_code >= 500 or "Retry-After" in response
    if response.streaming or again:
        return bool(held.delete()[0])
    headers = {name: response[name] for name in KEPT_HEADERS if name in response} | {REPLAYED: "true"}
    body = response.content
    if response.status_code < 400 and kept is not Kept.ANSWER:
        headers, body = (headers if kept is Kept.PLACE else {}), b""
    elif len(body) > MAX_ANSWER_BYTES:
        logger.warning("idempotency.answer_too_large", extra={"bytes": len(body)})
        headers, body = {}, b""
    return bool(held.update(status=response.status_code, headers=headers, body=body))


def _in_progress() -> Problem:
    return Problem("idempotency_in_progress", headers={"Retry-After": TRY_AGAIN_SECONDS})


def _comparable(request: HttpRequest, body: bytes) -> bytes:
    """The body; of a form without its boundary, which a client makes up anew for each attempt."""
    boundary = (request.content_params or {}).get("boundary", "").encode("latin-1", "replace")
    return body.replace(boundary, b"") if request.content_type == FORM and boundary else body


def _sha256(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
