"""Texts are scored and judged by the right policy, and nothing of it is stored."""

import pytest

from moderation.detectors.base import DetectionReport
from moderation.in_force import apply_policy
from moderation.models import AuditEntry, Content, ModerationResult, TermList
from moderation.scoring import score_texts

pytestmark = pytest.mark.django_db
MILD = "The soup was warm and the rain was loud."
RUDE = "You are a stupid idiot and everybody hates you."
STRICT = """
version: 1
policy: strict
rules:
  - {name: all, then: review, queue: night-shift, reason: Everything is looked at}
default: approve
"""


@pytest.fixture
def strict(db):
    version, _ = apply_policy(source=STRICT, actor="user:lead")
    return version.policy


def test_each_text_has_its_own_answer_in_order(platform):
    mild, rude = score_texts([MILD, RUDE], client_id=platform.pk)
    assert (mild.verdict.outcome, rude.verdict.outcome) == ("approve", "review")
    assert mild.report.scores["insult"] < 0.1 < 0.8 < rude.report.scores["insult"]
    assert rude.policy == "default@1"


def test_nothing_is_stored(platform):
    score_texts([MILD], client_id=platform.pk)  # the shipped policy is put in force by the first
    before = AuditEntry.objects.count()
    score_texts([RUDE], client_id=platform.pk)
    assert (Content.objects.count(), ModerationResult.objects.count()) == (0, 0)
    assert AuditEntry.objects.count() == before


def test_no_texts_have_no_answers(platform):
    assert score_texts([], client_id=platform.pk) == []


def test_the_clients_own_policy_judges(platform, strict):
    platform.policy = strict
    platform.save()
    (scored,) = score_texts([MILD], client_id=platform.pk)
    assert (scored.policy, scored.verdict.outcome, scored.verdict.rule) == ("strict@1", "review", "all")


def test_the_policy_asked_for_outweighs_the_clients_own(platform, strict):
    (scored,) = score_texts([MILD], client_id=None, policy_id=strict.pk)
    assert scored.policy == "strict@1"


def test_a_text_in_a_language_that_is_not_read_goes_to_a_person(platform):
    (scored,) = score_texts(["Der Regen war laut und die Suppe war warm."], client_id=platform.pk, languages=["de"])
    assert (scored.verdict.outcome, scored.verdict.rule) == ("review", "unsupported-language")
    assert "harassment" in scored.report.not_covered
    assert "harassment" not in scored.report.scores


def test_a_detector_that_fails_sends_the_text_to_a_person(platform, panel_that):
    report = DetectionReport(scores={"spam": 0.0}, unavailable=frozenset({"hate"}), failures={"text": "timeout"})
    panel_that(lambda text: report)
    (scored,) = score_texts([MILD], client_id=platform.pk)
    assert scored.verdict.outcome == "review"


def test_a_sites_own_term_counts(platform):
    TermList.objects.create(name="soups", category="spam", score=0.9, terms=["borscht"])
    (scored,) = score_texts(["Cold borscht with cream."], client_id=platform.pk)
    assert scored.report.scores["spam"] >= 0.9
