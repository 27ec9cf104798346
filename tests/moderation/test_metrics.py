"""What the steps count, where they really do it."""

import pytest
from prometheus_client import REGISTRY

from moderation import metrics, pipeline
from moderation.detectors.base import DetectionReport
from moderation.leases import claim_batch
from tests import factories

pytestmark = pytest.mark.django_db


def sample(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_decisions_are_counted_once_they_are_committed(platform, django_capture_on_commit_callbacks):
    factories.ContentFactory(client=platform)
    name, labels = "reviewengine_decisions_total", {"outcome": "approve", "source": "policy"}
    before = sample(name, **labels)
    with django_capture_on_commit_callbacks() as callbacks:
        pipeline.moderate(claim_batch())
    assert sample(name, **labels) == before
    for callback in callbacks:
        callback()
    assert sample(name, **labels) == before + 1


def test_every_enabled_detector_is_timed_for_each_batch(platform):
    factories.ContentFactory(client=platform)
    before = sample("reviewengine_detector_seconds_count", detector="text")
    pipeline.moderate(claim_batch())
    assert sample("reviewengine_detector_seconds_count", detector="text") == before + 1


def test_a_detector_that_fails_is_counted_for_every_text_it_did_not_read(platform, panel_that):
    factories.ContentFactory(client=platform)
    factories.ContentFactory(client=platform)
    panel_that(lambda text: DetectionReport(failures={"text": "timeout"}))
    before = sample("reviewengine_detector_failures_total", detector="text", kind="timeout")
    pipeline.judge_batch(claim_batch())
    assert sample("reviewengine_detector_failures_total", detector="text", kind="timeout") == before + 2


def test_deliveries_are_counted_by_result():
    before = sample("reviewengine_webhook_deliveries_total", result="silent")
    metrics.count_deliveries(["silent", "delivered", "silent"])
    assert sample("reviewengine_webhook_deliveries_total", result="silent") == before + 2
