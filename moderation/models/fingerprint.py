"""What a text is told alike by; moderation.near_duplicates is its only writer."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from moderation.models.client import ApiClient
from moderation.models.content import Content


class ContentFingerprint(models.Model):
    """The fingerprint of a content's current text, and the cluster of near-duplicates that it belongs to.

    A table of its own: a content's row is updated three times on its way, and each update would write all its index
    entries anew. ``bands`` are what similar texts are found by; empty for a short text, which is alike only to its
    equals, and for a late member of a big cluster. ``submitted_at`` is when this version of the text came in.
    """

    content = models.OneToOneField(Content, models.CASCADE, primary_key=True, related_name="fingerprint")
    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="+", db_index=False)
    bits = models.BigIntegerField()
    bands = ArrayField(models.IntegerField(), default=list)
    cluster = models.UUIDField()
    submitted_at = models.DateTimeField()

    class Meta:
        db_table = "content_fingerprint"
        indexes = [
            models.Index(fields=["cluster", "submitted_at"], name="content_fingerprint_cluster"),
            # Without a list of pending entries, which every look-up would have to read through.
            GinIndex(fields=["bands"], name="content_fingerprint_bands", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"{self.content_id} in {self.cluster}"
