"""What waits for a person: queues, and in them one case a content."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from moderation.enums import QUALITY_SOURCES, UNRESOLVED_STATUSES, CaseSource, CaseStatus, DueClock
from moderation.models.client import ApiClient
from moderation.models.content import Content, ModerationResult
from moderation.models.decision import Decision
from moderation.models.ids import new_id

# A point of priority is worth this much waiting: a case that waits overtakes one that is a little graver, in time.
SECONDS_A_POINT = 1800


# Cases that not everybody may be given: somebody has them, they wait for somebody, or somebody skipped them.
SET_APART = Q(claimed_by__isnull=False) | Q(assigned_to__isnull=False) | ~Q(skipped_by=[])


class ReviewQueue(models.Model):
    """A line of cases. No groups: every moderator may work in it.

    ``due_minutes`` is how long a case may wait, by ``due_clock``. ``routing`` is a condition in the words of a policy;
    of the queues that have one, in the order of ``position``, the first that fits takes a case. ``double_percent`` of
    what is decided in it is decided by a second person who does not know of the first; ``golden_percent`` of what a
    moderator is shown has a known answer.
    """

    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=100)
    description = models.CharField(max_length=500, blank=True)
    due_minutes = models.PositiveIntegerField(default=24 * 60)
    due_clock = models.CharField(
        max_length=10, choices=DueClock.choices, default=DueClock.CLOCK, db_default=DueClock.CLOCK
    )
    hide_text = models.BooleanField(default=False, help_text="Cover the text until the moderator uncovers it.")
    groups = models.ManyToManyField(Group, blank=True, related_name="review_queues")
    routing = models.TextField(blank=True, default="", db_default="")
    position = models.PositiveSmallIntegerField(default=100, db_default=100)
    double_percent = models.PositiveSmallIntegerField(default=0, db_default=0)
    golden_percent = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                name="review_queue_shares", condition=Q(double_percent__lte=100, golden_percent__lte=100)
            )
        ]

    def __str__(self) -> str:
        return self.name


class ReviewCaseQuerySet(models.QuerySet["ReviewCase"]):
    """Cases, and which of them are work that the platform waits for."""

    def ordinary(self) -> "ReviewCaseQuerySet":
        """Those that decide something about their content: without what only measures people."""
        return self.exclude(source__in=QUALITY_SOURCES)

    def measuring(self) -> "ReviewCaseQuerySet":
        """Double reviews and golden cases alone."""
        return self.filter(source__in=QUALITY_SOURCES)


class ReviewCase(models.Model):
    """One content version that waits for a person. The claim is a lease: it ends by itself, and a decision names it.

    A case that reports opened is about content that is decided: what was decided stays in force until a person decides.
    A decided case has a decision that does not count yet (DecisionHold). ``level`` 2 is for those who may decide what
    others escalate. ``categories`` are what it is about. ``priority_terms`` are the points that make up ``priority``;
    with the time it waits they give ``rank``, the order of the queue, which no job has to bring up to date.
    Assigned cases go to ``assigned_to`` alone until ``assigned_until``; one that is on hold goes to nobody meanwhile.
    A double review asks again about ``first_decision``; a golden case knows its answer from ``golden``.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    content = models.ForeignKey(Content, models.CASCADE, related_name="cases", db_index=False)
    # The content's own, kept here for the indexes: a client with few cases must not wait behind those of others.
    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="+", db_index=False, editable=False)
    content_version = models.PositiveIntegerField()
    result = models.ForeignKey(
        ModerationResult, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    queue = models.ForeignKey(ReviewQueue, models.PROTECT, related_name="cases", db_index=False)
    level = models.PositiveSmallIntegerField(default=1, db_default=1)
    status = models.CharField(max_length=10, choices=CaseStatus.choices, default=CaseStatus.OPEN)
    source = models.CharField(
        max_length=10, choices=CaseSource.choices, default=CaseSource.POLICY, db_default=CaseSource.POLICY
    )
    categories = ArrayField(models.CharField(max_length=40), default=list, db_default=[], blank=True)
    priority = models.PositiveSmallIntegerField(default=50, help_text="0 to 100; higher comes first.")
    priority_terms = models.JSONField(default=dict, db_default={}, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    # Both operands are immutable to PostgreSQL only without a time zone.
    rank = models.GeneratedField(
        expression=RawSQL(  # noqa: S611 - no parameter
            f"extract(epoch FROM opened_at AT TIME ZONE 'UTC')::bigint - priority * {SECONDS_A_POINT}", ()
        ),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="claimed_cases", db_index=False
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    skipped_by = ArrayField(models.IntegerField(), default=list, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="assigned_cases", db_index=False
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    assigned_until = models.DateTimeField(null=True, blank=True)
    on_hold_until = models.DateTimeField(null=True, blank=True)
    assignment_note = models.CharField(max_length=500, blank=True, default="", db_default="")
    escalated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    escalated_at = models.DateTimeField(null=True, blank=True)
    escalation_note = models.CharField(max_length=1000, blank=True, default="", db_default="")
    resolved_at = models.DateTimeField(null=True, blank=True)
    decision = models.OneToOneField(Decision, models.PROTECT, null=True, blank=True, related_name="case")
    first_decision = models.OneToOneField(
        Decision, models.PROTECT, null=True, blank=True, related_name="second_case", editable=False
    )
    golden = models.ForeignKey(
        "moderation.GoldenCase",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        db_index=False,
        editable=False,
    )

    objects = ReviewCaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="review_case_one_open_a_content",
                fields=["content"],
                condition=Q(status__in=UNRESOLVED_STATUSES) & ~Q(source__in=QUALITY_SOURCES),
            ),
            models.CheckConstraint(name="review_case_priority_range", condition=Q(priority__lte=100)),
            models.CheckConstraint(
                name="review_case_claim_whole",
                condition=Q(claimed_by=None, claimed_at=None, lease_token=None, lease_expires_at=None)
                | Q(
                    claimed_by__isnull=False,
                    claimed_at__isnull=False,
                    lease_token__isnull=False,
                    lease_expires_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="review_case_resolved_by_decision",
                condition=~Q(status=CaseStatus.RESOLVED)
                | Q(decision__isnull=False, resolved_at__isnull=False)
                | Q(source__in=QUALITY_SOURCES, resolved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="review_case_decided_by_decision",
                condition=~Q(status=CaseStatus.DECIDED) | Q(decision__isnull=False),
            ),
            models.CheckConstraint(
                name="review_case_assignment_whole",
                condition=Q(assigned_to=None, assigned_until=None, on_hold_until=None)
                | Q(assigned_to__isnull=False, assigned_until__isnull=False),
            ),
            models.CheckConstraint(name="review_case_level", condition=Q(level__in=[1, 2])),
            models.CheckConstraint(
                name="review_case_asks_again",
                condition=(Q(first_decision=None) | Q(source=CaseSource.DOUBLE))
                & (Q(golden=None) | Q(source=CaseSource.GOLDEN)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["queue", "level", "rank", "id"],
                name="review_case_next",
                condition=Q(status=CaseStatus.OPEN),
            ),
            models.Index(
                fields=["client", "queue", "level", "rank", "id"],
                name="review_case_next_of_client",
                condition=Q(status=CaseStatus.OPEN),
            ),
            models.Index(
                fields=["client", "rank", "id"],
                name="review_case_client",
                condition=Q(status=CaseStatus.OPEN),
            ),
            models.Index(fields=["claimed_by"], name="review_case_claimed", condition=Q(status=CaseStatus.OPEN)),
            models.Index(fields=["assigned_to"], name="review_case_assigned", condition=Q(status=CaseStatus.OPEN)),
            # Counts and lists of what waits read nothing but this index, however many cases are open.
            models.Index(
                fields=["queue", "due_at", "id"],
                name="review_case_due",
                condition=Q(status=CaseStatus.OPEN) & ~Q(source__in=QUALITY_SOURCES),
                include=["opened_at", "level", "client", "categories"],
            ),
            models.Index(
                fields=["queue"], name="review_case_set_apart", condition=Q(status=CaseStatus.OPEN) & SET_APART
            ),
            models.Index(fields=["content"], name="review_case_content"),
            models.Index(
                fields=["queue", "rank"],
                name="review_case_quality",
                condition=Q(status=CaseStatus.OPEN, source__in=QUALITY_SOURCES),
            ),
        ]

        permissions = [("decide_escalated", "Can decide what others escalate"), ("bulk_decide", "Can decide in bulk")]

    def __str__(self) -> str:
        return f"{self.queue_id}: {self.content_id}"

    @property
    def is_quality(self) -> bool:
        """Whether it measures people, and decides nothing about its content."""
        return self.source in QUALITY_SOURCES

    @property
    def shown_source(self) -> str:
        """Why a person is asked, as the desk says it: a case that measures people looks as one that does not."""
        if self.first_decision is not None:
            first = getattr(self.first_decision, "case", None)
            return first.source if first else CaseSource.POLICY
        return CaseSource.POLICY if self.is_quality else self.source

    @property
    def outcome_in_force(self) -> str | None:
        """What counts until somebody decides this case, as whoever decides it may know."""
        if self.first_decision is not None:
            before = self.first_decision.overrides
            return before.outcome if before else None
        return None if self.is_quality else self.content.decision
