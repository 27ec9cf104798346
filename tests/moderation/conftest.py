"""Fixtures of the moderation tests."""

import pytest

from moderation.detectors.base import DetectionReport
from moderation.in_force import detector_panel, forget_standing


@pytest.fixture(autouse=True)
def _fresh_standing():
    """What one test has put in force, the next one has not."""
    forget_standing()


@pytest.fixture
def panel_that(monkeypatch):
    """Replaces what the panel answers: ``panel_that(lambda text: report or exception)``."""

    def use(answer) -> None:
        def detect(self, texts, languages=None, budget_seconds=None) -> list[DetectionReport]:
            return [answer(text) for text in texts]

        monkeypatch.setattr(type(detector_panel()), "detect", detect)

    return use
