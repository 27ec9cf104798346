"""Checking and restoring backups: a backup counts only when it has been restored and found whole."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connections
from django.utils import timezone

from reviewengine.backups import databases, postgres
from reviewengine.backups.errors import BackupError
from reviewengine.backups.fingerprint import differences, fingerprint
from reviewengine.backups.manifest import DUMP_SUFFIX, MANIFEST_SUFFIX, Manifest, is_name
from reviewengine.backups.models import BackupRun
from reviewengine.backups.services import list_backups
from reviewengine.backups.spool import clear_spool, sha256_of, spool
from reviewengine.backups.targets.base import BackupTarget
from reviewengine.backups.targets.registry import find_target

LATEST = "latest"
_DATABASE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,62}")
_SHOWN_DIFFERENCES = 5


@dataclass(frozen=True, slots=True)
class Restoration:
    """What a restore did. ``kept_as`` is the name that the database of before has now, if there was one."""

    database: str
    manifest: Manifest
    kept_as: str = ""


def verify_backup(*, name: str = LATEST, target: str | None = None) -> Manifest:
    """Restores a backup into a scratch database, compares every table with the dumped snapshot, and drops it.

    Answers the manifest of a backup that is whole. Raises BackupError with what differs when it is not; the run of
    the backup records either.
    """
    place = find_target(target)
    with databases.locked():
        clear_spool("verify")
        databases.drop_leftovers()
        chosen = _chosen(name, place)
        run = BackupRun.objects.filter(target=place.name, name=chosen)
        try:
            manifest = _verify(chosen, place)
        except BackupError as error:
            run.update(fault=f"Check failed: {error}")
            raise
        run.update(verified_at=timezone.now(), fault="")
    return manifest


def _verify(name: str, place: BackupTarget) -> Manifest:
    scratch = databases.new_scratch_name()
    with _fetched(name, place, "verify") as (manifest, dump), _dropped_afterwards(scratch):
        databases.create(scratch)
        _fill(scratch, dump, manifest)
    return manifest


@contextmanager
def _dropped_afterwards(database: str) -> Iterator[None]:
    try:
        yield
    finally:
        databases.drop(database)


def restore_backup(
    *, name: str = LATEST, into: str | None = None, target: str | None = None, force: bool = False
) -> Restoration:
    """Restores a backup and compares every table with the dumped snapshot.

    By default into a new database. ``into`` names another one: a new one, or one without tables. One that holds
    tables is refused unless ``force``; then the backup is restored beside it first, and takes its name only when it
    is whole. The database of before is kept under another name. Uses no table of the configured database, so that it
    works when that is lost.
    """
    place = find_target(target)
    with _fetched(_chosen(name, place), place, "restore") as (manifest, dump):
        database = into or _beside(manifest.database, "restored")
        if not _DATABASE.fullmatch(database):
            raise BackupError(f"{database!r} cannot be the name of a database.", "Use letters, digits, _ and -.")
        if not databases.exists(database):
            _fill_new(database, dump, manifest)
            return Restoration(database, manifest)
        if not databases.has_tables(database):
            _fill(database, dump, manifest)
            return Restoration(database, manifest)
        if not force:
            raise BackupError(
                f"The database '{database}' is not empty: nothing was changed.",
                "Name a new one with --into, or repeat with --force: what is there now is kept under another name.",
            )
        return _replace(database, dump, manifest)


def _replace(database: str, dump: Path, manifest: Manifest) -> Restoration:
    new, kept_as = _beside(database, "restoring"), _beside(database, "before")
    _fill_new(new, dump, manifest)
    connections.close_all()
    databases.swap_in(new, database, keep_as=kept_as)
    return Restoration(database, manifest, kept_as)


def _fill_new(database: str, dump: Path, manifest: Manifest) -> None:
    databases.create(database)
    try:
        _fill(database, dump, manifest)
    except BackupError:
        databases.drop(database)
        raise


def _fill(database: str, dump: Path, manifest: Manifest) -> None:
    with databases.connected(database) as opened, opened.cursor() as cursor:
        clients = postgres.choose_clients(postgres.server_major(cursor))
    postgres.restore(clients, source=dump, database=database)
    with databases.connected(database) as opened, opened.cursor() as cursor:
        found = differences(manifest.tables, fingerprint(cursor))
    if found:
        more = f" and {len(found) - _SHOWN_DIFFERENCES} more" if len(found) > _SHOWN_DIFFERENCES else ""
        raise BackupError(
            f"What was restored is not what was dumped: {'; '.join(found[:_SHOWN_DIFFERENCES])}{more}.",
            "Use another backup, and keep this one for an investigation.",
        )


@contextmanager
def _fetched(name: str, place: BackupTarget, purpose: str) -> Iterator[tuple[Manifest, Path]]:
    """The manifest and the dump of a backup on this machine, the dump's checksum checked."""
    with spool(purpose) as folder:
        notes, dump = folder / (name + MANIFEST_SUFFIX), folder / (name + DUMP_SUFFIX)
        place.fetch(notes.name, notes)
        manifest = Manifest.from_json(notes.read_text(encoding="utf-8", errors="replace"), name=name)
        place.fetch(dump.name, dump)
        if sha256_of(dump) != manifest.sha256:
            raise BackupError(f"The file of {name} was changed: its checksum does not fit.", "Use another backup.")
        yield manifest, dump


def _chosen(name: str, place: BackupTarget) -> str:
    if name == LATEST:
        newest = next((backup.name for backup in list_backups(target=place.name) if backup.complete), None)
        if newest is None:
            raise BackupError(f"Backup target '{place.name}' holds no backup.", "Make one with backup_run.")
        return newest
    if not is_name(name):
        raise BackupError(f"{name!r} is not the name of a backup.", "See backup_list.")
    return name


def _beside(database: str, word: str) -> str:
    """A new name near ``database``, within PostgreSQL's 63 characters."""
    return f"{database[:30]}_{word}_{timezone.now():%Y%m%d_%H%M%S}"
