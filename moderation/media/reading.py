"""Step 3 for the images of a batch: fetch what has only an address, score every picture, ask the hash banks.

What cannot be looked at makes the image categories unavailable, with a code that says why: a person decides then.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import Error as DatabaseError

from moderation.detectors.base import DetectionReport, Evidence
from moderation.detectors.panel import BudgetExceeded
from moderation.in_force import hash_banks, image_panel
from moderation.media.fetch import FetchFault, fetch_image
from moderation.media.files import StorageAway
from moderation.media.store import keep_image, read_copy
from moderation.models import Content, ContentMedia, MediaFile
from moderation.policy.facts import HASH_BANKS
from reviewengine import conf

if TYPE_CHECKING:
    from moderation.detectors.images.decode import Picture
    from moderation.detectors.images.hash_banks import BankHit

logger = logging.getLogger(__name__)
FETCHERS = 8
NO_TIME = "no_time"
# Of the time of a batch, when the last image has to be fetched, and when the last is decoded and kept.
_FETCHED, _KEPT = 1 / 2, 5 / 6
_GRACE_SECONDS = 0.5
_LONGEST_FAULT = 40
IMAGES = "images"  # among a result's failures: what was wrong with the images themselves


@dataclass(slots=True)
class ImagesRead:
    """What the images of one content came to. ``media`` carries what was read in each, not saved yet."""

    media: list[ContentMedia] = field(default_factory=list)
    scores: dict[str, float] = field(default_factory=dict)
    unavailable: set[str] = field(default_factory=set)
    evidence: dict[Evidence, None] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    def add(self, scores: Mapping[str, float]) -> None:
        """The highest score of all images counts."""
        for category, score in scores.items():
            self.scores[category] = max(score, self.scores.get(category, 0.0))

    def miss(self, fault: str, categories: frozenset[str]) -> None:
        """An image that nobody could look at."""
        self.unavailable |= categories
        self.failures[IMAGES] = fault
        if hash_banks():
            self.failures[HASH_BANKS] = "no image"


def read_images(contents: Sequence[Content]) -> dict[UUID, ImagesRead]:
    """Reads the images of those contents that have some, by content. Files that are fetched are kept at once.

    It takes ``images.batch_seconds``, and at most one image longer. Raises BudgetExceeded when several contents have
    not been read by then: what was kept is kept, and the next attempt goes on from there. Of a content that stands
    alone, what is left has the fault ``no_time``.
    """
    versions = {content.pk: content.version for content in contents if content.image_count}
    if not versions:
        return {}
    clients = {content.pk: content.client_id for content in contents}
    rows = ContentMedia.objects.filter(content__in=list(versions)).select_related("file").order_by("position")
    media = [row for row in rows if row.content_version == versions[row.content_id]]
    seconds = conf.load().images.batch_seconds
    started = time.monotonic()
    _fetch(media, clients, started + seconds * _FETCHED, started + seconds * _KEPT)
    read = {content_id: ImagesRead() for content_id in versions}
    for row in media:
        if time.monotonic() > started + seconds:
            row.fault = NO_TIME
        if row.fault == NO_TIME and len(versions) > 1:
            raise BudgetExceeded
        _read(row, read[row.content_id])
    return read


def with_images(report: DetectionReport, read: ImagesRead | None) -> DetectionReport:
    """What was read in a text and in the images beside it, as one: for each category the highest score."""
    if read is None:
        return report
    scores = dict(report.scores)
    for category, score in read.scores.items():
        scores[category] = max(score, scores.get(category, 0.0))
    unavailable = report.unavailable | read.unavailable
    return replace(
        report,
        scores=scores,
        evidence=(*read.evidence, *report.evidence),
        unavailable=unavailable,
        not_covered=tuple(name for name in report.not_covered if name not in scores and name not in unavailable),
        versions={**report.versions, **image_panel().versions},
        failures={**report.failures, **read.failures},
    )


def _fetch(media: Sequence[ContentMedia], clients: Mapping[UUID, int], fetched: float, kept: float) -> None:
    """Gives each image that has only an address its file, or the code of what went wrong."""
    missing = [row for row in media if row.file is None]
    for row, answer in zip(missing, fetch_all([row.source_url for row in missing], fetched), strict=True):
        if isinstance(answer, bytes) and time.monotonic() > kept:
            answer = NO_TIME
        row.fault = answer if isinstance(answer, str) else _kept(row, clients[row.content_id], answer)


def fetch_all(urls: Sequence[str], until: float) -> list[bytes | str]:
    """For each address, in order, its bytes or a code. A name server that hangs is not waited for.

    ``until`` is a time of time.monotonic().
    """
    if not urls:
        return []
    fetchers = ThreadPoolExecutor(min(FETCHERS, len(urls)), thread_name_prefix="image")
    futures = [fetchers.submit(_one, url, until) for url in urls]
    done = wait(futures, timeout=max(0.0, until - time.monotonic()) + _GRACE_SECONDS).done
    fetchers.shutdown(wait=False, cancel_futures=True)
    return [future.result() if future in done else NO_TIME for future in futures]


def _one(url: str, until: float) -> bytes | str:
    """Runs in a thread of its own and touches no database."""
    own = time.monotonic() + conf.load().images.fetch.timeout_seconds
    if time.monotonic() > until:
        return NO_TIME
    try:
        return fetch_image(url, until=min(until, own))
    except FetchFault as fault:
        return NO_TIME if fault.code == "too_slow" and until < own else fault.code
    except Exception as error:  # whatever a stranger's server sends: the content's text must be judged all the same
        return _unexpected(error)


def _unexpected(error: Exception) -> str:
    """The fault of an image that broke us, by the error's class alone."""
    name = type(error).__name__[:_LONGEST_FAULT]
    logger.error("image.failed", extra={"error": name})
    return name


def _kept(row: ContentMedia, client_id: int, data: bytes) -> str:
    """Keeps the file of an image that was fetched, whatever becomes of this batch; answers the fault, if any."""
    from moderation.detectors.images.faults import ImageFault

    try:
        row.file = keep_image(client_id=client_id, data=data)
    except ImageFault as fault:
        return fault.code
    except StorageAway:
        return "storage_away"
    except DatabaseError:
        raise
    except Exception as error:  # as above: one image, not the content
        return _unexpected(error)
    ContentMedia.objects.filter(pk=row.pk).update(file=row.file)
    return ""


def _read(row: ContentMedia, read: ImagesRead) -> None:
    """Scores one image and asks the banks for it; whatever goes wrong is the image's fault."""
    categories = image_panel().categories
    read.media.append(row)
    if row.file is None or row.fault == NO_TIME:
        read.miss(row.fault, categories)
        return
    try:
        _look(row, row.file, read)
    except DatabaseError:
        raise
    except Exception as error:  # the boundary to the images: the content's text must be judged all the same
        row.fault = _fault_of_copy(error)
        read.miss(row.fault, categories)


def _fault_of_copy(error: Exception) -> str:
    from moderation.detectors.images.faults import ImageFault

    if isinstance(error, StorageAway):
        return "storage_away"
    return "copy_lost" if isinstance(error, (ImageFault, OSError)) else _unexpected(error)


def _look(row: ContentMedia, file: MediaFile, read: ImagesRead) -> None:
    from moderation.detectors.images.decode import ImageLimits, decode

    # Our own copy, which is small; the limits of what comes in do not concern it.
    limits = ImageLimits(max_bytes=2**40, max_pixels=2**40, max_animation_pixels=2**40, sampled_frames=64)
    picture = decode(read_copy(file), limits)
    row.scores, hits = look_at(picture, read, sha256=file.sha256, perceptual_hash=file.perceptual_hash)
    row.hits = [
        {"bank": hit.bank, "action": hit.action, "category": hit.category, "distance": hit.distance} for hit in hits
    ]


def look_at(
    picture: "Picture", read: ImagesRead, *, sha256: str, perceptual_hash: str
) -> tuple[dict[str, float], "list[BankHit]"]:
    """Scores one picture, asks the banks for it, and enters both in ``read``; answers them for this picture alone."""
    from moderation.detectors.images.hash_banks import apply_hits

    report = image_panel().detect(picture)
    hits = hash_banks().hits(sha256=sha256, perceptual=perceptual_hash)
    scores = {name: round(score, 4) for name, score in apply_hits(report.scores, hits).items()}
    read.add(scores)
    # A picture that a bank knows needs no detector: what it was to find is said already.
    read.unavailable |= report.unavailable - scores.keys()
    read.failures |= report.failures
    read.evidence |= {Evidence(hit.category, 0, 0, HASH_BANKS, f"{hit.action}:{hit.bank}"): None for hit in hits}
    return scores, hits
