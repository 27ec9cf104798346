"""The thing submitted, and what the detectors and the policy said of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from moderation.enums import FINAL_OUTCOMES, ContentStatus, Outcome
from moderation.models.author import Author
from moderation.models.client import ApiClient
from moderation.models.ids import new_id
from moderation.models.policy import Policy, PolicyVersion


class Content(models.Model):
    """One content of a client and, in PostgreSQL's own words, the work item: its status is the queue.

    ``text`` is the current version; superseded ones are kept in ContentVersion. ``decision`` repeats the outcome of
    the newest Decision, so that lists need no join. ``request_id`` and ``trace_id`` (W3C) are those of the request that
    brought the current version. A lease belongs to the worker that processes the row.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="contents", db_index=False)
    external_id = models.CharField(max_length=255)
    version = models.PositiveIntegerField(default=1)
    text = models.TextField()
    text_digest = models.CharField(max_length=64)  # of the text and, where there are some, the images
    image_count = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    author = models.ForeignKey(Author, models.SET_NULL, null=True, blank=True, related_name="contents", db_index=False)
    conversation_id = models.CharField(max_length=255, blank=True)
    parent_external_id = models.CharField(max_length=255, blank=True)
    url = models.CharField(max_length=2048, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=35, blank=True)
    policy = models.ForeignKey(Policy, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    status = models.CharField(max_length=10, choices=ContentStatus.choices, default=ContentStatus.PENDING)
    decision = models.CharField(max_length=10, choices=Outcome.choices, null=True, blank=True)  # noqa: DJ001 - the API's null
    lease_token = models.UUIDField(null=True, blank=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    request_id = models.CharField(max_length=128, blank=True, default="", db_default="", editable=False)
    trace_id = models.CharField(max_length=32, blank=True, default="", db_default="", editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        db_table = "content"
        verbose_name_plural = "content"
        constraints = [
            # External id first: the index serves the look-up by external id as well.
            models.UniqueConstraint(fields=["external_id", "client"], name="content_external_id_unique"),
            models.CheckConstraint(
                name="content_decision_fits_status",
                condition=Q(status__in=[ContentStatus.PENDING, ContentStatus.PROCESSING], decision=None)
                # A comparison with NULL is neither true nor false, and a check refuses only what is false.
                | Q(status=ContentStatus.IN_REVIEW, decision=Outcome.REVIEW, decision__isnull=False)
                | Q(status=ContentStatus.DECIDED, decision__in=FINAL_OUTCOMES, decision__isnull=False),
            ),
            models.CheckConstraint(
                name="content_lease_fits_status",
                condition=Q(status=ContentStatus.PROCESSING, lease_token__isnull=False, lease_expires_at__isnull=False)
                | (~Q(status=ContentStatus.PROCESSING) & Q(lease_token=None, lease_expires_at=None)),
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="content_created_at"),
            models.Index(fields=["client", "-created_at", "-id"], name="content_client_newest"),
            # For platforms that catch up with what changed. It is written anew with every change of a row, as all are.
            models.Index(fields=["client", "updated_at", "id"], name="content_client_changed"),
            models.Index(fields=["id"], name="content_waiting", condition=Q(status=ContentStatus.PENDING)),
            models.Index(
                fields=["id"],
                name="content_waiting_images",
                condition=Q(status=ContentStatus.PENDING, image_count__gt=0),
            ),
            models.Index(fields=["created_at"], name="content_in_review", condition=Q(status=ContentStatus.IN_REVIEW)),
            models.Index(
                fields=["lease_expires_at"], name="content_leased", condition=Q(status=ContentStatus.PROCESSING)
            ),
            models.Index(
                fields=["decided_at"],
                name="content_to_erase",
                condition=Q(status=ContentStatus.DECIDED, erased_at=None),
            ),
            models.Index(
                fields=["author", "-created_at"], name="content_author_newest", condition=Q(author__isnull=False)
            ),
            models.Index(
                fields=["client", "conversation_id", "created_at"],
                name="content_conversation",
                condition=~Q(conversation_id=""),
            ),
        ]

    def __str__(self) -> str:
        return self.external_id


class ContentVersion(models.Model):
    """A text that an edit has replaced: what earlier results and decisions were about."""

    content = models.ForeignKey(Content, models.CASCADE, related_name="versions", db_index=False)
    version = models.PositiveIntegerField()
    text = models.TextField()
    text_digest = models.CharField(max_length=64)
    superseded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content", "version"], name="content_version_unique")]

    def __str__(self) -> str:
        return f"{self.content_id} version {self.version}"


class ModerationResult(models.Model):
    """One pass over one content version: every score, every matched rule, every version. Never edited.

    ``scores`` maps category to 0..1. ``evidence`` is a list of ``{category, start, end, detector, detail}``, in code
    points of the original text. ``matches`` lists every rule that matched; ``failures`` maps detector to what went
    wrong. ``language`` is the one that was identified, empty where none was. ``duration_ms`` is the item's share of
    its batch.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    content = models.ForeignKey(Content, models.CASCADE, related_name="results")
    content_version = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    rule = models.CharField(max_length=100)
    reasons = models.JSONField(default=list)
    scores = models.JSONField(default=dict)
    evidence = models.JSONField(default=list)
    matches = models.JSONField(default=list)
    not_covered = ArrayField(models.CharField(max_length=40), default=list)
    failures = models.JSONField(default=dict)
    language = models.CharField(max_length=35, blank=True, default="")
    detectors = models.JSONField(default=dict)
    policy_version = models.ForeignKey(
        PolicyVersion, models.PROTECT, null=True, blank=True, related_name="results", db_index=False
    )
    duration_ms = models.FloatField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        db_table = "moderation_result"
        indexes = [models.Index(fields=["created_at"], name="moderation_result_created_at")]

    def __str__(self) -> str:
        return f"{self.content_id} version {self.content_version}: {self.outcome}"
