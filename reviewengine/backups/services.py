"""Making, listing and pruning backups. Commands and tasks are thin doors to these; restoring is in ``restoring``."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import Error as DatabaseError
from django.utils import timezone

from reviewengine import conf
from reviewengine.backups import databases, postgres
from reviewengine.backups.errors import BackupError
from reviewengine.backups.fingerprint import fingerprint
from reviewengine.backups.manifest import (
    DUMP_SUFFIX,
    MANIFEST_SUFFIX,
    Manifest,
    is_name,
    new_name,
    time_of,
)
from reviewengine.backups.models import BackupRun, BackupStatus
from reviewengine.backups.spool import clear_spool, sha256_of, spool
from reviewengine.backups.targets.base import BackupTarget
from reviewengine.backups.targets.registry import configured_targets, find_target

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeptBackup:
    """A backup as it lies in its target. It is ``complete`` once its manifest is there: that is stored last."""

    name: str
    created_at: datetime
    size_bytes: int
    complete: bool


def run_backup(*, target: str | None = None) -> BackupRun:
    """Dumps the database into a target (by default the first) and answers the finished run.

    One snapshot is dumped and summed up table by table, so that a later check can compare. Raises BackupBusyError
    without a run when another one is at work; any other BackupError leaves a failed run that says why.
    """
    place = find_target(target)
    with databases.locked(snapshot=True) as cursor:
        _fail_abandoned()
        clear_spool("backup")
        run = BackupRun.objects.create(target=place.name, name=new_name(databases.current_database(), timezone.now()))
        with _recorded(run):
            place.list()  # a target that cannot be reached is noticed before the work, not after it
            _succeed(run, _make(cursor, place, run))
    return run


def run_scheduled() -> None:
    """The daily work: a backup into every configured target, then pruning. Raises BackupError if any one failed."""
    faults = []
    for name in configured_targets():
        try:
            run_backup(target=name)
            prune_backups(target=name)
        except BackupError as error:
            faults.append(str(error))
    if faults:
        raise BackupError(" ".join(faults))


def list_backups(*, target: str | None = None) -> list[KeptBackup]:
    """What a target keeps, newest first. Reads the target only, so it works when the database is lost."""
    files = find_target(target).list()
    names = {name for file in files if is_name(name := file.removesuffix(DUMP_SUFFIX).removesuffix(MANIFEST_SUFFIX))}
    found = [
        KeptBackup(
            name=name,
            created_at=time_of(name),
            size_bytes=files.get(name + DUMP_SUFFIX, 0),
            complete=name + DUMP_SUFFIX in files and name + MANIFEST_SUFFIX in files,
        )
        for name in names
    ]
    return sorted(found, key=lambda backup: (backup.created_at, backup.name), reverse=True)


def prune_backups(*, target: str | None = None, now: datetime | None = None) -> list[str]:
    """Deletes what is older than ``backups.keep_days``; answers the names. The newest complete backup always stays."""
    place = find_target(target)
    oldest = (now or timezone.now()) - timedelta(days=conf.load().backups.keep_days)
    kept = list_backups(target=place.name)
    newest = next((backup.name for backup in kept if backup.complete), None)
    removed = [backup.name for backup in kept if backup.created_at < oldest and backup.name != newest]
    for name in removed:
        # The manifest first: what is left after a fault in between is incomplete, and pruned the next time.
        place.delete(name + MANIFEST_SUFFIX)
        place.delete(name + DUMP_SUFFIX)
        BackupRun.objects.filter(target=place.name, name=name).update(removed_at=timezone.now())
    if removed:
        logger.info("backup.pruned", extra={"target": place.name, "count": len(removed)})
    return removed


def _make(cursor: Any, place: BackupTarget, run: BackupRun) -> Manifest:
    clients = postgres.choose_clients(postgres.server_major(cursor))
    with spool("backup") as folder:
        dump, notes = folder / (run.name + DUMP_SUFFIX), folder / (run.name + MANIFEST_SUFFIX)
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
        snapshot, version = cursor.fetchone()
        postgres.dump(clients, snapshot=snapshot, destination=dump)
        manifest = Manifest(
            name=run.name,
            created_at=run.started_at,
            database=databases.current_database(),
            server_version=version,
            size_bytes=dump.stat().st_size,
            sha256=sha256_of(dump),
            tables=fingerprint(cursor),
        )
        notes.write_text(manifest.to_json(), encoding="utf-8")
        place.store(dump, dump.name)
        place.store(notes, notes.name)
    return manifest


@contextmanager
def _recorded(run: BackupRun) -> Iterator[None]:
    """Marks the run as failed, with the reason, unless the block ends well."""
    fault = "It was interrupted."
    try:
        yield
        fault = ""
    except BackupError as error:
        fault = str(error)
        raise
    finally:
        if fault:
            _fail(run, fault)


def _succeed(run: BackupRun, manifest: Manifest) -> None:
    BackupRun.objects.filter(pk=run.pk, status=BackupStatus.RUNNING).update(
        status=BackupStatus.SUCCEEDED,
        finished_at=timezone.now(),
        size_bytes=manifest.size_bytes,
        sha256=manifest.sha256,
        table_count=len(manifest.tables),
        row_count=manifest.row_count,
        server_version=manifest.server_version,
    )
    run.refresh_from_db()
    logger.info("backup.succeeded", extra={"target": run.target, "backup": run.name, "bytes": run.size_bytes})


def _fail(run: BackupRun, fault: str) -> None:
    logger.error("backup.failed", extra={"target": run.target, "backup": run.name, "fault": fault})
    # When the database is what failed, the next run finds this one abandoned.
    with suppress(DatabaseError):
        _mark_failed(fault, pk=run.pk)


def _fail_abandoned() -> None:
    """Fails runs whose process died. Call it with the lock held: then nobody is at work on them."""
    _mark_failed("Its process ended before it was done.")


def _mark_failed(fault: str, **which: Any) -> None:
    BackupRun.objects.filter(status=BackupStatus.RUNNING, **which).update(
        status=BackupStatus.FAILED, finished_at=timezone.now(), fault=fault
    )
