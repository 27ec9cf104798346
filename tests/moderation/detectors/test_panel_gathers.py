"""What one report says when everything works."""

from moderation.detectors.base import Detection, Evidence
from moderation.detectors.panel import Panel
from moderation.enums import Category


def test_the_highest_score_of_a_category_counts(marker):
    panel = Panel([(marker("one", score=0.4), 1.0), (marker("two", score=0.9), 1.0)])
    assert [report.scores for report in panel.detect(["one", "one two", "three"])] == [
        {"insult": 0.4},
        {"insult": 0.9},
        {"insult": 0.0},
    ]


def test_categories_that_nobody_looks_for_are_not_covered(marker):
    (report,) = Panel([(marker(), 1.0)]).detect(["x"])
    assert report.not_covered == tuple(name for name in Category.values if name != "insult")


def test_an_empty_panel_covers_nothing():
    (report,) = Panel([]).detect(["x"])
    assert report.scores == {}
    assert report.not_covered == tuple(Category.values)


def test_no_texts_give_no_reports(marker):
    assert Panel([(marker(), 1.0)]).detect([]) == []


def test_the_batch_reaches_each_detector_once(marker):
    detector = marker()
    Panel([(detector, 1.0)]).detect(["a", "b", "c"])
    assert detector.batches == [3]


def test_a_find_of_a_list_counts_but_its_silence_covers_nothing(marker):
    class Finder(marker):
        only_finds = True

    found, silent = Panel([(Finder(), 1.0)]).detect(["mark", "nothing"])
    assert found.scores == {"insult": 0.7}
    assert "insult" not in found.not_covered
    assert silent.scores == {}
    assert "insult" in silent.not_covered


def test_evidence_is_kept_once_and_at_most_fifty_spans(marker):
    class Talker(marker):
        def detect(self, samples):
            spans = tuple(Evidence("insult", at // 2, at // 2 + 1, "talker", "word") for at in range(200))
            return [[Detection("insult", 0.9, spans)] for _ in samples]

    (report,) = Panel([(Talker(), 1.0)]).detect(["mark"])
    assert len(report.evidence) == len(set(report.evidence)) == 50
    assert report.evidence[1].start == 1


def test_versions_are_told_and_make_the_panel_s_version(marker):
    class Newer(marker):
        version = "marker-2"

    old, new = Panel([(marker(), 1.0)]), Panel([(Newer(), 1.0)])
    assert old.detect(["x"])[0].versions == {"marker": "marker-1"}
    assert old.version == Panel([(marker("other"), 5.0)]).version
    assert old.version != new.version


def test_the_language_reaches_the_detectors(marker):
    heard = []

    class Listener(marker):
        def detect(self, samples):
            heard.extend(sample.language for sample in samples)
            return super().detect(samples)

    Panel([(Listener(), 1.0)]).detect(["a", "b"], languages=["de", ""])
    assert heard == ["de", ""]
