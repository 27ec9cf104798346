"""Undo, release, edit and a second person at one moment, and a worker that is killed: each decision has one fate."""

import os
import signal
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone

from moderation.enums import CaseStatus, HoldStatus, Outcome
from moderation.ingest.store import Submission, submit_content
from moderation.models import AuditEntry, BulkItem, Content, Decision, DecisionHold, ReviewCase, WebhookEvent
from moderation.review import holds
from moderation.review.bulk import start_run, work_off
from moderation.review.claims import claim_next
from moderation.review.holds import confirm, release_due_holds, withdraw
from moderation.review.selection import Selection
from tests import factories
from tests.moderation.review.test_holds import decide
from tests.moderation.review.test_reports_races import at_once

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROUNDS = 8


@pytest.fixture(autouse=True)
def _ten_seconds(review_options):
    review_options(undo_seconds=10)


def held(moderator, **author) -> Decision:
    writer = factories.AuthorFactory(**author)
    content = factories.InReviewContentFactory(author=writer, client=writer.client)
    factories.CaseFactory(content=content)
    factories.EndpointFactory(client=writer.client)
    return decide(claim_next(moderator=moderator), moderator).decision


def release() -> int:
    return release_due_holds(now=timezone.now() + timedelta(minutes=1))


def fate(decision: Decision) -> tuple[str, str, int]:
    """How its hold ended, what its case is, and how many events tell of it."""
    hold = DecisionHold.objects.select_related("case").get(pk=decision.pk)
    events = WebhookEvent.objects.filter(content=decision.content_id).count()
    return hold.status, hold.case.status, events


def test_undo_and_release_at_once_have_one_winner(alice):
    for _ in range(ROUNDS):
        decision = held(alice)
        at_once(lambda: withdraw(decision=decision, person=alice), release)  # noqa: B023 - ends within the round
        release()
        assert fate(decision) in (
            (HoldStatus.WITHDRAWN, CaseStatus.OPEN, 0),
            (HoldStatus.RELEASED, CaseStatus.RESOLVED, 1),
        )
        ReviewCase.objects.filter(status=CaseStatus.OPEN).update(status=CaseStatus.CANCELLED)


def test_two_releasing_workers_release_everything_once(alice):
    decisions = [held(alice) for _ in range(ROUNDS)]
    assert sum(at_once(release, release, release)) + release() == len(decisions)
    assert {fate(decision) for decision in decisions} == {(HoldStatus.RELEASED, CaseStatus.RESOLVED, 1)}
    assert AuditEntry.objects.filter(action="decision.released").count() == len(decisions)


def test_edit_and_release_at_once_leave_no_decision_about_the_old_text_in_force(alice):
    for _ in range(ROUNDS):
        decision = held(alice)
        content = decision.content
        edit = Submission(external_id=content.external_id, text="The soup was cold.")
        at_once(lambda: submit_content(client_id=content.client_id, submission=edit), release)  # noqa: B023
        release()
        content.refresh_from_db()
        assert (content.version, content.decision) == (2, None)
        assert fate(decision)[0] in (HoldStatus.LAPSED, HoldStatus.RELEASED)
        assert fate(decision)[2] == (1 if fate(decision)[0] == HoldStatus.RELEASED else 0)


def test_two_seniors_who_confirm_at_once_confirm_once(alice, senior, lead):
    for _ in range(ROUNDS):
        decision = held(alice, reach=500_000)
        at_once(
            lambda: confirm(decision=decision, person=senior),  # noqa: B023
            lambda: confirm(decision=decision, person=lead),  # noqa: B023
            lambda: withdraw(decision=decision, person=alice),  # noqa: B023
        )
        assert fate(decision) in (
            (HoldStatus.WITHDRAWN, CaseStatus.OPEN, 0),
            (HoldStatus.RELEASED, CaseStatus.RESOLVED, 1),
        )
        ReviewCase.objects.filter(status=CaseStatus.OPEN).update(status=CaseStatus.CANCELLED)


def test_bulk_run_worked_off_twice_at_once_decides_nothing_twice(senior):
    for _ in range(20):
        factories.CaseFactory()
    run = start_run(
        selection=Selection(queue="general"), moderator=senior, outcome=Outcome.APPROVE, reasoning="Harmless"
    )
    at_once(*[lambda: work_off(run_id=run.pk, moderator=senior, size=3)] * 3)
    assert Decision.objects.filter(moderator=senior).count() == 20
    assert BulkItem.objects.exclude(decision=None).count() == 20


def killed_while(act, marker: Path, monkeypatch, place: str) -> None:
    """Runs ``act`` in a process of its own, and kills that at ``place`` of moderation.review.holds, mid-transaction."""
    connections.close_all()  # a connection must not be shared with the child
    child = os.fork()
    if child == 0:
        monkeypatch.setattr(holds, place, lambda **_: (marker.touch(), time.sleep(60)))
        act()
        os._exit(1)
    try:
        until = time.monotonic() + 30
        while not marker.exists():
            assert time.monotonic() < until, "the worker never came that far"
            time.sleep(0.02)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_killed_worker_has_released_nothing_and_the_next_releases_all(alice, tmp_path, monkeypatch):
    decisions = [held(alice) for _ in range(5)]
    killed_while(release, tmp_path / "there", monkeypatch, "answer_reports")
    until = time.monotonic() + 20
    while (done := release()) == 0 and time.monotonic() < until:
        time.sleep(0.1)  # PostgreSQL has to notice that the worker is gone
    assert done == len(decisions)
    assert {fate(decision) for decision in decisions} == {(HoldStatus.RELEASED, CaseStatus.RESOLVED, 1)}
    assert set(Content.objects.values_list("decision", flat=True)) == {Outcome.REJECT}
    assert AuditEntry.objects.filter(action="decision.released").count() == len(decisions)
