"""A whole training: what is learnt, what is refused, and what the panel says afterwards."""

import random

import pytest
from django.db import connections

from moderation.in_force import detector_panel
from moderation.models import AuditEntry, Decision, SiteAdapter
from moderation.site_adapter.activation import AdapterError
from moderation.site_adapter.training import LOCK, train
from tests.moderation.site_adapter.conftest import OTHER, PIZZA, SPAM, sentences

pytestmark = pytest.mark.django_db
UNSEEN = (sentences(PIZZA)[100:110], sentences(OTHER)[100:110])


def spam_scores(texts: list[str]) -> list[float]:
    return [report.scores["spam"] for report in detector_panel().detect(texts, ["en"] * len(texts))]


def finding(report, category: str = "spam") -> dict:
    return next(line for line in report.report if line["category"] == category)


def test_what_moderators_reject_is_learnt_and_the_scores_move(pizza_site):
    before = [spam_scores(texts) for texts in UNSEEN]
    report = train(actor="user:lead")
    line = finding(report)
    assert (line["won"], line["reason"], report.activated) == (True, "", True)
    assert line["auprc"][1] > line["auprc"][0] + 0.01
    assert line["brier"][1] < min(line["brier"][0], line["brier"][2])
    pizza, other = (spam_scores(texts) for texts in UNSEEN)
    assert min(pizza) > max(before[0])
    assert min(pizza) > 0.5 > max(other)


def test_a_result_names_the_version_that_scored_it(pizza_site):
    train(actor="user:lead")
    (report,) = detector_panel().detect(["Hello there, old friend."])
    assert report.versions["text"].endswith("+site-1")


def test_only_the_categories_that_won_change(pizza_site):
    texts = UNSEEN[0] + UNSEEN[1]
    before = detector_panel().detect(texts, ["en"] * len(texts))
    train(actor="user:lead")
    after = detector_panel().detect(texts, ["en"] * len(texts))
    assert [{**r.scores, "spam": 0} for r in after] == [{**r.scores, "spam": 0} for r in before]


def test_random_decisions_teach_nothing(configured, decided):
    chance = random.Random(7)
    for text in sentences(OTHER)[:120]:
        decided(text, SPAM if chance.random() < 0.35 else "")
    report = train(actor="user:lead")
    assert (finding(report)["won"], report.activated) == (False, False)
    assert finding(report)["reason"]
    assert SiteAdapter.objects.get().heads == []


@pytest.mark.parametrize(
    ("fewest", "reason"),
    [
        ({"fewest_positives": 41}, "too few rejected: 40 of 41"),
        ({"fewest_negatives": 81}, "too few approved: 80 of 81"),
    ],
)
def test_too_few_examples_are_said_to_be_too_few(pizza_site, configured, fewest, reason):
    configured(**fewest)
    report = train(actor="user:lead")
    assert finding(report)["reason"] == reason
    assert (report.adapter, SiteAdapter.objects.count()) == (None, 0)


def test_a_dry_run_keeps_nothing(pizza_site):
    report = train(actor="user:lead", dry_run=True)
    assert finding(report)["won"]
    assert (SiteAdapter.objects.count(), AuditEntry.objects.count(), report.activated) == (0, 0, False)


def test_a_new_version_takes_the_place_of_the_old_one(pizza_site):
    train(actor="user:lead")
    train(actor="system")
    assert list(SiteAdapter.objects.order_by("number").values_list("number", "is_active", "trained_by")) == [
        (1, False, "lead"),
        (2, True, "system"),
    ]
    actions = AuditEntry.objects.filter(subject_type="site_adapter").order_by("id").values_list("action", flat=True)
    said = [action.removeprefix("site_adapter.") for action in actions]
    assert said == ["trained", "activated", "trained", "deactivated", "activated"]


def test_where_nothing_wins_the_version_in_force_stays(pizza_site, configured):
    train(actor="user:lead")
    configured(margin=0.99)
    report = train(actor="system")
    assert (report.activated, SiteAdapter.objects.get(is_active=True).number) == (False, 1)


def test_the_same_decisions_teach_the_same(pizza_site):
    heads = [train(actor="system").adapter.heads for _ in range(2)]
    assert heads[0] == heads[1]


def test_a_category_that_was_not_asked_for_keeps_its_head(pizza_site, configured):
    first = train(actor="user:lead").adapter
    for row in Decision.objects.filter(reasoning=SPAM):
        Decision.objects.filter(pk=row.pk).update(reasoning="Hate against a group")
    second = train(actor="user:lead", categories=["hate"]).adapter
    assert [head["category"] for head in second.heads] == ["hate", "spam"]
    assert second.heads[1] == first.heads[0]
    assert [line.get("kept_from") for line in second.report] == [None, 1]


@pytest.mark.parametrize("category", ["sexual/minors", "severe_toxicity", "soup"])
def test_what_cannot_be_taught_is_refused(configured, category):
    with pytest.raises(AdapterError, match=f"'{category}' cannot be taught. What can: toxicity, "):
        train(actor="user:lead", categories=[category])


def test_without_the_text_model_there_is_nothing_to_build_on(configured):
    configured(detectors={})
    with pytest.raises(AdapterError, match="The detector 'text' is not enabled"):
        train(actor="user:lead")


def test_two_trainings_at_once_are_refused(configured):
    other = connections["default"].copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            with pytest.raises(AdapterError, match="Another training of the site adapter is running"):
                train(actor="user:lead")
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    finally:
        other.close()
    assert train(actor="user:lead").adapter is None


def test_what_would_alarm_at_much_of_the_traffic_does_not_win(pizza_site, approved_by_policy, configured):
    """Half of what the policy approves speaks of pineapple too: the moderators' rule would flood the queues."""
    for text in sentences(PIZZA)[110:160] + sentences(OTHER)[110:160]:
        approved_by_policy(text)
    report = train(actor="user:lead")
    assert report.background == 100
    assert not finding(report)["won"]


def test_a_head_that_needs_every_text_read_is_not_taken_where_that_is_forbidden(pizza_site, configured):
    assert finding(train(actor="user:lead", dry_run=True))["everywhere"]
    configured(may_read_all=False)
    assert not finding(train(actor="user:lead", dry_run=True))["won"]


def test_no_more_is_read_than_time_allows(pizza_site, configured, monkeypatch):
    monkeypatch.setattr("moderation.site_adapter.features.MOST_WINDOWS", 64)
    report = train(actor="user:lead")
    assert (report.examples, report.left_out) == (64, 56)
