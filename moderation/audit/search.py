"""Finding entries: by who, what, about what, which content, which request and when; each reads an index."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT

from moderation.enums import SubjectType
from moderation.models import AuditEntry, ContentMedia, Report, ReviewCase

# Walks the index from one action to the next: a few dozen steps, however many entries there are.
ACTIONS = """
    WITH RECURSIVE known AS (
        (SELECT action FROM moderation_auditentry ORDER BY action LIMIT 1)
        UNION ALL
        SELECT (SELECT action FROM moderation_auditentry WHERE action > known.action ORDER BY action LIMIT 1)
        FROM known WHERE known.action IS NOT NULL
    )
    SELECT action FROM known WHERE action IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """What is looked for; what is empty does not narrow.

    ``action`` is one, or how several begin (``case``). ``about`` is a subject as the record writes it
    (``review_queue:3``). ``since`` is included, ``until`` is not.
    """

    actor: str = ""
    action: str = ""
    about: str = ""
    content: UUID | None = None
    request: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def as_facts(self) -> dict[str, str]:
        """What was asked for, for the record of an export."""
        return {name: str(value) for name, value in asdict(self).items() if value}


def find_entries(query: AuditQuery) -> QuerySet[AuditEntry]:
    """The entries that fit, in no order yet."""
    exact = {"actor": query.actor, "request_id": query.request}
    bounds = {"created_at__gte": query.since, "created_at__lt": query.until}
    found = AuditEntry.objects.filter(**{name: value for name, value in {**exact, **bounds}.items() if value})
    if query.action:
        found = found.filter(action__in=actions_meant(query.action))
    if query.about:
        kind, _, name = query.about.partition(":")
        found = found.filter(subject_type=kind, subject_id=name)
    return found.alias(about_content=KT("data__content")).filter(about(query.content)) if query.content else found


def about(content_id: UUID) -> Q:
    """What concerns a content: itself, its decisions, its cases, its reports, and the images that belong to it.

    For rows with the alias ``about_content``.
    """
    subjects: dict[SubjectType, Any] = {
        SubjectType.CASE: ReviewCase.objects.filter(content=content_id).values_list("pk", flat=True),
        SubjectType.REPORT: Report.objects.filter(content=content_id).values_list("pk", flat=True),
        SubjectType.MEDIA_FILE: ContentMedia.objects.filter(content=content_id)
        .exclude(file=None)
        .values_list("file", flat=True),
    }
    found = Q(about_content=str(content_id)) | Q(subject_type=SubjectType.CONTENT, subject_id=str(content_id))
    for kind, ids in subjects.items():
        if names := [str(key) for key in ids]:
            found |= Q(subject_type=kind, subject_id__in=names)
    return found


def actions_meant(action: str) -> list[str]:
    """The action of this name; if the record holds none, those that begin so.

    Named one by one, they are found by their index, whatever the collation of the database.
    """
    known = known_actions()
    return [action] if action in known else [name for name in known if name.startswith(action)]


def known_actions() -> list[str]:
    """Every action that the record holds."""
    with connection.cursor() as cursor:
        cursor.execute(ACTIONS)
        return [action for (action,) in cursor.fetchall()]
