"""Keeping images: each file once a client, as a copy without metadata in the storage, until nothing refers to it.

The row is committed before the file is written and says so afterwards, and it is deleted before the file is. So a
process that dies in between leaves a row that the clean-up finds, never a file that nobody knows of.
"""

import threading
from collections.abc import Collection, Sequence
from functools import partial
from io import BytesIO
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from moderation.models import ContentMedia, MediaFile
from reviewengine import conf

# A hostile image may take 300 MB while it is decoded: only one at a time in a process.
_decoding = threading.Lock()
_ENDINGS = {"image/jpeg": "jpg", "image/webp": "webp"}


def media_storage() -> Storage:
    """Where the files lie, as ``images.storage`` says."""
    return storages["media"]


def keep_image(*, client_id: int, data: bytes) -> MediaFile:
    """Decodes an image and keeps its copy; the same file again answers what is there.

    Not to be called in a transaction. Raises ImageFault for what is no usable image; nothing is kept then.
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
    media_storage().save(row.copy_name, ContentFile(copy))
    if row.original_name:
        media_storage().save(row.original_name, ContentFile(original))
    row.stored_at = row.used_at = timezone.now()
    row.save(update_fields=["stored_at", "used_at"])
    return row


def read_copy(file: MediaFile) -> bytes:
    """The bytes of the reviewer's copy. Raises OSError when the storage does not have it."""
    with media_storage().open(file.copy_name) as opened:
        buffer = BytesIO(opened.read())
    return buffer.getvalue()


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
    """Deletes files that nothing refers to and whose rows the caller has locked."""
    MediaFile.objects.filter(pk__in=[file.pk for file in files]).delete()
    names = [name for file in files for name in (file.copy_name, file.original_name) if name]
    transaction.on_commit(partial(_delete_from_storage, names))


def _delete_from_storage(names: Sequence[str]) -> None:
    for name in names:
        media_storage().delete(name)
