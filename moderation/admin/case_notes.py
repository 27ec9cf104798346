"""The notes of a case page: what was said of the content and its author, and the one that is being written."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from moderation.admin.desk_guard import StaffRequest
from moderation.enums import NoteSubject
from moderation.models import Content, Note, NoteMention, ReviewCase
from moderation.review.access import queues_of
from moderation.review.doors import require_may_see
from moderation.review.notes import ADD, MOST_CHARACTERS, BadNote, add_note, notes_about, see_mentions, unseen_mentions


@dataclass(frozen=True, slots=True)
class CaseNotes:
    """The notes of a case page, newest first; ``new`` are those that name the reader, seen now for the first time."""

    items: list[Note]
    new: frozenset[UUID]
    may_add: bool
    most_characters: int = MOST_CHARACTERS

    @property
    def shown(self) -> list[Note]:
        """The newest, and those that name the reader."""
        return [note for at, note in enumerate(self.items) if at == 0 or note.pk in self.new]

    @property
    def folded(self) -> list[Note]:
        """The others."""
        return [note for note in self.items[1:] if note.pk not in self.new]


def read_notes(content: Content, reader: User, *, blind: bool = False) -> CaseNotes:
    """The notes about a content and its author, as this reader sees them now; what names the reader counts as seen.

    ``blind``: without what others wrote of the content, for whoever must not know what they made of it.
    """
    items = notes_about(content=content)
    if blind:
        items = [note for note in items if note.content_id is None or note.writer_id == reader.pk]
    ids = [note.pk for note in items]
    unseen = NoteMention.objects.filter(person=reader, note__in=ids, seen_at=None).values_list("note", flat=True)
    new = frozenset(unseen) if ids else frozenset()
    if new:
        see_mentions(person=reader, note_ids=new)
    return CaseNotes(items, new, reader.has_perm(ADD))


def mentions_of(reader: User) -> list[NoteMention]:
    """What stands on the start page of the desk: the notes that name the reader and that they have not seen.

    A note keeps the case at which it was written only if that is of the reader's queues: they are led there.
    """
    mentions = unseen_mentions(reader)
    queues = set(queues_of(reader).values_list("pk", flat=True)) if any(one.note.case for one in mentions) else set()
    for note in (one.note for one in mentions):
        if note.case is not None and note.case.queue_id not in queues:
            note.case = None
    return mentions


def keep_typed_note(request: StaffRequest, case_id: UUID) -> bool:
    """Keeps the note that was posted along with another act, if any; answers whether nothing is left to keep.

    A note that cannot be kept is told of and stays in the form. Raises PermissionDenied, and ReviewCase.DoesNotExist,
    for a case that the person must not see.
    """
    text = request.POST.get("note_text", "")
    if not text.strip():
        return True
    case = ReviewCase.objects.select_related("content__author").get(pk=case_id)
    require_may_see(person=request.user, case=case)
    is_about_author = request.POST.get("note_about") == NoteSubject.AUTHOR and case.content.author is not None
    subject = {"author": case.content.author} if is_about_author else {"content": case.content}
    # Nobody is led to a case that is for one person alone.
    at = None if case.is_quality else case
    try:
        note, unknown = add_note(writer=request.user, text=text, case=at, **subject)  # type: ignore[arg-type]
    except BadNote as fault:
        messages.error(request, str(fault))
        return False
    if unknown:
        names = ", ".join(f"@{name}" for name in unknown)
        messages.warning(
            request, _("The note is kept. Nobody who may see cases is called %(names)s.") % {"names": names}
        )
    else:
        messages.success(request, _("The note is kept."))
    return True
