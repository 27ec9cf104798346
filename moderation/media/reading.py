"""Step 3 for the images of a batch: fetch what has only an address, score every picture, ask the hash banks.

What cannot be looked at makes the image categories unavailable, with a code that says why: a person decides then.
"""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from uuid import UUID

from moderation.detectors.base import DetectionReport, Evidence
from moderation.detectors.panel import BudgetExceeded
from moderation.in_force import hash_banks, image_panel
from moderation.media.fetch import FetchFault, fetch_image
from moderation.media.files import StorageAway
from moderation.media.store import keep_image, read_copy
from moderation.models import Content, ContentMedia
from moderation.policy.facts import HASH_BANKS
from reviewengine import conf

FETCHERS = 8
NO_TIME = "no_time"
# Of the time of a batch, when the last image has to be fetched, and when the last is decoded and kept.
_FETCHED, _KEPT = 1 / 2, 5 / 6
_GRACE_SECONDS = 0.5
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
        self.failures |= {IMAGES: fault, HASH_BANKS: "no image"}


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
    for row, answer in zip(missing, _answers([row.source_url for row in missing], fetched), strict=True):
        if isinstance(answer, bytes) and time.monotonic() > kept:
            answer = NO_TIME
        row.fault = answer if isinstance(answer, str) else _kept(row, clients[row.content_id], answer)


def _answers(urls: Sequence[str], until: float) -> list[bytes | str]:
    """For each address, in order, its bytes or a code. A name server that hangs is not waited for."""
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


def _kept(row: ContentMedia, client_id: int, data: bytes) -> str:
    """Keeps the file of an image that was fetched, whatever becomes of this batch; answers the fault, if any."""
    from moderation.detectors.images.faults import ImageFault

    try:
        row.file = keep_image(client_id=client_id, data=data)
    except ImageFault as fault:
        return fault.code
    except StorageAway:
        return "storage_away"
    ContentMedia.objects.filter(pk=row.pk).update(file=row.file)
    return ""


def _read(row: ContentMedia, read: ImagesRead) -> None:
    """Scores one image and asks the banks for it."""
    from moderation.detectors.images.decode import ImageLimits, decode
    from moderation.detectors.images.faults import ImageFault
    from moderation.detectors.images.hash_banks import apply_hits

    panel = image_panel()
    read.media.append(row)
    if row.file is None or row.fault == NO_TIME:
        read.miss(row.fault, panel.categories)
        return
    try:
        # Our own copy, which is small; the limits of what comes in do not concern it.
        picture = decode(read_copy(row.file), ImageLimits(max_bytes=2**40, sampled_frames=64))
    except (ImageFault, OSError) as error:
        row.fault = "storage_away" if isinstance(error, StorageAway) else "copy_lost"
        read.miss(row.fault, panel.categories)
        return
    report = panel.detect(picture)
    hits = hash_banks().hits(sha256=row.file.sha256, perceptual=row.file.perceptual_hash)
    row.scores = {name: round(score, 4) for name, score in apply_hits(report.scores, hits).items()}
    row.hits = [
        {"bank": hit.bank, "action": hit.action, "category": hit.category, "distance": hit.distance} for hit in hits
    ]
    read.add(row.scores)
    # A picture that a bank knows needs no detector: what it was to find is said already.
    read.unavailable |= report.unavailable - row.scores.keys()
    read.failures |= report.failures
    read.evidence |= {Evidence(hit.category, 0, 0, HASH_BANKS, f"{hit.action}:{hit.bank}"): None for hit in hits}
