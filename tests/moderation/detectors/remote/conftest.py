"""The stand-in service, and a panel whose local detector leaves a doubt."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Self

import pytest

from moderation.detectors.base import Detection, Detector, Sample, TermListSpec
from moderation.detectors.panel import Panel
from moderation.detectors.remote.detector import RemoteDetector
from tests.moderation.detectors.remote.stand_in import Server


class Local(Detector):
    """Reads English; scores hate and harassment by the number that the text begins with, in percent."""

    name = "local"
    version = "local-1"
    categories = frozenset({"hate", "harassment"})
    languages = frozenset({"en"})

    @classmethod
    def build(cls, options: Mapping[str, Any], term_lists: Sequence[TermListSpec]) -> Self:
        return cls()

    def detect(self, samples: Sequence[Sample]) -> list[list[Detection]]:
        return [self._read(sample.text) for sample in samples]

    def _read(self, text: str) -> list[Detection]:
        first = text.split()[0]
        if first == "crash":
            raise ZeroDivisionError
        return [Detection("hate", int(first) / 100)] if first.isdigit() else []


@pytest.fixture
def service() -> Iterator[Server]:
    """The service, up and well."""
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def remote(service) -> Callable[..., RemoteDetector]:
    """The detector that asks the service, with the options given."""

    def build(**options: Any) -> RemoteDetector:
        return RemoteDetector.build({"base_url": service.url, "categories": ["hate", "illicit"], **options}, ())

    return build


@pytest.fixture
def beside_local() -> Callable[..., Panel]:
    """A panel of the local detector and the remote one, given its detector and a time for the batch."""
    return lambda detector, seconds=5.0: Panel([(detector, seconds), (Local(), 5.0)])
