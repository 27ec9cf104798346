"""What may be sent: files in whatever form they are held, and many objects in lots that one call takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias, TypeVar

from reviewengine_client.writing import encode

if TYPE_CHECKING:
    File: TypeAlias = bytes | bytearray | memoryview | str | PathLike[str] | BinaryIO

T = TypeVar("T")


def bytes_of(file: File) -> bytes:
    """The bytes of a file: given as they are, by its path, or open in binary mode. Raises OSError and TypeError."""
    if isinstance(file, bytes | bytearray | memoryview):
        return bytes(file)
    if isinstance(file, str | PathLike):
        return Path(file).read_bytes()
    read: Any = getattr(file, "read", None)
    data = read() if callable(read) else None
    if isinstance(data, bytes):
        return data
    wanted = "an image is sent as bytes, by its path, or as a file that is open in binary mode"
    raise TypeError(f"{wanted}; this is {type(file).__name__}")


def several(objects: Iterable[T]) -> Iterable[T]:
    """The same. Raises TypeError for one text or one object, which can be iterated too but is not meant so."""
    if isinstance(objects, str | bytes | dict):
        raise TypeError(f"several are sent in a list; this is one {type(objects).__name__}")
    return objects


def lots(objects: Iterable[T], *, most: int, most_bytes: int) -> Iterator[list[T]]:
    """The objects in lots of at most so many, and together of at most so many bytes; one that is larger goes alone."""
    lot: list[T] = []
    size = 0
    for one in objects:
        length = len(encode(one))
        if lot and (len(lot) == most or size + length > most_bytes):
            yield lot
            lot, size = [], 0
        lot.append(one)
        size += length
    if lot:
        yield lot
