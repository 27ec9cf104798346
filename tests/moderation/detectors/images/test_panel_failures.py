"""An image detector that fails makes its category unavailable, and hurts nobody else."""

import threading

from moderation.detectors.base import Detection
from moderation.detectors.images.base import ImageDetector
from moderation.detectors.images.decode import ImageLimits, decode
from moderation.detectors.images.panel import ImagePanel
from tests.images import photo


class Saying(ImageDetector):
    """Answers what it is told to."""

    def __init__(self, name: str, score, categories=("nsfw_image",)) -> None:
        self.name, self.version, self.categories, self.score = name, "1", frozenset(categories), score

    @classmethod
    def build(cls, options):
        raise NotImplementedError

    def detect(self, picture):
        return [Detection("nsfw_image", self.score())]


def report_of(*detectors: ImageDetector, seconds: float = 5.0):
    return ImagePanel([(detector, seconds) for detector in detectors]).detect(decode(photo(), ImageLimits()))


def broken():
    raise RuntimeError("words of the picture")


def test_one_that_raises_is_named_by_its_kind_alone():
    report = report_of(Saying("a", broken))
    assert (report.scores, report.unavailable) == ({}, {"nsfw_image"})
    assert report.failures == {"a": "RuntimeError"}


def test_one_that_hangs_is_given_up():
    stop = threading.Event()
    report = report_of(Saying("a", lambda: stop.wait(30) and 0.0), seconds=0.05)
    stop.set()
    assert report.failures == {"a": "timeout"}
    assert report.unavailable == {"nsfw_image"}


def test_another_detector_covers_for_it():
    report = report_of(Saying("a", broken), Saying("b", lambda: 0.4))
    assert (report.scores, report.unavailable) == ({"nsfw_image": 0.4}, frozenset())
    assert report.failures == {"a": "RuntimeError"}


def test_the_highest_score_counts():
    assert report_of(Saying("a", lambda: 0.9), Saying("b", lambda: 0.4)).scores == {"nsfw_image": 0.9}
