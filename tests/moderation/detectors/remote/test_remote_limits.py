"""What keeps requests few: memory, circuit breaker, pauses, the day's budget. And the key stays secret."""

import logging
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from moderation.detectors.panel import Panel
from moderation.detectors.remote.breaker import Breaker
from moderation.detectors.remote.budget import SHARES, DayBudget
from moderation.detectors.remote.client import _seconds
from moderation.detectors.remote.memory import Memory, key_of
from tests.moderation.detectors.remote import stand_in

FAILS = stand_in.sends(b"", 500)


def asks(panel, number):
    """What comes of a text in doubt that was never seen before."""
    return panel.detect([f"50 text number {number}"])[0].failures.get("remote", "read")


def test_the_same_text_is_asked_about_once(service, remote, beside_local):
    service.behaviour = stand_in.says(hate=0.9, illicit=0.0)
    panel = beside_local(remote())
    assert [panel.detect(["50 of a chain letter"])[0].scores["hate"] for _ in range(3)] == [0.9] * 3
    assert len(service.asked) == 1


def test_a_failure_is_not_remembered(service, remote, beside_local):
    service.behaviour = FAILS
    panel = beside_local(remote())
    panel.detect(["50 of a chain letter"])
    service.behaviour = stand_in.says(hate=0.9, illicit=0.0)
    assert panel.detect(["50 of a chain letter"])[0].scores["hate"] == 0.9


def test_the_memory_forgets_the_one_not_needed_for_longest():
    memory = Memory(entries=2, seconds=60)
    memory.keep(b"a", {"hate": 0.1})
    memory.keep(b"b", {"hate": 0.2})
    memory.recall(b"a")
    memory.keep(b"c", {"hate": 0.3})
    assert [memory.recall(key) for key in (b"a", b"b", b"c")] == [{"hate": 0.1}, None, {"hate": 0.3}]


def test_the_memory_forgets_with_time():
    memory = Memory(entries=2, seconds=0.01)
    memory.keep(b"a", {"hate": 0.1})
    time.sleep(0.02)
    assert memory.recall(b"a") is None


def test_kind_model_and_text_make_the_key():
    keys = {
        key_of("chat", "m", "x"),
        key_of("moderations", "m", "x"),
        key_of("chat", "n", "x"),
        key_of("chat", "m", "y"),
    }
    assert len(keys) == 4
    assert len(key_of("chat", "m", "\ud800")) == 32


def test_the_circuit_opens_after_failures_in_a_row_and_is_told_once(service, remote, beside_local, caplog):
    detector, shown = remote(failures_to_open=2), []
    detector.show_circuit = shown.append
    panel = beside_local(detector)
    asks(panel, 0)
    service.behaviour = FAILS
    with caplog.at_level(logging.WARNING):
        assert [asks(panel, number) for number in range(1, 6)] == ["status_500"] * 2 + ["circuit_open"] * 3
    assert (len(service.asked), shown) == (3, [True])
    assert [record.message for record in caplog.records] == ["detector.circuit_opened"]


def test_after_a_rest_one_request_tries_and_closes_it(service, remote, beside_local):
    detector, shown = remote(failures_to_open=1, rest_seconds=0.2), []
    detector.show_circuit = shown.append
    service.behaviour = FAILS
    panel = beside_local(detector)
    assert asks(panel, 1) == "status_500"
    time.sleep(0.25)
    service.behaviour = stand_in.says(hate=0.9, illicit=0.0)
    assert [asks(panel, 2), asks(panel, 3), shown] == ["read", "read", [True, False]]


def test_of_many_only_one_tries():
    breaker = Breaker(failures=1, rest_seconds=0.05, on_change=lambda is_open: None)
    breaker.failed()
    time.sleep(0.06)
    assert [breaker.admits() for _ in range(3)] == [True, False, False]
    breaker.failed()
    assert (breaker.admits(), breaker.is_open) == (False, True)


def test_a_success_between_failures_keeps_it_closed():
    changes = []
    breaker = Breaker(failures=2, rest_seconds=60, on_change=changes.append)
    for told in (breaker.failed, breaker.succeeded, breaker.failed):
        told()
    assert (breaker.admits(), changes) == (True, [])


def test_a_pause_that_the_service_names_is_kept(service, remote, beside_local):
    service.behaviour = stand_in.sends(b"", 429, Retry_After="60")
    panel = beside_local(remote())
    assert [asks(panel, number) for number in range(3)] == ["rate_limited"] * 3
    assert len(service.asked) == 1


def test_busy_without_a_pause_counts_as_a_failure(service, remote, beside_local):
    service.behaviour = stand_in.sends(b"", 429)
    panel = beside_local(remote(failures_to_open=2))
    assert [asks(panel, number) for number in range(3)] == ["rate_limited", "rate_limited", "circuit_open"]


def test_a_pause_lasts_an_hour_at_most(monkeypatch):
    breaker = Breaker(failures=1, rest_seconds=1, on_change=lambda is_open: None)
    breaker.told_to_wait(10**9)
    assert breaker.admits() is False
    later = time.monotonic() + 3601
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert breaker.admits() is True


@pytest.mark.parametrize(("value", "seconds"), [("7", 7.0), (" 7 ", 7.0), ("soon", None), ("-1", None), ("", None)])
def test_retry_after_is_read(value, seconds):
    assert _seconds(value) == seconds


def test_retry_after_may_be_a_date():
    moment = datetime.now(UTC) + timedelta(seconds=90)
    assert 60 < _seconds(format_datetime(moment, usegmt=True)) <= 90


def test_a_spent_budget_leaves_doubts_to_the_local_detector(service, remote, beside_local):
    detector, results = remote(daily_requests=SHARES * 2), []
    detector.count_opinion = results.append
    panel = beside_local(detector)
    reports = [panel.detect([f"50 text number {number}"])[0] for number in range(3)]
    assert [report.failures for report in reports] == [{}] * 3
    assert ["remote" in report.versions for report in reports] == [True, True, False]
    assert "illicit" in reports[2].not_covered
    assert (results, len(service.asked)) == (["read", "read", "budget_spent"], 2)


def test_a_spent_budget_sends_what_nobody_reads_here_to_a_person(service, remote, beside_local):
    detector = remote(daily_requests=1)
    detector.share_budget(lambda day: 2)
    (report,) = beside_local(detector).detect(["Ich habe gestern einen Kuchen gebacken, aber der Ofen war zu heiß."])
    assert (report.failures, report.unavailable) == ({"remote": "budget_spent"}, {"hate", "illicit"})
    assert service.asked == []


def test_the_budget_is_counted_with_others_and_known_to_be_spent():
    asked = []
    budget = DayBudget(2, lambda day: asked.append(day) or len(asked))
    assert [budget.spend() for _ in range(4)] == [True, True, False, False]
    assert budget.spent()
    assert asked == [datetime.now(UTC).date().isoformat()] * 2


def test_a_process_that_counts_alone_spends_its_share():
    budget = DayBudget(10 * SHARES)
    assert [budget.spend() for _ in range(11)] == [True] * 10 + [False]


def test_the_key_is_sent_and_shown_nowhere(service, remote, beside_local, caplog):
    detector = remote(api_key="sk-a-secret")
    service.behaviour = stand_in.sends(b"sk-a-secret is wrong", 401)
    with caplog.at_level(logging.DEBUG):
        (report,) = beside_local(detector).detect(["50 of a hundred"])
    assert service.asked[0][1]["authorization"] == "Bearer sk-a-secret"
    assert "a-secret" not in caplog.text + repr(report) + repr(detector._options) + detector.version


def test_without_a_key_none_is_sent(service, remote):
    Panel([(remote(), 5.0)]).detect(["a text"])
    assert "authorization" not in service.asked[0][1]
