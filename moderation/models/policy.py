"""The written rules: each version is stored as it was and never changes."""

from django.db import models
from django.utils import timezone


class Policy(models.Model):
    """A named set of rules. ``active_version`` is the one in force."""

    slug = models.SlugField(max_length=100, unique=True)
    active_version = models.ForeignKey(
        "moderation.PolicyVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return self.slug


class PolicyVersion(models.Model):
    """One immutable text of a policy. ``digest`` is the SHA-256 of ``source``."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    source = models.TextField(help_text="The YAML document.")
    digest = models.CharField(max_length=64)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="policy_version_unique")]

    def __str__(self) -> str:
        return f"{self.policy.slug} version {self.number}"
