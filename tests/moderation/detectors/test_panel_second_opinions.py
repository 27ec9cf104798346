"""A second opinion is asked last, sees the scores so far, and its failure hides nothing."""

import pytest

from moderation.detectors.base import Detection, Evidence, Opinion, SecondOpinion
from moderation.detectors.panel import BudgetExceeded, Panel


class Second(SecondOpinion):
    """Says the same of every sample."""

    name = "second"
    version = "second-1"
    categories = frozenset({"insult", "hate"})

    def __init__(self, says) -> None:
        self.says, self.heard = says, []

    @classmethod
    def build(cls, options, term_lists):
        return cls(**options)

    def consult(self, questions, seconds):
        self.heard += questions
        if isinstance(self.says, Exception):
            raise self.says
        return [self.says] * len(questions)


def both(says, local):
    second = Second(says)
    return second, Panel([(second, 1.0), (local, 1.0)])


def test_it_is_asked_last_and_sees_the_scores_so_far(marker):
    second, panel = both(None, marker())
    panel.detect(["mark", "other"])
    assert [(question.scores, question.unread) for question in second.heard] == [
        ({"insult": 0.7}, False),
        ({"insult": 0.0}, False),
    ]


def test_where_it_is_silent_it_counts_for_nothing(marker):
    (report,) = both(None, marker())[1].detect(["mark"])
    assert (report.scores, report.versions) == ({"insult": 0.7}, {"marker": "marker-1"})
    assert "hate" in report.not_covered


@pytest.mark.parametrize(
    ("replaces", "said", "counts"), [((), 0.1, 0.7), ((), 0.9, 0.9), (("insult",), 0.1, 0.1), (("insult",), 0.9, 0.9)]
)
def test_the_score_so_far_gives_way_only_where_it_says_so(marker, replaces, said, counts):
    opinion = Opinion((Detection("insult", said), Detection("hate", 0.2)), frozenset(replaces))
    (report,) = both(opinion, marker())[1].detect(["mark"])
    assert report.scores == {"insult": counts, "hate": 0.2}
    assert report.versions == {"marker": "marker-1", "second": "second-1"}


def test_evidence_is_kept_when_a_score_gives_way(marker):
    class Pointing(marker):
        def detect(self, samples):
            return [[Detection("insult", 0.7, (Evidence("insult", 0, 4, "marker"),))] for _ in samples]

    opinion = Opinion((Detection("insult", 0.1), Detection("hate", 0.0)), frozenset({"insult"}))
    (report,) = both(opinion, Pointing())[1].detect(["mark"])
    assert (report.scores["insult"], len(report.evidence)) == (0.1, 1)


@pytest.mark.parametrize(("says", "kind"), [("timeout", "timeout"), (ZeroDivisionError("words"), "ZeroDivisionError")])
def test_its_failure_leaves_the_scores_and_names_what_only_it_reads(marker, says, kind):
    (report,) = both(says, marker())[1].detect(["mark"])
    assert (report.scores, report.unavailable, report.failures) == ({"insult": 0.7}, {"hate"}, {"second": kind})


def test_an_answer_of_the_wrong_length_is_a_failure(marker):
    second, panel = both(None, marker())
    second.consult = lambda questions, seconds: []
    assert panel.detect(["mark"])[0].failures == {"second": "WrongLength"}


def test_what_it_did_not_read_is_unavailable_where_nobody_did(marker):
    (report,) = both(Opinion((Detection("insult", 0.2),)), marker())[1].detect(["mark"])
    assert (report.scores, report.unavailable) == ({"insult": 0.7}, {"hate"})


def test_a_text_is_unread_where_a_detector_failed_or_nobody_looks(marker):
    second, panel = both(None, marker(kind="raises"))
    panel.detect(["poison"])
    alone = Second(None)
    Panel([(alone, 1.0), (marker(category="spam"), 1.0)]).detect(["mark"])
    assert [question.unread for question in second.heard + alone.heard] == [True, True]


def test_a_list_that_only_finds_has_not_read_the_text(marker):
    class Finder(marker):
        only_finds = True

    second, panel = both(None, Finder())
    panel.detect(["mark"])
    assert [(question.scores, question.unread) for question in second.heard] == [({"insult": 0.7}, True)]


def test_its_time_is_what_the_caller_has_left_and_running_out_is_told(marker):
    with pytest.raises(BudgetExceeded):
        both("timeout", marker())[1].detect(["mark"], budget_seconds=0.9)


def test_it_is_timed_only_when_it_was_asked(marker):
    timed = []
    for says in (None, "timeout"):
        panel = both(says, marker())[1]
        panel.watch = lambda name, seconds: timed.append(name)
        panel.detect(["mark"])
    assert timed == ["marker", "marker", "second"]


def test_a_panel_says_whether_it_asks_elsewhere(marker):
    assert both(None, marker())[1].asks_elsewhere is True
    assert Panel([(marker(), 1.0)]).asks_elsewhere is False
