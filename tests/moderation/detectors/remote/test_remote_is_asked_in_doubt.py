"""Which texts are sent, how, and what the answer counts."""

import pytest

from moderation.detectors.panel import BudgetExceeded, Panel
from tests.moderation.detectors.remote import stand_in

GERMAN = "Ich habe gestern einen Kuchen gebacken, aber der Ofen war leider viel zu heiß."


def texts(service):
    return [body["input"] for _, _, body in service.asked]


def test_only_the_uncertain_band_is_asked_about_its_ends_included(service, remote, beside_local):
    batch = [f"{score} of a hundred for this text" for score in ("29", "30", "55", "80", "81")]
    reports = beside_local(remote()).detect([*batch, "nothing at all is said here"])
    assert sorted(texts(service)) == batch[1:4]
    assert [sorted(report.versions) for report in reports] == [
        ["local"],
        *[["local", "remote"]] * 3,
        ["local"],
        ["local"],
    ]
    assert "illicit" in reports[0].not_covered
    assert [report.scores["hate"] for report in reports] == [0.29, 0.3, 0.55, 0.8, 0.81, 0.0]


def test_a_text_that_nobody_reads_here_is_asked_about(service, remote, beside_local):
    service.behaviour = stand_in.says(hate=0.7, illicit=0.1)
    (report,) = beside_local(remote()).detect([GERMAN])
    assert texts(service) == [GERMAN]
    assert (report.language, report.scores, report.versions.keys()) == ("de", {"hate": 0.7, "illicit": 0.1}, {"remote"})


def test_a_text_that_nobody_reads_here_goes_to_a_person_when_the_service_fails(service, remote, beside_local):
    service.behaviour = stand_in.sends(b"", 500)
    (report,) = beside_local(remote()).detect([GERMAN])
    assert (report.scores, report.unavailable) == ({}, {"hate", "illicit"})


def test_texts_that_nobody_reads_here_stay_in_the_house_if_so_chosen(service, remote, beside_local):
    (report,) = beside_local(remote(ask_unread=False)).detect([GERMAN])
    assert (service.asked, "hate" in report.not_covered) == ([], True)


def test_only_the_named_languages_are_asked_about(service, remote, beside_local):
    beside_local(remote(languages=["fr"])).detect([GERMAN])
    assert service.asked == []


def test_it_stands_in_for_a_local_detector_that_failed(service, remote, beside_local):
    service.behaviour = stand_in.says(hate=0.9, illicit=0.0)
    (report,) = beside_local(remote()).detect(["crash of the detector"])
    assert (report.scores, report.failures) == ({"hate": 0.9, "illicit": 0.0}, {"local": "ZeroDivisionError"})
    assert report.unavailable == {"harassment"}


def test_alone_it_reads_everything_but_blanks(service, remote):
    Panel([(remote(), 5.0)]).detect(["a text", " \n\t", ""])
    assert texts(service) == ["a text"]


@pytest.mark.parametrize(
    ("combine", "local", "said", "counts"),
    [("max", 50, 0.1, 0.5), ("max", 50, 0.9, 0.9), ("replace", 50, 0.1, 0.1), ("replace", 50, 0.9, 0.9)],
)
def test_the_reading_is_combined_as_configured(service, remote, beside_local, combine, local, said, counts):
    service.behaviour = stand_in.says(hate=said, illicit=0.0)
    (report,) = beside_local(remote(combine=combine)).detect([f"{local} of a hundred"])
    assert report.scores["hate"] == counts


def test_outside_the_band_it_never_lowers(service, remote, marker):
    service.behaviour = stand_in.says(hate=0.0, illicit=0.0)
    certain, doubtful = marker(category="hate", score=0.95), type("Second", (marker,), {"name": "second"})
    panel = Panel([(certain, 5.0), (doubtful(category="illicit", score=0.5), 5.0), (remote(combine="replace"), 5.0)])
    (report,) = panel.detect(["a mark in the text"])
    assert report.scores == {"hate": 0.95, "illicit": 0.0}


def test_sexual_content_with_minors_is_never_lowered(service, remote, marker):
    service.behaviour = stand_in.says(sexual__minors=0.0)
    detector = remote(combine="replace", categories=["sexual/minors"])
    panel = Panel([(marker(category="sexual/minors", score=0.5), 5.0), (detector, 5.0)])
    assert panel.detect(["a mark in the text"])[0].scores == {"sexual/minors": 0.5}


def test_a_long_text_stays_here_and_is_not_cut(service, remote, beside_local):
    (report,) = beside_local(remote(max_characters=40)).detect(["50 " + "words " * 10])
    assert (service.asked, report.failures, report.scores["hate"]) == ([], {"remote": "too_long"}, 0.5)


def test_so_many_requests_at_once_and_no_more(service, remote, beside_local):
    def wait_a_moment(handler):
        service.ending.wait(0.25)  # long enough that three meet on a busy machine
        stand_in.says(hate=0.5, illicit=0.0)(handler)

    service.behaviour = wait_a_moment
    reports = beside_local(remote(concurrency=3)).detect([f"50 text number {number}" for number in range(12)])
    assert (len(service.asked), service.most_at_once) == (12, 3)
    assert all(report.failures == {} for report in reports)


def test_a_caller_with_less_time_is_told_and_the_service_not_blamed(service, remote, beside_local):
    detector = remote(failures_to_open=1)
    panel = beside_local(detector)
    panel.detect(["50 first, so that everything is loaded"])
    service.behaviour = stand_in.is_slow
    with pytest.raises(BudgetExceeded):
        panel.detect(["50 and another one"], budget_seconds=1.0)
    service.behaviour = stand_in.says(hate=0.9, illicit=0.0)
    assert panel.detect(["50 and a third"])[0].scores["hate"] == 0.9


def test_odd_texts_are_sent_as_utf8(service, remote):
    odd = ["50 \ud800 lone", "50 nul \x00", "50 " + "a" + "\u0301" * 10_000, "50 \U0010ffff"]
    reports = Panel([(remote(), 10.0)]).detect(odd)
    assert [report.failures for report in reports] == [{}] * 4
    assert sorted(map(len, texts(service))) == sorted(map(len, odd))
