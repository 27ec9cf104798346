"""A clean-up beside others: what they hold is left for the next run, and a run that dies loses nothing."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from moderation import retention
from moderation.enums import ContentStatus, Outcome
from moderation.models import AuditEntry, Content
from reviewengine import conf
from reviewengine.sections import Retention
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch):
    changed = conf.load().model_copy(update={"retention": Retention(batch_size=2)})
    monkeypatch.setattr(conf, "load", lambda: changed)


@pytest.fixture
def old_contents() -> list[Content]:
    moment = timezone.now() - timedelta(days=400)
    state = {"status": ContentStatus.DECIDED, "decision": Outcome.APPROVE, "decided_at": moment}
    return [factories.ContentFactory(**state) for _ in range(5)]


def test_a_row_that_somebody_holds_is_left_for_the_next_run(old_contents):
    def elsewhere() -> None:
        try:
            retention.clean_up()
        finally:
            connection.close()

    with transaction.atomic():
        Content.objects.select_for_update().get(pk=old_contents[0].pk)
        other = Thread(target=elsewhere)
        other.start()
        other.join()
    assert list(Content.objects.filter(erased_at=None)) == [old_contents[0]]
    assert sum(retention.clean_up().counts.values()) == 1


def test_two_at_once_erase_each_row_once(old_contents):
    def run() -> None:
        try:
            retention.clean_up()
        finally:
            connection.close()

    both = [Thread(target=run), Thread(target=run)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    retention.clean_up()
    assert AuditEntry.objects.filter(action="content.erased").count() == 5


def test_a_run_that_dies_keeps_the_batches_it_finished(old_contents, monkeypatch):
    real, calls = retention.cancel_cases, []

    def dies_in_the_second_batch(**arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(**arguments)

    monkeypatch.setattr(retention, "cancel_cases", dies_in_the_second_batch)
    with pytest.raises(KeyboardInterrupt):
        retention.clean_up()
    assert Content.objects.exclude(erased_at=None).count() == 2
    assert sum(retention.clean_up().counts.values()) == 3
