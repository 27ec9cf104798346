"""Storing: validated submissions are stored; a stored row is the work item, and workers are woken."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.utils import timezone
from psycopg2.extras import execute_values

from moderation.enums import ContentStatus, MediaSource
from moderation.models import Author, Content, ContentMedia, ContentVersion
from moderation.models.ids import new_id
from moderation.review.queue import cancel_cases
from moderation.tasks import wake_moderation
from reviewengine.request_ids import request_id, trace_id

INSERT = """
    INSERT INTO content (
        id, client_id, external_id, version, text, text_digest, image_count, author_id, conversation_id,
        parent_external_id, url, metadata, language, policy_id, status, attempts, created_at, updated_at,
        request_id, trace_id
    ) VALUES %s ON CONFLICT (external_id, client_id) DO NOTHING RETURNING id, external_id
"""


@dataclass(frozen=True, slots=True)
class SubmittedImage:
    """An image as a content refers to it: a kept file, or an address that a worker will look at."""

    source: MediaSource
    sha256: str = ""
    file_id: UUID | None = None
    url: str = ""

    @property
    def identity(self) -> str:
        """What tells it from another image in the content's digest."""
        return self.sha256 or self.url


@dataclass(frozen=True, slots=True)
class Submission:
    """One validated submission. ``author_external_id`` and ``policy_id`` may be absent."""

    external_id: str
    text: str
    author_external_id: str = ""
    author_name: str = ""
    author_reach: int | None = None
    conversation_id: str = ""
    parent_external_id: str = ""
    url: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    language: str = ""
    policy_id: int | None = None
    images: tuple[SubmittedImage, ...] = ()

    @property
    def digest(self) -> str:
        """By which a resubmission is told from an edit: of the text and, where there are some, of the images."""
        return digest_of("\0".join([self.text, *(image.identity for image in self.images)]))


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a submission. ``accepted`` is false when the same text and images were already there.

    ``not_taken``: what was sent with these and differs from what stands there, by the API's names.
    """

    id: UUID
    external_id: str
    version: int
    status: str
    accepted: bool
    not_taken: tuple[str, ...] = ()


def submit_content(*, client_id: int, submission: Submission) -> Receipt:
    """Stores one submission durably before it returns; the same id with the same text answers what is there."""
    receipt = None
    if not submission.author_external_id and not submission.images:
        # The usual case is one statement: it commits by itself, and no transaction needs opening and closing.
        receipt = _insert(client_id, [submission], {}).get(submission.external_id)
    if receipt is None:
        receipt = _submit_all(client_id, [submission])[0]
    if receipt.accepted:
        transaction.on_commit(wake_moderation)
    return receipt


def submit_contents(*, client_id: int, submissions: Sequence[Submission]) -> list[Receipt]:
    """Stores many submissions in one transaction, and answers in their order. External ids must differ."""
    receipts = _submit_all(client_id, submissions)
    if any(receipt.accepted for receipt in receipts):
        transaction.on_commit(wake_moderation)
    return receipts


@transaction.atomic
def _submit_all(client_id: int, submissions: Sequence[Submission]) -> list[Receipt]:
    authors = _author_ids(client_id, submissions)
    receipts = _insert(client_id, submissions, authors)
    _attach_images({receipts[item.external_id].id: item for item in submissions if item.external_id in receipts})
    taken = {item.external_id: item for item in submissions if item.external_id not in receipts}
    if taken:
        rows = Content.objects.filter(client_id=client_id, external_id__in=taken)
        for content in rows.select_for_update().order_by("id"):
            receipts[content.external_id] = _resubmit(content, taken[content.external_id], authors)
    return [receipts[item.external_id] for item in submissions]


def _insert(client_id: int, submissions: Sequence[Submission], authors: dict[str, int]) -> dict[str, Receipt]:
    """One statement for all rows; answers those whose external id was free.

    Sorted, so that two calls with the same external ids wait for each other instead of locking each other out.
    """
    if not submissions:
        return {}
    now, request, trace = timezone.now(), request_id.get(), trace_id.get()
    rows = [
        (
            str(new_id()), client_id, item.external_id, 1, item.text, item.digest, len(item.images),
            authors.get(item.author_external_id), item.conversation_id, item.parent_external_id, item.url,
            orjson.dumps(item.metadata).decode(), item.language, item.policy_id, ContentStatus.PENDING.value, 0,
            now, now, request, trace,
        )
        for item in sorted(submissions, key=attrgetter("external_id"))
    ]  # fmt: skip
    with connection.cursor() as cursor:
        stored = execute_values(cursor, INSERT, rows, page_size=len(rows), fetch=True)
    return {
        external_id: Receipt(content_id, external_id, 1, ContentStatus.PENDING.value, accepted=True)
        for content_id, external_id in stored
    }


def _resubmit(content: Content, submission: Submission, authors: dict[str, int]) -> Receipt:
    """The external id is taken: the same text answers the content as it stands, another text makes a new version."""
    digest = submission.digest
    if content.text_digest == digest:
        differing = _differing(content, submission, authors)
        return Receipt(content.pk, content.external_id, content.version, content.status, False, differing)
    _archive(content)
    cancel_cases(content_ids=[content.pk])
    _replace(content, submission, digest, authors.get(submission.author_external_id))
    _attach_images({content.pk: submission}, version=content.version)
    return Receipt(content.pk, content.external_id, content.version, content.status, accepted=True)


def _differing(content: Content, submission: Submission, authors: dict[str, int]) -> tuple[str, ...]:
    """What was sent with the same text and is not what stands there. What was not sent says nothing."""
    context = ("conversation_id", "parent_external_id", "url")
    pairs = {
        "author": (authors.get(submission.author_external_id), content.author_id),
        **{name: (getattr(submission, name), getattr(content, name)) for name in (*context, "metadata", "language")},
        "policy": (submission.policy_id, content.policy_id),
    }
    found = {"context" if name in context else name for name, (sent, there) in pairs.items() if sent and sent != there}
    return tuple(sorted(found))


def _attach_images(submissions: dict[UUID, Submission], *, version: int = 1) -> None:
    """Writes down the images of contents that were just stored; a file that is gone meanwhile fails the transaction."""
    media = [
        ContentMedia(
            content_id=content_id,
            content_version=version,
            position=position,
            file_id=image.file_id,
            source=image.source,
            source_url=image.url,
        )
        for content_id, submission in submissions.items()
        for position, image in enumerate(submission.images)
    ]
    if media:
        ContentMedia.objects.bulk_create(media)


def _archive(content: Content) -> None:
    if content.erased_at is None:
        ContentVersion.objects.create(
            content=content, version=content.version, text=content.text, text_digest=content.text_digest
        )


def _replace(content: Content, submission: Submission, digest: str, author_id: int | None) -> None:
    """The new version waits like a new content; a worker that still holds the old one finds its lease gone."""
    content.version += 1
    content.text, content.text_digest, content.image_count = submission.text, digest, len(submission.images)
    content.conversation_id, content.parent_external_id = submission.conversation_id, submission.parent_external_id
    content.url, content.metadata, content.language = submission.url, submission.metadata, submission.language
    content.author_id, content.policy_id = author_id or content.author_id, submission.policy_id
    content.status, content.decision, content.attempts = ContentStatus.PENDING, None, 0
    content.lease_token = content.lease_expires_at = content.decided_at = content.erased_at = None
    content.updated_at = timezone.now()
    content.request_id, content.trace_id = request_id.get(), trace_id.get()
    content.save()


def _author_ids(client_id: int, submissions: Sequence[Submission]) -> dict[str, int]:
    """Finds or makes the authors of all submissions, in at most two queries; a changed name or reach is taken over."""
    sent = {item.author_external_id: item for item in submissions if item.author_external_id}
    if not sent:
        return {}
    known = {a.external_id: a for a in Author.objects.filter(client_id=client_id, external_id__in=sent)}
    changed = [
        author
        for external_id, item in sorted(sent.items())
        if (author := _changed_author(client_id, item, known.get(external_id)))
    ]
    if not changed:
        return {external_id: author.pk for external_id, author in known.items()}
    Author.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["client", "external_id"], update_fields=["display_name", "reach"]
    )
    found = Author.objects.filter(client_id=client_id, external_id__in=sent)
    return dict(found.values_list("external_id", "pk"))


def _changed_author(client_id: int, item: Submission, known: Author | None) -> Author | None:
    """The row to write; None where all that was sent stands there. What was not sent stays."""
    name, reach = item.author_name, item.author_reach
    if known is not None:
        name, reach = name or known.display_name, known.reach if reach is None else reach
        if (name, reach) == (known.display_name, known.reach):
            return None
    return Author(client_id=client_id, external_id=item.author_external_id, display_name=name, reach=reach)


def digest_of(text: str) -> str:
    """The SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()
