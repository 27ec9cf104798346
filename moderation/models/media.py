"""Images: each file of a client is kept once, and contents refer to it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from moderation.enums import MediaSource
from moderation.models.client import ApiClient
from moderation.models.content import Content
from moderation.models.ids import new_id


class MediaFile(models.Model):
    """An image as one client sent it, by the SHA-256 of what came in.

    ``width``, ``height``, ``size_bytes`` and ``format`` are of what came in; ``copy_name`` is the reviewer's copy in
    the storage, encoded anew and without metadata; ``original_name`` is empty unless the site keeps originals.
    ``stored_at`` is empty until the copy lies there. ``used_at``: when it was last sent, for those that nobody uses.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="media_files", db_index=False)
    sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=10)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    frame_count = models.PositiveIntegerField(default=1)
    size_bytes = models.PositiveBigIntegerField()
    perceptual_hash = models.CharField(max_length=16, blank=True)
    copy_name = models.CharField(max_length=200)
    copy_type = models.CharField(max_length=40)
    original_name = models.CharField(max_length=200, blank=True)
    stored_at = models.DateTimeField(null=True, blank=True, editable=False)
    used_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256", "client"], name="media_file_once_a_client")]
        indexes = [models.Index(fields=["used_at"], name="media_file_used_at")]

    def __str__(self) -> str:
        return f"{self.format} {self.width} x {self.height}, {self.sha256[:12]}"


class ContentMedia(models.Model):
    """One image of one content version, and what was read in it.

    ``file`` is empty until an image named by its address has been fetched. ``fault`` is a code that says why it could
    not be. ``scores`` maps category to 0..1; ``hits`` lists ``{bank, action, category, distance}``.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    content = models.ForeignKey(Content, models.CASCADE, related_name="media", db_index=False)
    content_version = models.PositiveIntegerField()
    position = models.PositiveSmallIntegerField()
    file = models.ForeignKey(MediaFile, models.PROTECT, null=True, blank=True, related_name="uses")
    source = models.CharField(max_length=10, choices=MediaSource.choices)
    source_url = models.CharField(max_length=2048, blank=True)
    scores = models.JSONField(default=dict, blank=True)
    hits = models.JSONField(default=list, blank=True)
    fault = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name_plural = "content media"
        constraints = [
            models.UniqueConstraint(fields=["content", "content_version", "position"], name="content_media_position"),
            models.CheckConstraint(
                name="content_media_file_or_address",
                condition=Q(file__isnull=False) | (Q(source=MediaSource.URL) & ~Q(source_url="")),
            ),
        ]

    def __str__(self) -> str:
        return f"image {self.position + 1} of {self.content_id} version {self.content_version}"
