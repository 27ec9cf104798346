"""A detector that raises or hangs: the others answer, only the text that did it is without a reading."""

import threading

import pytest

from moderation.detectors.panel import BudgetExceeded, Panel
from moderation.detectors.worker import DetectorTimeout, DetectorWorker


def test_only_the_poisonous_text_fails(marker):
    reports = Panel([(marker(kind="raises"), 1.0)]).detect(["mark", "poison", "other"])
    assert [report.failures for report in reports] == [{}, {"marker": "ZeroDivisionError"}, {}]
    assert [report.scores for report in reports] == [{"insult": 0.7}, {}, {"insult": 0.0}]
    assert [sorted(report.unavailable) for report in reports] == [[], ["insult"], []]


def test_a_failure_never_quotes_the_text(marker):
    (report,) = Panel([(marker(kind="raises"), 1.0)]).detect(["poison"])
    assert "quotes" not in repr(report)


def test_only_the_hanging_text_times_out(marker):
    reports = Panel([(marker(kind="hangs"), 0.4)]).detect(["mark", "poison", "mark"])
    assert [report.failures for report in reports] == [{}, {"marker": "timeout"}, {}]
    assert [report.scores for report in reports] == [{"insult": 0.7}, {}, {"insult": 0.7}]


def test_a_category_that_another_detector_covered_is_available(marker):
    class Steady(marker):
        name = "steady"

    (report,) = Panel([(marker(kind="raises"), 1.0), (Steady("other"), 1.0)]).detect(["poison"])
    assert report.failures == {"marker": "ZeroDivisionError"}
    assert report.unavailable == frozenset()
    assert report.scores == {"insult": 0.0}


def test_a_list_does_not_stand_in_for_a_detector_that_failed(marker):
    class Finder(marker):
        name = "finder"
        only_finds = True

    (report,) = Panel([(marker(kind="raises"), 1.0), (Finder("poison"), 1.0)]).detect(["poison"])
    assert report.unavailable == frozenset({"insult"})
    assert report.scores == {"insult": 0.7}


def test_the_panel_works_on_after_a_hang(marker):
    panel = Panel([(marker(kind="hangs"), 0.2)])
    panel.detect(["poison"])
    assert panel.detect(["mark"])[0].scores == {"insult": 0.7}


def test_a_detector_that_always_hangs_is_refused_after_four_threads(marker):
    panel = Panel([(marker(kind="hangs"), 0.05)])
    assert [panel.detect(["poison"])[0].failures for _ in range(6)] == [{"marker": "timeout"}] * 6


def test_an_answer_of_the_wrong_length_is_a_failure(marker):
    class Short(marker):
        def detect(self, samples):
            return []

    (report,) = Panel([(Short(), 1.0)]).detect(["x"])
    assert report.failures == {"marker": "WrongLength"}


def test_a_spent_budget_is_told(marker):
    with pytest.raises(BudgetExceeded):
        Panel([(marker(), 1.0)]).detect(["x"], budget_seconds=0)


def test_a_budget_that_ends_before_the_timeout_is_told(marker):
    with pytest.raises(BudgetExceeded):
        Panel([(marker(kind="hangs"), 5.0)]).detect(["poison"], budget_seconds=0.1)


def test_after_a_failure_the_budget_yields_a_report(marker):
    class Second(marker):
        name = "second"

    panel = Panel([(marker(kind="hangs"), 0.1), (Second(), 1.0)])
    budget = 0.4 if marker.quick else 0.11  # one that hangs among the quick is asked once more, by itself
    (report,) = panel.detect(["poison"], budget_seconds=budget)
    assert report.failures["marker"] == "timeout"
    assert report.unavailable <= {"insult"}


def test_a_worker_hands_on_what_the_call_raises():
    with pytest.raises(TimeoutError, match="its own"):
        DetectorWorker("x").run(_raise, 1.0)


def test_a_call_that_waits_too_long_in_the_queue_is_dropped():
    worker, gate = DetectorWorker("x"), threading.Event()
    holder = threading.Thread(target=lambda: worker.run(gate.wait, 5.0))
    holder.start()
    with pytest.raises(DetectorTimeout):
        worker.run(lambda: 1, 0.05)
    gate.set()
    holder.join()
    assert worker.run(lambda: 2, 1.0) == 2


def _raise():
    raise TimeoutError("its own")


def test_quick_detectors_share_one_thread_and_the_others_have_their_own(marker):
    threads = []

    class Where(marker):
        def detect(self, samples):
            threads.append(threading.current_thread().name)
            return super().detect(samples)

    class Other(Where):
        name = "other"

    Panel([(Where(), 1.0), (Other(), 1.0)]).detect(["mark"])
    expected = ["detector-quick"] * 2 if marker.quick else ["detector-marker", "detector-other"]
    assert threads == expected
