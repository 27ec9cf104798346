"""Fixtures of the moderation tests."""

import pytest

from moderation.detectors.base import DetectionReport
from moderation.in_force import detector_panel, forget_standing
from reviewengine import conf


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


@pytest.fixture
def care_options(monkeypatch):
    """``care_options(daily_graphic_cap=2)`` changes how the site cares for its moderators."""

    def use(*, timezone: str = "UTC", **values) -> None:
        review = conf.load().review
        hours = review.business_hours.model_copy(update={"timezone": timezone})
        care = review.care.model_copy(update=values)
        changed = review.model_copy(update={"care": care, "business_hours": hours})
        config = conf.load().model_copy(update={"review": changed})
        monkeypatch.setattr(conf, "load", lambda: config)

    return use


@pytest.fixture
def review_options(monkeypatch):
    """``review_options(undo_seconds=10)`` changes options of the desk."""

    def use(**values) -> None:
        config = conf.load().model_copy(update={"review": conf.load().review.model_copy(update=values)})
        monkeypatch.setattr(conf, "load", lambda: config)

    return use
