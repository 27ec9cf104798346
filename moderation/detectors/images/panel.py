"""Step 3, all enabled image detectors as one: each looks at a picture in a thread of its own, within its time."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from moderation.detectors.base import Detection
from moderation.detectors.images.base import ImageDetector, ImageReport
from moderation.detectors.images.decode import Picture
from moderation.detectors.worker import DetectorTimeout, DetectorWorker


@dataclass(frozen=True, slots=True)
class _Seat:
    detector: ImageDetector
    timeout_seconds: float
    worker: DetectorWorker


class ImagePanel:
    """The image detectors in force. As at the panel for text, one that raises or hangs makes its categories
    unavailable and nothing else."""

    def __init__(self, seats: Sequence[tuple[ImageDetector, float]]) -> None:
        """Takes pairs of a detector and its timeout in seconds for one picture."""
        self._seats = tuple(_Seat(detector, limit, DetectorWorker(detector.name)) for detector, limit in seats)
        self.versions: Mapping[str, str] = {seat.detector.name: seat.detector.version for seat in self._seats}
        self.categories: frozenset[str] = frozenset().union(*(seat.detector.categories for seat in self._seats))
        # Told the name of a detector and the seconds it took, for every picture it has read.
        self.watch: Callable[[str, float], None] = lambda name, seconds: None

    def detect(self, picture: Picture) -> ImageReport:
        """What every detector says of the picture; of several that see one category, the highest score counts."""
        scores: dict[str, float] = {}
        missed: set[str] = set()
        failures: dict[str, str] = {}
        for seat in self._seats:
            started = time.monotonic()
            reading = _attempt(seat, picture)
            self.watch(seat.detector.name, time.monotonic() - started)
            if isinstance(reading, str):
                failures[seat.detector.name] = reading
                missed |= seat.detector.categories
                continue
            for category, score in _scores(seat.detector, reading):
                scores[category] = max(score, scores.get(category, 0.0))
        return ImageReport(scores, frozenset(missed - scores.keys()), failures)


def _scores(detector: ImageDetector, reading: Sequence[Detection]) -> list[tuple[str, float]]:
    silent = [(category, 0.0) for category in detector.categories]
    return [*silent, *((detection.category, detection.score) for detection in reading)]


def _attempt(seat: _Seat, picture: Picture) -> Sequence[Detection] | str:
    """The detector's answer, or the kind of its failure: a class name, never a message."""
    try:
        return seat.worker.run(lambda: seat.detector.detect(picture), seat.timeout_seconds)
    except DetectorTimeout:
        return "timeout"
    except Exception as error:  # the detector boundary
        return type(error).__name__
