"""The pages of quality: who may see them, what they show, and what they must not."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from moderation.enums import Outcome
from moderation.models import AuditEntry, Content, Decision, GoldenCase, QualityReview
from reviewengine import conf
from reviewengine.people_sections import Quality
from tests import factories


@pytest.fixture
def review(alice, bob):
    """Alice rejected a content, and Bob would have approved it."""
    first = factories.ModeratorDecisionFactory(
        moderator=alice, content__decision=Outcome.REJECT, reasoning="An insult.", private_note="Again this author."
    )
    return factories.DisagreementFactory(first_decision=first, moderator=bob, reasoning="Only banter, I think.")


@pytest.fixture
def golden(lead):
    return factories.GoldenCaseFactory(added_by=lead)


def _address(review) -> str:
    return reverse("admin:quality_disagreement", args=[review.pk])


def _page(client, name, **query) -> str:
    return client.get(reverse(f"admin:{name}"), query).content.decode()


def _shown(answer) -> list[str]:
    return [str(message) for message in answer.wsgi_request._messages]


@pytest.mark.parametrize(
    ("name", "lead_sees", "alice_sees", "auditor_sees"),
    [
        ("quality", 200, 403, 200),
        ("quality_disagreements", 200, 403, 200),
        ("quality_golden", 200, 403, 200),
        ("quality_golden_add", 200, 403, 403),
        ("quality_mine", 200, 200, 403),
    ],
)
def test_pages_are_for_those_who_may(signed_in, lead, alice, auditor, name, lead_sees, alice_sees, auditor_sees):
    answers = [signed_in(person).get(reverse(f"admin:{name}")) for person in (lead, alice, auditor)]
    assert [answer.status_code for answer in answers] == [lead_sees, alice_sees, auditor_sees]


def test_leads_find_quality_in_the_header_and_moderators_their_own(signed_in, lead, alice):
    assert reverse("admin:quality") in _page(signed_in(lead), "review_desk")
    page = _page(signed_in(alice), "review_desk")
    assert f'href="{reverse("admin:quality")}"' not in page
    assert reverse("admin:quality_mine") in page


def test_overview_shows_queue_category_and_person(signed_in, lead, review):
    page = _page(signed_in(lead), "quality")
    assert all(words in page for words in ("General", "Toxicity", "alice", "bob", "0 %", "few"))


def test_overview_leaves_out_what_was_before_its_period(signed_in, lead, review):
    QualityReview.objects.update(created_at=timezone.now() - timedelta(days=40))
    assert "alice" not in _page(signed_in(lead), "quality", days=30)
    assert "alice" in _page(signed_in(lead), "quality", days=90)
    assert "alice" not in _page(signed_in(lead), "quality", days="everything")


def test_overview_takes_a_constant_number_of_queries(signed_in, lead, django_assert_max_num_queries):
    factories.DisagreementFactory.create_batch(3)
    client = signed_in(lead)
    _page(client, "quality")
    with django_assert_max_num_queries(32):
        _page(client, "quality")


def test_figures_come_as_a_file_that_is_recorded(signed_in, lead, review):
    factories.DisagreementFactory(first_decision__moderator__username="=cmd()")
    answer = signed_in(lead).post(reverse("admin:quality_file"), {"days": 30})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {(row["by"], row["name"]) for row in rows} >= {("queue", "General"), ("moderator", "alice")}
    assert "'=cmd()" in {row["name"] for row in rows}
    alice = next(row for row in rows if row["name"] == "alice")
    assert (alice["double_reviews"], alice["agreed"], alice["golden_answered"]) == ("1", "0.0000", "0")
    assert AuditEntry.objects.get(action="quality.exported").actor == "user:lead"


def names_in(page: str) -> set[str]:
    """Who of the two is named; a combobox is nobody."""
    return set(re.findall(r"\b(?:alice|bob)\b", page))


def test_both_sides_are_shown_without_names(signed_in, lead, review):
    page = signed_in(lead).get(_address(review)).content.decode()
    assert all(words in page for words in ("An insult.", "Again this author.", "Only banter, I think."))
    assert not names_in(page)


def test_list_of_disagreements_names_nobody(signed_in, lead, review):
    page = _page(signed_in(lead), "quality_disagreements")
    assert review.content.external_id in page
    assert not names_in(page)


def test_looking_at_a_disagreement_is_recorded(signed_in, lead, review):
    signed_in(lead).get(_address(review))
    entry = AuditEntry.objects.get(action="content.viewed")
    assert (entry.actor, entry.subject_id) == ("user:lead", str(review.content_id))


def test_settling_overrides_and_reveals_the_names(signed_in, lead, review):
    client = signed_in(lead)
    answer = client.post(_address(review), {"outcome": "approve", "note": "Banter among friends."})
    assert Content.objects.get(pk=review.content_id).decision == Outcome.APPROVE
    assert Decision.objects.get(moderator=lead).reasoning == "Banter among friends."
    page = client.get(answer.url).content.decode()
    assert all(words in page for words in ("alice", "bob", "Settled by", "Banter among friends."))


def test_settled_disagreement_is_not_settled_again(signed_in, lead, admin_user, review):
    signed_in(lead).post(_address(review), {"outcome": "reject", "note": "It names a person."})
    answer = signed_in(admin_user).post(_address(review), {"outcome": "approve", "note": "No, it does not."})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "settled already" in page
    assert "No, it does not." in page
    assert Content.objects.get(pk=review.content_id).decision == Outcome.REJECT


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"note": "Because."}, "Say which outcome is right."),
        ({"outcome": "review", "note": "Because."}, "Select a valid choice"),
        ({"outcome": "reject"}, "choose a reason, or write one"),
        ({"outcome": "reject", "label": "no-such", "note": "Because."}, "This reason is offered no more."),
    ],
)
def test_what_is_missing_is_named_and_what_was_typed_is_kept(signed_in, lead, review, typed, words):
    answer = signed_in(lead).post(_address(review), typed)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert words in page
    assert typed.get("note", "") in page
    assert QualityReview.objects.get().settled_at is None


def test_auditor_reads_a_disagreement_and_does_not_settle(signed_in, auditor, review):
    client = signed_in(auditor)
    assert "Who was right?" not in client.get(_address(review)).content.decode()
    assert client.post(_address(review), {"outcome": "approve", "note": "Hm."}).status_code == 409
    assert QualityReview.objects.get().settled_at is None


def test_hostile_words_are_inert(signed_in, lead, alice):
    script = "<script>alert(1)</script>"
    review = factories.DisagreementFactory(reasoning=script, private_note=script, content__text=script)
    page = signed_in(lead).get(_address(review)).content.decode()
    assert script not in page
    assert "&lt;script&gt;alert(1)" in page


def test_form_of_a_golden_case_begins_with_what_was_decided(signed_in, lead, review):
    page = _page(signed_in(lead), "quality_golden_add", content=review.content_id)
    assert "An insult." in page
    assert 'value="reject" required checked' in page


def test_golden_case_is_added_by_the_id_of_its_platform(signed_in, lead, general_queue):
    content = factories.DecidedContentFactory(decision=Outcome.REJECT)
    data = {"content": content.external_id, "queue": general_queue.pk, "outcome": "reject", "explanation": "A threat."}
    answer = signed_in(lead).post(reverse("admin:quality_golden_add"), data)
    assert answer.status_code == 302
    golden = GoldenCase.objects.get()
    assert (golden.content, golden.explanation, golden.added_by) == (content, "A threat.", lead)
    assert content.external_id in _page(signed_in(lead), "quality_golden")


@pytest.fixture
def general_queue(db):
    return factories.QueueFactory()


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"content": "nothing-like-it"}, 400, "No content has this id."),
        ({"outcome": ""}, 400, "Say which outcome is right."),
        ({"queue": "999999"}, 400, "Select a valid choice"),
        ({"content": "waits"}, 409, "not decided yet"),
    ],
)
def test_golden_case_that_cannot_be_is_refused_in_words(signed_in, lead, general_queue, changed, status, words):
    factories.DecidedContentFactory(external_id="decided")
    factories.InReviewContentFactory(external_id="waits")
    data = {"content": "decided", "queue": general_queue.pk, "outcome": "approve", "explanation": "Typed words."}
    answer = signed_in(lead).post(reverse("admin:quality_golden_add"), data | changed)
    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    assert "Typed words." in page
    assert not GoldenCase.objects.exists()


def test_golden_case_is_retired(signed_in, lead, golden):
    answer = signed_in(lead).post(reverse("admin:quality_golden_retire", args=[golden.pk]))
    assert _shown(answer) == [f"The content {golden.content.external_id} is shown no more."]
    golden.refresh_from_db()
    assert golden.retired_at is not None


def test_moderator_neither_adds_nor_retires(signed_in, alice, golden):
    client = signed_in(alice)
    assert client.post(reverse("admin:quality_golden_retire", args=[golden.pk])).status_code == 403
    assert client.post(reverse("admin:quality_golden_add"), {}).status_code == 403
    golden.refresh_from_db()
    assert golden.retired_at is None


def test_own_page_names_nobody_else(signed_in, alice, review):
    QualityReview.objects.update(created_at=timezone.now() - timedelta(hours=2))
    page = _page(signed_in(alice), "quality_mine")
    assert "the same in 0 %" in page
    assert "bob" not in names_in(page)
    assert "Only banter" not in page


def test_what_was_just_answered_is_not_on_the_own_page_yet(signed_in, bob, golden):
    factories.GoldenAnswerFactory(golden=golden, moderator=bob, outcome=Outcome.APPROVE)
    client = signed_in(bob)
    assert golden.explanation not in _page(client, "quality_mine")
    QualityReview.objects.update(created_at=timezone.now() - timedelta(hours=2))
    assert golden.explanation in _page(client, "quality_mine")


def test_own_page_tells_what_the_lead_said(signed_in, bob, lead, review):
    signed_in(lead).post(_address(review), {"outcome": "reject", "note": "It names a person."})
    QualityReview.objects.update(created_at=timezone.now() - timedelta(hours=2))
    assert "It names a person." in _page(signed_in(bob), "quality_mine")


def test_site_may_keep_the_answers_to_itself(signed_in, bob, golden, monkeypatch):
    options = conf.load()
    review = options.review.model_copy(update={"quality": Quality(tell_answers=False)})
    monkeypatch.setattr(conf, "load", lambda: options.model_copy(update={"review": review}))
    factories.GoldenAnswerFactory(golden=golden, moderator=bob, created_at=timezone.now() - timedelta(hours=2))
    assert golden.explanation not in _page(signed_in(bob), "quality_mine")
