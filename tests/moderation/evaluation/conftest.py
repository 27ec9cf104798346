"""A detector that fails on purpose, at a real panel."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import pytest

from moderation.detectors.base import Detection, Detector, Sample, TermListSpec
from moderation.detectors.panel import Panel


class Marker(Detector):
    """Reads nothing into any text, and fails on one that holds "poison"."""

    name = "marker"
    version = "marker-1"
    categories = frozenset({"insult"})

    @classmethod
    def build(cls, options: Mapping[str, Any], term_lists: Sequence[TermListSpec]) -> Self:
        return cls()

    def detect(self, samples: Sequence[Sample]) -> list[list[Detection]]:
        if any("poison" in sample.text for sample in samples):
            raise RuntimeError
        return [[] for _ in samples]


@pytest.fixture
def failing_panel() -> Panel:
    return Panel([(Marker(), 5.0)])
