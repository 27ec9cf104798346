"""What moderators tell each other about a content or an author."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from moderation.enums import NoteSubject
from moderation.models.author import Author
from moderation.models.content import Content
from moderation.models.ids import new_id


class Note(models.Model):
    """A note that stays inside. One about an author follows them to every content of theirs."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.CharField(max_length=10, choices=NoteSubject.choices)
    content = models.ForeignKey(Content, models.CASCADE, null=True, blank=True, related_name="notes")
    author = models.ForeignKey(Author, models.CASCADE, null=True, blank=True, related_name="notes")
    # Where it was written: whom it names is led there. Quoted, for cases are defined later.
    case = models.ForeignKey("moderation.ReviewCase", models.SET_NULL, null=True, blank=True, related_name="+")
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.CharField(max_length=2000)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="note_has_its_subject",
                condition=Q(subject=NoteSubject.CONTENT, content__isnull=False, author=None)
                | Q(subject=NoteSubject.AUTHOR, author__isnull=False, content=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} note {self.pk}"


class NoteMention(models.Model):
    """A person whom a note names with ``@username``; it stands on their desk until they have seen it."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="note_mentions", db_index=False)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "person"], name="note_mention_once")]
        indexes = [models.Index(fields=["person"], name="note_mention_unseen", condition=Q(seen_at=None))]

    def __str__(self) -> str:
        return f"{self.note_id} for {self.person_id}"
