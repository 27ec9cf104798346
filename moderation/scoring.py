"""The stateless door behind the doors: texts and images in, scores and a verdict out, and nothing stored.

A web process answers with what was in force at most a second ago, reads the texts of all its threads in common
batches, and refuses (Busy) what it could not begin in time, instead of letting calls pile up.
"""

import contextlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from moderation import metrics
from moderation.detectors.base import DetectionReport
from moderation.detectors.micro_batches import Busy, MicroBatches
from moderation.in_force import recently_in_force
from moderation.judgement import facts_of, policy_of
from moderation.media.reading import with_images
from moderation.media.unstored import PreparedImage, prepare_image, read_unstored
from moderation.policy.engine import evaluate
from moderation.policy.verdict import Verdict
from reviewengine import conf

__all__ = ["Busy", "PreparedImage", "Scored", "prepare_image", "read_texts", "score_item", "score_texts", "warm_up"]


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
    Raises Busy when other calls keep the detectors, or the threads that may look at images, for too long.
    """
    if not images and not image_urls:
        return score_texts([text], client_id=client_id, languages=[language], policy_id=policy_id)[0]
    with _room_for_images():
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
def _image_seats() -> threading.BoundedSemaphore:
    """Addresses are fetched while a thread waits: at most half of a process's threads may, the others stay free."""
    return threading.BoundedSemaphore(max(1, conf.load().web.threads // 2))


@contextlib.contextmanager
def _room_for_images() -> Iterator[None]:
    seats = _image_seats()
    if not seats.acquire(blocking=False):
        raise Busy
    try:
        yield
    finally:
        seats.release()
