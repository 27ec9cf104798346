"""Keeping images: each file once a client, as a copy without metadata in the storage, until nothing refers to it.

The row is committed before the file is written and says so afterwards, and it is deleted after the file is. So a
process that dies in between, or a storage that is away, leaves a row that the clean-up finds, never a file that nobody
knows of.
"""

import logging
import threading
from collections.abc import Collection, Sequence
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from moderation.media.files import StorageAway, delete_file, media_storage, read_file, write_file
from moderation.models import ContentMedia, MediaFile
from reviewengine import conf

__all__ = ["delete_files", "forget_media", "keep_image", "media_storage", "read_copy", "unused_files"]

logger = logging.getLogger(__name__)
# A hostile image may take 400 MB while it is decoded and copied: only one at a time in a process.
_decoding = threading.Lock()
_ENDINGS = {"image/jpeg": "jpg", "image/webp": "webp"}


def keep_image(*, client_id: int, data: bytes) -> MediaFile:
    """Decodes an image and keeps its copy; the same file again answers what is there.

    Not to be called in a transaction. Raises ImageFault for what is no usable image, and StorageAway; nothing is kept
    then.
    """
    # Pillow is for those processes alone that are sent an image.
    from moderation.detectors.images.hashes import sha256_of

    sha256 = sha256_of(data)
    known = MediaFile.objects.filter(client_id=client_id, sha256=sha256).exclude(stored_at=None)
    if known.update(used_at=timezone.now()) and (found := known.first()):
        return found
    with _decoding:
        return _keep_new(client_id, sha256, data)


def _keep_new(client_id: int, sha256: str, data: bytes) -> MediaFile:
    from moderation.detectors.images.copies import make_copy
    from moderation.detectors.images.decode import decode
    from moderation.detectors.images.hashes import perceptual_hash
    from moderation.media.limits import image_limits

    picture = decode(data, image_limits())
    copy = make_copy(picture)
    draft = MediaFile(
        client_id=client_id,
        sha256=sha256,
        format=picture.format,
        width=picture.width,
        height=picture.height,
        frame_count=picture.frame_count,
        size_bytes=len(data),
        perceptual_hash=perceptual_hash(picture.frames[0]),
        copy_type=copy.content_type,
    )
    return _store(draft, copy.data, data)


def _store(draft: MediaFile, copy: bytes, original: bytes) -> MediaFile:
    stem = f"{draft.sha256[:2]}/{draft.sha256}-{draft.pk.hex[-8:]}"
    draft.copy_name = f"{stem}.{_ENDINGS[draft.copy_type]}"
    draft.original_name = f"{stem}.original" if conf.load().images.keep_originals else ""
    # Two requests with one file at the same moment write the same bytes under the name of whichever row came first.
    MediaFile.objects.bulk_create([draft], ignore_conflicts=True)
    row = MediaFile.objects.get(client_id=draft.client_id, sha256=draft.sha256)
    write_file(row.copy_name, copy)
    if row.original_name:
        write_file(row.original_name, original)
    row.stored_at = row.used_at = timezone.now()
    row.save(update_fields=["stored_at", "used_at"])
    return row


def read_copy(file: MediaFile) -> bytes:
    """The bytes of the reviewer's copy. Raises FileNotFoundError and StorageAway, both of them OSErrors."""
    return read_file(file.copy_name)


def unused_files() -> QuerySet[MediaFile]:
    """Files that no content refers to."""
    return MediaFile.objects.exclude(Exists(ContentMedia.objects.filter(file=OuterRef("pk"))))


@transaction.atomic
def forget_media(*, content_ids: Collection[UUID]) -> None:
    """Takes the images from contents, all versions; files that nothing else refers to are deleted on commit."""
    media = ContentMedia.objects.filter(content__in=content_ids)
    files = set(media.exclude(file=None).values_list("file", flat=True))
    media.delete()
    if files:
        delete_files(files=list(unused_files().filter(pk__in=files).select_for_update(of=("self",))))


@transaction.atomic
def delete_files(*, files: Sequence[MediaFile]) -> None:
    """Deletes files that nothing refers to and whose rows the caller has locked: at commit, or by a later clean-up.

    Until they are gone, their rows are under a name of their own, so that the same image can be sent again meanwhile.
    """
    for file in files:
        file.sha256, file.stored_at, file.used_at = f"deleted:{file.pk.hex}", None, timezone.now()
    MediaFile.objects.bulk_update(files, ["sha256", "stored_at", "used_at"])
    transaction.on_commit(partial(_delete_from_storage, files))


def _delete_from_storage(files: Sequence[MediaFile]) -> None:
    gone = []
    try:
        for file in files:
            for name in filter(None, (file.copy_name, file.original_name)):
                delete_file(name)
            gone.append(file.pk)
    except StorageAway:
        logger.exception("media.not_deleted", extra={"files": len(files) - len(gone)})
    unused_files().filter(pk__in=gone).delete()
