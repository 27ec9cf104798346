"""The files of images in their storage, a folder or a bucket; whatever is wrong with either is one kind of error."""

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from reviewengine import conf


class StorageAway(OSError):
    """The storage does not answer, or refuses. The message never quotes an address or a key."""


def media_storage() -> Storage:
    """Where the files lie, as ``images.storage`` says."""
    return storages["media"]


def write_file(name: str, data: bytes) -> None:
    """Writes a file, in place of one of that name. Raises StorageAway."""
    try:
        media_storage().save(name, ContentFile(data))
    except _faults() as error:
        raise StorageAway(f"The storage of images took no file: {type(error).__name__}.") from error


def read_file(name: str) -> bytes:
    """The bytes of a file. Raises FileNotFoundError, and StorageAway when nobody can say whether it is there."""
    try:
        with media_storage().open(name) as opened:
            return bytes(opened.read())
    except FileNotFoundError:
        raise
    except _faults() as error:
        raise StorageAway(f"The storage of images gave no file: {type(error).__name__}.") from error


def delete_file(name: str) -> None:
    """Deletes a file; one that is gone is no error. Raises StorageAway."""
    try:
        media_storage().delete(name)
    except _faults() as error:
        raise StorageAway(f"The storage of images deleted no file: {type(error).__name__}.") from error


def _faults() -> tuple[type[Exception], ...]:
    """What a storage raises. Boto is slow to import, and there already when one of its own errors is on its way."""
    if conf.load().images.storage.kind == "local":
        return (OSError,)
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    return (OSError, Boto3Error, BotoCoreError, ClientError)
