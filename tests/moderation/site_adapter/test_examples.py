"""Which decisions become examples, and of what."""

from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.enums import DecisionSource, Outcome
from moderation.models import AdapterFeedback, Content, Decision, RejectionReason
from moderation.retention import clean_up, erase_contents
from moderation.site_adapter.examples import gather, reasons_given
from tests import factories
from tests.moderation.site_adapter.conftest import HATE, OTHER, SPAM, sentences

pytestmark = pytest.mark.django_db
ASKED = ("hate", "spam")


def labels() -> list[dict[str, bool]]:
    return [example.labels for example in gather(ASKED)]


def test_a_rejection_speaks_for_the_categories_of_its_reason_alone(configured, decided):
    decided("Buy my soup, it is the best soup in town.", f"{SPAM}: the third time today")
    assert labels() == [{"spam": True}]


def test_an_approval_speaks_against_every_category(configured, decided):
    decided("The soup was warm and the rain was loud.")
    assert labels() == [{"hate": False, "spam": False}]


def test_a_rejection_in_own_words_says_nothing_that_can_be_used(configured, decided):
    decided("The soup was warm and the rain was loud.", "I do not like it")
    assert labels() == []


def test_a_later_decision_wins(configured, decided, bob):
    content = decided("Buy my soup, it is the best soup in town.", SPAM)
    Decision.objects.create(
        content=content, content_version=1, outcome=Outcome.APPROVE, source=DecisionSource.APPEAL, moderator=bob
    )
    assert labels() == [{"hate": False, "spam": False}]


def test_what_the_policy_rejected_is_no_example(configured, platform):
    content = factories.DecidedContentFactory(client=platform, decision=Outcome.REJECT)
    factories.PolicyDecisionFactory(content=content, reasoning=SPAM)
    assert labels() == []


def test_what_the_policy_approved_is_background(configured, approved_by_policy):
    approved_by_policy("The soup was warm and the rain was loud.")
    (example,) = gather(ASKED)
    assert (example.background, example.labels) == (True, {"hate": False, "spam": False})


def test_erased_contents_are_not_used(configured, decided):
    content = decided("Buy my soup, it is the best soup in town.", SPAM)
    erase_contents(contents=[content], actor="user:lead", reason="asked for")
    assert labels() == []


def test_a_decision_about_an_earlier_version_is_not_used(configured, decided):
    content = decided("Buy my soup, it is the best soup in town.", SPAM)
    Content.objects.filter(pk=content.pk).update(version=2, text="The soup was warm.")
    assert labels() == []


def test_a_content_with_images_is_not_used(configured, decided):
    decided("Buy my soup, it is the best soup in town.", SPAM, image_count=1)
    assert labels() == []


def test_a_wave_of_alike_texts_is_one_example(configured, decided):
    for number in range(5):
        decided(f"Buy my wonderful warm soup at the old harbour today, only {number} bowls are left for you.", SPAM)
    decided("Soup!", SPAM)
    decided("soup", SPAM)
    assert labels() == [{"spam": True}, {"spam": True}]


def test_the_newest_of_alike_texts_wins_and_older_ones_add_what_it_leaves_open(configured, decided):
    text = sentences(OTHER)[0]
    decided(text, HATE)
    decided(text)
    decided(text, SPAM)
    assert labels() == [{"spam": True, "hate": False}]


def test_no_more_decisions_are_read_than_the_configuration_says(configured, decided):
    configured(newest=2)
    for text in ("One warm soup.", "Two cold rivers.", "Three old boats."):
        decided(text)
    assert [example.text for example in gather(ASKED)] == ["Three old boats.", "Two cold rivers."]


def test_feedback_speaks_for_or_against_its_category(configured, platform):
    for text, score in (("Buy soup.", 0.9), ("The rain was loud.", 0.1), ("Perhaps.", 0.5)):
        AdapterFeedback.objects.create(client=platform, text=text, category="spam", score=score)
    assert labels() == [{"spam": False}, {"spam": True}]


def test_feedback_is_deleted_when_it_is_old(platform):
    for days in (1, 181):
        AdapterFeedback.objects.create(
            client=platform, text="Buy soup.", category="spam", score=1, created_at=timezone.now() - timedelta(days)
        )
    assert clean_up().counts["adapter feedback deleted"] == 1
    assert AdapterFeedback.objects.count() == 1


@pytest.mark.parametrize(
    ("reasoning", "given"),
    [
        ("Spam", {"spam"}),
        ("Spam: again", {"spam"}),
        ("Spam of links: again", {"url_risk"}),
        ("Spammy", set()),
        ("", set()),
    ],
)
def test_a_reason_is_known_by_its_words(reasoning, given):
    reasons = [
        RejectionReason(label="spam", text="Spam", categories=["spam"]),
        RejectionReason(label="links", text="Spam of links", categories=["url_risk"]),
    ]
    assert reasons_given(reasoning, reasons) == given
    assert reasons_given(reasoning, reasons, label="links") == {"url_risk"}
