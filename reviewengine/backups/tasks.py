"""The Celery entry points of backups: each calls one function."""

from celery import shared_task

from reviewengine.backups import restoring, services

# A dump may take as long as it needs; this only ends one that hangs.
_SIX_HOURS = 6 * 3600


@shared_task(time_limit=_SIX_HOURS, soft_time_limit=_SIX_HOURS - 60)
def run_scheduled_backup() -> None:
    """Beat: a backup into every target, then pruning by age."""
    services.run_scheduled()


@shared_task(time_limit=_SIX_HOURS, soft_time_limit=_SIX_HOURS - 60)
def verify_latest_backup() -> None:
    """Beat: restores the newest backup into a scratch database and compares it."""
    restoring.verify_backup()
