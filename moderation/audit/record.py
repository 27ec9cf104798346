"""The audit trail's writers: an entry is written with the act itself, in its transaction, and names its request."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from moderation.audit.actors import user_actor
from moderation.audit.hashes import decision_digest
from moderation.models import AuditEntry, Decision
from reviewengine.request_ids import request_id

DECISION_RECORDED = "decision.recorded"
CONTENT_VIEWED = "content.viewed"
# The very same view again within this time is the same look: a reload, a double click, the images of one page.
SAME_VIEW = timedelta(seconds=10)


def record_audit(
    *, action: str, actor: str, subject_type: str, subject_id: object, data: dict[str, Any] | None = None
) -> AuditEntry:
    """Writes one entry; call it inside the transaction of the act. ``data`` holds facts, never content text."""
    return AuditEntry.objects.create(
        action=action,
        actor=actor,
        subject_type=subject_type,
        subject_id=str(subject_id),
        data=data or {},
        request_id=request_id.get(),
    )


def record_view(
    *,
    viewer: AbstractBaseUser | AnonymousUser,
    content_id: UUID,
    page: str,
    request: HttpRequest | None,
    case_id: UUID | None = None,
) -> None:
    """Writes that a person was shown a content; see ``record_views``."""
    record_views(viewer=viewer, content_ids=[content_id], page=page, request=request, case_id=case_id)


def record_views(
    *,
    viewer: AbstractBaseUser | AnonymousUser,
    content_ids: Iterable[UUID],
    page: str,
    request: HttpRequest | None,
    case_id: UUID | None = None,
) -> None:
    """Writes that a person was shown these contents, one entry each, in two queries.

    ``page`` says where (``desk``, ``content``, ``export``), ``case_id`` for which case. A view that the same person had
    on the same page within ``SAME_VIEW`` is not written again. Call it before the content is sent: what cannot be
    recorded is not shown.
    """
    data = {"page": page, **({"case": str(case_id)} if case_id else {})}
    _record_looks(viewer, "content", content_ids, data, request)


def record_image_view(*, viewer: AbstractBaseUser | AnonymousUser, file_id: UUID, request: HttpRequest | None) -> None:
    """Writes that a person was shown an image, of whatever contents it belongs to, as ``record_views`` does."""
    _record_looks(viewer, "media_file", [file_id], {"page": "image"}, request)


@transaction.atomic(savepoint=False)
def _record_looks(
    viewer: AbstractBaseUser | AnonymousUser,
    subject_type: str,
    ids: Iterable[UUID],
    data: dict[str, str],
    request: HttpRequest | None,
) -> None:
    """The entries of what was looked at, but for those that the same person's same look has left just before."""
    wanted = list(dict.fromkeys(map(str, ids)))
    actor, action, now = user_actor(viewer), f"{subject_type}.viewed", timezone.now()
    known = AuditEntry.objects.filter(
        subject_type=subject_type, subject_id__in=wanted, action=action, actor=actor, created_at__gt=now - SAME_VIEW
    )
    seen = set(known.filter(data=data).values_list("subject_id", flat=True))
    asked_by = getattr(request, "request_id", "") or request_id.get()
    AuditEntry.objects.bulk_create(
        AuditEntry(
            action=action,
            actor=actor,
            subject_type=subject_type,
            subject_id=subject_id,
            data=data,
            created_at=now,
            request_id=asked_by,
        )
        for subject_id in wanted
        if subject_id not in seen
    )


def decision_entries(
    decisions: Sequence[Decision], actors: Sequence[tuple[str, str]], held: Mapping[UUID, str] | None = None
) -> list[AuditEntry]:
    """The unsaved entries that belong to newly written decisions. ``actors``: each with the door, or none, he used.

    ``held``: of those that do not count yet, the kind of hold.
    """
    return [
        AuditEntry(
            action=DECISION_RECORDED,
            actor=actor,
            subject_type="decision",
            subject_id=str(decision.id),
            data={
                "content": str(decision.content_id),
                "content_version": decision.content_version,
                "outcome": decision.outcome,
                "source": decision.source,
                "rule": decision.rule,
                **({"label": decision.label} if decision.label else {}),
                **({"held": held[decision.pk]} if held and decision.pk in held else {}),
                "language": decision.result.language if decision.result else "",
                "digest": decision_digest(decision),
                **({"via": via} if via else {}),
            },
            created_at=decision.created_at,
            request_id=request_id.get(),
        )
        for decision, (actor, via) in zip(decisions, actors, strict=True)
    ]
