"""The stateless door behind the doors: texts and images in, scores and a verdict out, and nothing stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from moderation import metrics
from moderation.detectors.base import DetectionReport
from moderation.in_force import active_policies, detector_panel
from moderation.judgement import facts_of, policy_of
from moderation.media.reading import with_images
from moderation.media.unstored import PreparedImage, prepare_image, read_unstored
from moderation.models import ApiClient
from moderation.policy.engine import evaluate
from moderation.policy.verdict import Verdict
from reviewengine import conf

__all__ = ["PreparedImage", "Scored", "prepare_image", "read_texts", "score_item", "score_texts"]


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
    """Each text read by every detector, for a door that asks no policy. ``languages`` as in ``score_texts``."""
    reports = detector_panel().detect(texts, languages)
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

    ``languages`` are what the caller declares, one BCP 47 tag a text, empty for none.
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
    """
    (report,) = detector_panel().detect([text], [language])
    read = read_unstored(images, image_urls, seconds=conf.load().images.fetch.timeout_seconds)
    whole = with_images(report, read) if images or image_urls else report
    metrics.count_detector_failures([whole.failures])
    return _scored(
        whole, report.scores, read.scores, text=text, language=language, client_id=client_id, policy_id=policy_id
    )


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
    policy = policy_of(active_policies(), policy_id, _policy_of_client(client_id))
    verdict = evaluate(policy.rules, facts_of(report, text=text, language=language))
    return Scored(report, verdict, policy.label, text_scores, image_scores)


def _policy_of_client(client_id: int | None) -> int | None:
    if client_id is None:
        return None
    return ApiClient.objects.filter(pk=client_id).values_list("policy", flat=True).first()
