"""Step 6, notes: what moderators tell each other about a content or an author, and whom they name in it."""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.audit import record_audit, user_actor
from moderation.enums import NoteSubject
from moderation.models import Author, Content, Note, NoteMention, ReviewCase
from moderation.review.access import SEE

ADD = "moderation.add_note"
MOST_CHARACTERS = 2000
MOST_MENTIONS = 20
# The very same note again within this time is the same one: a page whose answer was lost sends it twice.
SAME_NOTE = timedelta(minutes=10)
# The characters of a Django username. A mail address names nobody: before the sign stands a space or nothing.
_MENTION = re.compile(r"(?<![\w@.+-])@([\w.+-]+(?:@[\w.+-]+)?)")


class BadNote(ValueError):  # noqa: N818 - the name people know it by
    """A note that cannot be kept; the message says why."""


@transaction.atomic
def add_note(
    *,
    writer: User,
    text: str,
    content: Content | None = None,
    author: Author | None = None,
    case: ReviewCase | None = None,
) -> tuple[Note, list[str]]:
    """Keeps a note about a content, or about an author: that one follows them to every content of theirs.

    ``case`` is the one at which it was written: those whom it names are led there. Everybody whom ``@username`` names
    and who may see cases finds it on their desk. Answers the note and the names that are nobody's. Raises
    PermissionDenied, BadNote for an empty or too long text, ValueError unless exactly one of ``content`` and ``author``
    is given.
    """
    if (content is None) == (author is None):
        raise ValueError("A note is about a content or about an author.")
    if not (writer.has_perm(ADD) and writer.has_perm(SEE)):
        raise PermissionDenied(_("You may not write notes. Ask an administrator for a group that may."))
    text = _checked(text)
    people, unknown = _mentioned(text, writer)
    same = Note.objects.filter(writer=writer, content=content, author=author, text=text)
    if again := same.filter(created_at__gt=timezone.now() - SAME_NOTE).first():
        return again, unknown
    note = Note.objects.create(
        subject=NoteSubject.CONTENT if content else NoteSubject.AUTHOR,
        content=content,
        author=author,
        case=case,
        writer=writer,
        text=text,
    )
    NoteMention.objects.bulk_create(NoteMention(note=note, person=person) for person in people)
    record_audit(
        action="note.added",
        actor=user_actor(writer),
        subject_type=note.subject,
        subject_id=(content or author).pk,  # type: ignore[union-attr]  # one of the two is there
        data={"note": str(note.pk), "mentions": [person.get_username() for person in people]},
    )
    return note, unknown


def _checked(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not text:
        raise BadNote(_("The note is empty. Write something, or leave it."))
    if len(text) > MOST_CHARACTERS:
        raise BadNote(
            _("The note has %(length)d characters; up to %(most)d are kept.")
            % {"length": len(text), "most": MOST_CHARACTERS}
        )
    return text


def _mentioned(text: str, writer: User) -> tuple[list[User], list[str]]:
    """The people whom the text names, the writer left out, and the names of nobody who may see cases."""
    names = list(dict.fromkeys(name.rstrip(".-+") for name in _MENTION.findall(text)))[:MOST_MENTIONS]
    found = {person.get_username(): person for person in _staff(names) if person.has_perm(SEE)} if names else {}
    people = [found[name] for name in names if name in found and name != writer.get_username()]
    return people, [name for name in names if name and name not in found]


def _staff(names: Sequence[str]) -> QuerySet[User]:
    return User.objects.filter(username__in=names, is_active=True, is_staff=True)


def notes_about(*, content: Content, limit: int = 20) -> list[Note]:
    """The newest notes about the content and about its author, newest first, with their writers; one query."""
    about = Q(content=content)
    if content.author_id:
        about |= Q(author=content.author_id)
    return list(Note.objects.filter(about).select_related("writer").order_by("-created_at", "-pk")[:limit])


def unseen_mentions(person: User, limit: int = 20) -> list[NoteMention]:
    """The notes that name this person and that they have not seen, newest first; one query."""
    rows = NoteMention.objects.filter(person=person, seen_at=None)
    rows = rows.select_related("note__writer", "note__content", "note__author", "note__case__content")
    return list(rows.order_by("-note__created_at")[:limit])


def see_mentions(*, person: User, note_ids: Iterable[UUID]) -> int:
    """Says that the person has seen these notes, as far as they name them; answers how many were new to them."""
    rows = NoteMention.objects.filter(person=person, note__in=list(note_ids), seen_at=None)
    return rows.update(seen_at=timezone.now())
