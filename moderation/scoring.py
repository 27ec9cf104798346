"""The stateless door behind the doors: texts and images in, scores and a verdict out, and nothing stored.

A web process answers with what was in force at most a second ago, reads the texts of all its threads in common
batches, and refuses (Busy) what it could not begin in time, instead of letting calls pile up.
"""

import contextlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NoReturn

from moderation import metrics
from moderation.detectors.base import DetectionReport
from moderation.detectors.micro_batches import Busy, MicroBatches
from moderation.in_force import recently_in_force
from moderation.judgement import policy_of
from moderation.media.reading import with_images
from moderation.media.unstored import PreparedImage, read_unstored
from moderation.media.unstored import prepare_image as decode_image
from moderation.policy.engine import evaluate
from moderation.policy.verdict import Verdict
from moderation.text_facts import facts_of
from reviewengine import conf

__all__ = [
    "Busy",
    "PreparedImage",
    "Scored",
    "prepare_image",
    "read_texts",
    "score_item",
    "score_texts",
    "seat_for_long_work",
    "warm_up",
]

PIXELS_OF_A_CALL = 2  # times images.max_pixels; the frames of an animation that are looked at count each


@dataclass(frozen=True, slots=True)
class Scored:
    """What the detectors say of one item, and what the policy makes of it; ``policy`` names it: ``default@3``.

    ``text_scores`` and ``image_scores`` tell what was read where; ``report`` has the higher of both.
    """

    report: DetectionReport
    verdict: Verdict
    policy: str
    text_scores: Mapping[str, float]
    image_scores: Mapping[str, float]


def read_texts(texts: Sequence[str], languages: Sequence[str]) -> list[DetectionReport]:
    """Each text read by every detector, for a door that asks no policy. ``languages`` as in ``score_texts``.

    Raises Busy when other calls keep the detectors for too long.
    """
    panel = recently_in_force().panel
    if panel.asks_elsewhere:  # a batch in common would keep everybody waiting for somebody else's answer
        reports = panel.detect(texts, languages)
    else:
        reports = _batches().reports(texts, languages, wait_seconds=conf.load().api.score_wait_seconds)
    metrics.count_detector_failures(report.failures for report in reports)
    return reports


def score_texts(
    texts: Sequence[str],
    *,
    client_id: int | None,
    languages: Sequence[str] | None = None,
    policy_id: int | None = None,
) -> list[Scored]:
    """Each text read by every detector and judged by the policy asked for, else the client's own, else the default.

    ``languages`` are what the caller declares, one BCP 47 tag a text, empty for none. Raises Busy when other calls
    keep the detectors for too long.
    """
    tags = languages if languages is not None else [""] * len(texts)
    reports = read_texts(texts, tags)
    return [
        _scored(report, report.scores, {}, text=text, language=tag, client_id=client_id, policy_id=policy_id)
        for text, tag, report in zip(texts, tags, reports, strict=True)
    ]


def score_item(
    text: str,
    images: Sequence[PreparedImage] = (),
    image_urls: Sequence[str] = (),
    *,
    client_id: int | None,
    language: str = "",
    policy_id: int | None = None,
) -> Scored:
    """One text and the images beside it, judged together. ``image_urls`` are fetched under the outbound guard.

    What cannot be fetched is unavailable, and the policy sends the item to a person where it needed the reading.
    Raises Busy when other calls keep the detectors for too long, or as ``seat_for_long_work``.
    """
    if not images and not image_urls:
        return score_texts([text], client_id=client_id, languages=[language], policy_id=policy_id)[0]
    with seat_for_long_work():
        (report,) = read_texts([text], [language])
        read = read_unstored(images, image_urls, seconds=conf.load().images.fetch.timeout_seconds)
    metrics.count_detector_failures([read.failures])
    whole = with_images(report, read)
    return _scored(
        whole, report.scores, read.scores, text=text, language=language, client_id=client_id, policy_id=policy_id
    )


def warm_up() -> None:
    """Loads the models, so that the first call does not wait for them."""
    recently_in_force().panel.warm_up()


def _scored(
    report: DetectionReport,
    text_scores: Mapping[str, float],
    image_scores: Mapping[str, float],
    *,
    text: str,
    language: str,
    client_id: int | None,
    policy_id: int | None,
) -> Scored:
    standing = recently_in_force()
    own = None if client_id is None else standing.policy_of_client(client_id)
    policy = policy_of(standing.policies, policy_id, own)
    verdict = evaluate(policy.rules, facts_of(report, text=text, language=language))
    return Scored(report, verdict, policy.label, text_scores, image_scores)


_starting = threading.Lock()


def _batches() -> MicroBatches:
    """One for the process. The first callers wait for the models, however long they take; nobody is Busy for that."""
    with _starting:
        return _batches_of_warm_panel()


@cache
def _batches_of_warm_panel() -> MicroBatches:
    warm_up()
    return MicroBatches(lambda texts, languages: recently_in_force().panel.detect(texts, languages))


@cache
def _seats() -> threading.BoundedSemaphore:
    """At most half of a process's threads do what may take seconds, the others stay free."""
    return threading.BoundedSemaphore(max(1, conf.load().web.threads // 2))


class _Seated(threading.local):
    """Whether this thread has a seat, and how many pixels its call may still bring."""

    pixels: int | None = None


_seated = _Seated()


# What sends many images sends them side by side, and an image of every day is decoded long before this.
SECONDS_FOR_A_SEAT = 1.0


@contextlib.contextmanager
def seat_for_long_work(wanted: object = True, *, wait_seconds: float = 0) -> Iterator[None]:
    """To be taken before images are decoded, fetched or scored, and before other work that may take seconds.

    Within one seat another one costs nothing; nothing ``wanted`` (false or empty) takes none. Raises Busy when half of
    the process's threads sit already, and for ``wait_seconds``: for a call that waits, a temporary refusal is better
    than threads that are gone.
    """
    if not wanted or _seated.pixels is not None:
        yield
        return
    seats = _seats()
    if not seats.acquire(timeout=wait_seconds):
        raise Busy
    _seated.pixels = PIXELS_OF_A_CALL * conf.load().images.max_pixels
    try:
        yield
    finally:
        _seated.pixels = None
        seats.release()


def prepare_image(data: bytes) -> PreparedImage:
    """Decodes the bytes of an image of a call, on a seat.

    Raises ImageFault for what is no usable image, or when the call's images before it had all the pixels that a call
    may bring, and Busy as ``seat_for_long_work``.
    """
    with seat_for_long_work():
        if _seated.pixels is None or _seated.pixels <= 0:
            _refuse_pixels()
        image = decode_image(data)
        _seated.pixels -= image.picture.width * image.picture.height * len(image.picture.frames)
        return image


def _refuse_pixels() -> NoReturn:
    from moderation.detectors.images.faults import ImageFault

    most = PIXELS_OF_A_CALL * conf.load().images.max_pixels
    raise ImageFault("too_many_pixels", f"The images before it have the {most} pixels that one call may bring.")
