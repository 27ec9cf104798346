"""What breaks goes to a person: poison, dead workers, detectors that fail."""

import threading
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from moderation.detectors.base import DetectionReport
from moderation.enums import Category
from moderation.leases import claim_batch
from moderation.models import Content, Decision, ModerationResult, ReviewCase
from moderation.pipeline import drain, judge_batch, moderate, settle, sweep
from tests.factories import ContentFactory

pytestmark = pytest.mark.django_db
CLEAN = DetectionReport(not_covered=tuple(Category.values))


def poisonous(text: str) -> DetectionReport:
    if text == "poison":
        raise ValueError("it cannot be read")
    return CLEAN


def test_a_poisonous_item_does_not_spoil_its_neighbours(panel_that):
    panel_that(poisonous)
    ContentFactory.create_batch(20)
    poison = ContentFactory(text="poison")
    drain()
    assert Decision.objects.count() == 21
    assert Content.objects.filter(status="in_review").get() == poison
    result = poison.results.get()
    assert (result.rule, result.failures) == ("moderation_failed", {"pipeline": "ValueError"})
    assert ReviewCase.objects.get().content == poison


def test_a_poisonous_item_is_tried_five_times(panel_that):
    panel_that(poisonous)
    poison = ContentFactory(text="poison")
    drain()
    poison.refresh_from_db()
    assert poison.attempts == 5


def test_a_detector_that_is_down_sends_to_a_person_and_never_approves(panel_that):
    down = DetectionReport(unavailable=frozenset({"toxicity"}), failures={"text": "timeout"})
    panel_that(lambda text: down)
    content = ContentFactory()
    drain()
    result = content.results.get()
    assert (result.outcome, result.failures) == ("review", {"text": "timeout"})
    assert "reading_unavailable" in {reason["code"] for reason in result.reasons}


def test_a_detector_that_crashes_sends_to_a_person(monkeypatch):
    from moderation.detectors.text.detector import TextDetector

    monkeypatch.setattr(TextDetector, "detect", lambda self, samples: 1 / 0)
    content = ContentFactory()
    drain()
    assert content.results.get().failures == {"text": "ZeroDivisionError"}
    assert ReviewCase.objects.get().content == content


def test_a_detector_that_hangs_sends_to_a_person(monkeypatch):
    from moderation import in_force
    from moderation.detectors.registry import build_panel
    from moderation.detectors.text.detector import TextDetector

    let_go = threading.Event()
    monkeypatch.setattr(TextDetector, "detect", lambda self, samples: let_go.wait(30))
    panel = build_panel({"text": {"timeout_seconds": 0.2}})
    monkeypatch.setattr(in_force, "_panel", lambda *state: panel)
    content = ContentFactory()
    drain()
    let_go.set()
    assert content.results.get().failures == {"text": "timeout"}
    assert ReviewCase.objects.get().content == content


def test_what_a_dead_worker_held_is_taken_over_when_its_lease_runs_out():
    content = ContentFactory()
    claim_batch()
    assert sweep() is False
    Content.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    assert sweep() is True
    drain()
    content.refresh_from_db()
    assert (content.status, content.attempts) == ("decided", 2)


def test_a_worker_that_comes_back_late_changes_nothing():
    ContentFactory()
    batch = claim_batch()
    judgements = judge_batch(batch)
    Content.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    sweep()
    drain()
    settle(batch, judgements)
    assert (Decision.objects.count(), ModerationResult.objects.count()) == (1, 1)


def test_an_edit_while_it_is_processed_wins(api_edit):
    ContentFactory(external_id="post-1")
    batch = claim_batch()
    api_edit(batch[0], "Another soup.")
    moderate(batch)
    assert not Decision.objects.exists()
    drain()
    assert Decision.objects.get().content_version == 2


@pytest.fixture
def api_edit():
    from moderation.ingest.store import Submission, submit_content

    def edit(content: Content, text: str) -> None:
        submit_content(client_id=content.client_id, submission=Submission(content.external_id, text))

    return edit


def test_an_item_that_no_worker_survives_goes_to_a_person():
    content = ContentFactory(attempts=5)
    drain()
    content.refresh_from_db()
    assert content.status == "pending"
    sweep()
    content.refresh_from_db()
    assert content.status == "in_review"
    assert content.results.get().failures == {"pipeline": "worker lost"}


def test_suspects_are_processed_alone_and_last(panel_that):
    seen = []
    panel_that(lambda text: seen.append(text) or CLEAN)
    ContentFactory(text="suspect", attempts=3)
    ContentFactory.create_batch(3, text="fresh")
    drain()
    assert seen == ["fresh", "fresh", "fresh", "suspect"]


def test_two_workers_never_share_a_row():
    ContentFactory.create_batch(3)
    Content.objects.update(attempts=F("attempts"))
    assert len(claim_batch()) == 3
    assert claim_batch() == []
