"""When the last backup was made, and when one was last proved by restoring it."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Max
from prometheus_client.core import Metric

from reviewengine.metrics.collectors import gauge


def backups() -> Iterator[Metric]:
    """By target, those that were made at all; an alert on a missing series finds the rest."""
    kept = apps.get_model("backups", "BackupRun").objects.kept()
    rows = list(kept.order_by().values_list("target").annotate(Max("finished_at"), Max("verified_at")))
    yield gauge(
        "reviewengine_backup_last_success_timestamp_seconds",
        "When the newest backup was finished.",
        [({"target": target}, finished.timestamp()) for target, finished, _ in rows],
    )
    yield gauge(
        "reviewengine_backup_last_verified_timestamp_seconds",
        "When a backup was last restored into a scratch database and found whole.",
        [({"target": target}, verified.timestamp()) for target, _, verified in rows if verified],
    )
