"""A detector is asked only about the languages it reads, and covers nothing in the others."""

from moderation.detectors.panel import Panel
from moderation.detectors.registry import build_panel

GERMAN = "Ich habe gestern einen Kuchen gebacken, mark, aber der Ofen war viel zu heiß."
ENGLISH = "I baked a cake yesterday, mark, and nobody wanted to try it."


def english(marker, **more):
    class Reader(marker):
        languages = frozenset({"en"})

    return Reader(**more)


def test_another_language_is_not_covered_and_not_zero(marker):
    (report,) = Panel([(english(marker), 1.0)]).detect([GERMAN])
    assert (report.language, report.scores) == ("de", {})
    assert "insult" in report.not_covered
    assert report.unavailable == frozenset()
    assert report.versions == {}


def test_only_the_samples_it_reads_reach_the_detector(marker):
    detector = english(marker)
    reports = Panel([(detector, 1.0)]).detect([ENGLISH, GERMAN, "mark lol"])
    assert detector.batches == [2]
    assert [report.scores for report in reports] == [{"insult": 0.7}, {}, {"insult": 0.7}]
    assert [report.language for report in reports] == ["en", "de", ""]


def test_nothing_is_asked_of_a_detector_that_reads_none_of_them(marker):
    detector = english(marker)
    Panel([(detector, 1.0)]).detect([GERMAN])
    assert detector.batches == []


def test_another_detector_covers_what_the_first_cannot_read(marker):
    (report,) = Panel([(english(marker), 1.0), (marker("kuchen"), 1.0)]).detect([GERMAN.lower()])
    assert report.scores == {"insult": 0.7}
    assert "insult" not in report.not_covered


def test_a_failure_is_no_failure_for_a_text_that_was_not_read(marker):
    failed, unread = Panel([(english(marker, kind="raises"), 1.0)]).detect(["poison", GERMAN])
    assert failed.unavailable == {"insult"}
    assert (unread.unavailable, unread.failures) == (frozenset(), {})


def test_a_mixed_text_is_read(marker):
    (report,) = Panel([(english(marker), 1.0)]).detect([f"{GERMAN} {GERMAN} {ENGLISH}"])
    assert (report.language, report.scores) == ("de", {"insult": 0.7})


def test_the_shipped_text_model_reads_english_and_the_rules_read_everything():
    report_of = build_panel({"text": {}, "urls": {}, "spam_rules": {}}).detect
    foreign, local = report_of([GERMAN, ENGLISH])
    assert "toxicity" in foreign.not_covered
    assert "toxicity" in local.scores
    assert set(foreign.versions) == {"urls", "spam_rules"}
