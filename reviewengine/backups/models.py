"""The record of every backup that was tried. What is needed to restore one lies beside it in its target."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class BackupKind(models.TextChoices):
    """How a backup was made. Differential backups and the write-ahead log will have their own values."""

    DUMP = "dump", "dump"


class BackupStatus(models.TextChoices):
    """A run is running until it succeeds or fails; one whose process died is failed by the next run."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class BackupRunQuerySet(models.QuerySet["BackupRun"]):
    def kept(self) -> "BackupRunQuerySet":
        """Backups that were made and are still in their target."""
        return self.filter(status=BackupStatus.SUCCEEDED, removed_at=None)


class BackupRun(models.Model):
    """One try to make a backup. ``target`` is a name from the configuration, ``name`` the backup's name in it.

    ``verified_at`` is the last time it was restored into a scratch database and found whole; ``fault`` says why it
    failed, or what the last check found wrong. ``removed_at``: retention has deleted it from its target.
    """

    kind = models.CharField(max_length=20, choices=BackupKind.choices, default=BackupKind.DUMP)
    target = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=BackupStatus.choices, default=BackupStatus.RUNNING)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    size_bytes = models.BigIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    table_count = models.PositiveIntegerField(null=True, blank=True)
    row_count = models.BigIntegerField(null=True, blank=True)
    server_version = models.CharField(max_length=40, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    fault = models.TextField(blank=True)

    objects = BackupRunQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["target", "name"], name="backup_run_name_unique"),
            models.CheckConstraint(
                name="backup_run_end_fits_status",
                condition=Q(status=BackupStatus.RUNNING, finished_at=None)
                | (~Q(status=BackupStatus.RUNNING) & Q(finished_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["status", "-finished_at"], name="backup_run_newest")]

    def __str__(self) -> str:
        return f"{self.target}/{self.name}"
