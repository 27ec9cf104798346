"""The pages of the second level, the second person and bulk decisions; reasons are edited by leads."""

import pytest
from django.urls import reverse

from moderation.enums import BulkStatus, CaseStatus, HoldStatus, Outcome
from moderation.models import (
    AuditEntry,
    BulkRun,
    Content,
    Decision,
    DecisionHold,
    Exposure,
    RejectionReason,
    ReviewCase,
)
from moderation.review.claims import claim_next
from tests import factories
from tests.moderation.review.test_holds import decide

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice) -> ReviewCase:
    """A case that Alice holds."""
    factories.CaseFactory()
    return claim_next(moderator=alice)


@pytest.fixture
def held(alice) -> Decision:
    """Alice's rejection of somebody who reaches 200,000 people."""
    author = factories.AuthorFactory(reach=200_000)
    factories.CaseFactory(content=factories.InReviewContentFactory(author=author, client=author.client))
    return decide(claim_next(moderator=alice), alice, reasoning="Spam").decision


def test_escalating_asks_for_a_note_and_keeps_what_was_typed(signed_in, alice, case):
    address = reverse("admin:review_escalate", args=[case.pk])
    page = signed_in(alice).post(address, {"lease_token": case.lease_token, "words": "Keep me."})
    assert (page.status_code, 'value="Keep me."' in page.content.decode()) == (200, True)
    assert ReviewCase.objects.get().level == 1


def test_escalated_case_shows_its_note_to_the_senior_who_sends_it_back(signed_in, alice, senior, case):
    facts = {"lease_token": case.lease_token, "note": "Is it a threat?", "asked": "yes"}
    page = signed_in(alice).post(reverse("admin:review_escalate", args=[case.pk]), facts, follow=True)
    assert "Escalated" in page.content.decode()
    desk = signed_in(senior)
    shown = desk.get(reverse("admin:review_next")).content.decode()
    assert "Is it a threat?" in shown
    assert "Send back" in shown
    case.refresh_from_db()
    facts = {"lease_token": case.lease_token, "note": "A quotation.", "asked": "yes"}
    desk.post(reverse("admin:review_send_back", args=[case.pk]), facts)
    case.refresh_from_db()
    assert (case.level, case.escalation_note) == (1, "A quotation.")


def test_who_waits_for_a_second_person_is_listed_and_confirmed(signed_in, senior, held):
    desk = signed_in(senior)
    address = reverse("admin:review_second_person", args=[held.pk])
    assert address in desk.get(reverse("admin:review_second")).content.decode()
    assert "200,000" in desk.get(address).content.decode().replace("200000", "200,000")
    desk.post(address, {"act": "confirm"})
    assert Content.objects.get().decision == Outcome.REJECT
    assert "does not wait" in desk.get(address, follow=True).content.decode()


def test_second_person_decides_otherwise_with_a_reason_or_is_asked_for_one(signed_in, senior, held):
    desk, address = signed_in(senior), reverse("admin:review_second_person", args=[held.pk])
    refused = desk.post(address, {"act": "otherwise", "outcome": "reject", "private_note": "Keep me."})
    assert (refused.status_code, "Keep me." in refused.content.decode()) == (400, True)
    desk.post(address, {"act": "otherwise", "outcome": "approve", "words": "A joke."})
    assert Content.objects.get().decision == Outcome.APPROVE


def test_second_person_sends_back_with_a_note(signed_in, senior, held):
    desk, address = signed_in(senior), reverse("admin:review_second_person", args=[held.pk])
    assert desk.post(address, {"act": "back", "note": " "}).status_code == 400
    desk.post(address, {"act": "back", "note": "Read the thread."})
    assert (ReviewCase.objects.get().status, DecisionHold.objects.get().status) == (
        CaseStatus.OPEN,
        HoldStatus.WITHDRAWN,
    )


def test_second_person_sees_all_that_a_case_page_shows_and_what_the_first_one_said(signed_in, senior, alice):
    author = factories.AuthorFactory(reach=200_000)
    facts = {"author": author, "client": author.client}
    before = factories.DecidedContentFactory(**facts, conversation_id="soup", text="What came before.")
    content = factories.InReviewContentFactory(**facts, conversation_id="soup")
    factories.CaseFactory(content=content)
    said = decide(claim_next(moderator=alice), alice, reasoning="Names the cook.", private_note="Look at the thread.")
    desk, address = signed_in(senior), reverse("admin:review_second_person", args=[said.decision.pk])
    page = desk.get(address).content.decode()
    for shown in (
        before.text,
        "Names the cook.",
        "Look at the thread.",
        "alice",
        'id="why-title"',
        'id="author-title"',
    ):
        assert shown in page, shown
    for key in "carez?":
        assert f'data-key="{key}"' in page, key
    looks = AuditEntry.objects.filter(action="content.viewed", actor="user:senior")
    assert [look.data for look in looks] == [{"page": "second", "case": str(said.case.pk)}]
    assert Exposure.objects.filter(moderator=senior, content=content).count() == 1
    desk.post(address, {"outcome": "approve", "words": "A joke."})
    assert Content.objects.get(pk=content.pk).decision == Outcome.APPROVE


def test_moderator_sees_what_waits_and_cannot_confirm(signed_in, alice, held):
    desk = signed_in(alice)
    assert "somebody else confirms it" in desk.get(reverse("admin:review_second")).content.decode()
    assert desk.post(reverse("admin:review_second_person", args=[held.pk]), {"act": "confirm"}).status_code == 403
    assert DecisionHold.objects.get().status == HoldStatus.HELD


def test_bulk_from_choosing_to_the_result_without_javascript(signed_in, senior):
    rows = [factories.CaseFactory() for _ in range(3)]
    desk, address = signed_in(senior), reverse("admin:review_bulk")
    page = desk.get(address, {"queue": "general", "outcome": "reject"})
    shown = page.content.decode()
    assert "3 cases would be decided" in shown
    seen_at = page.context["form"].initial["seen_at"]
    facts = {"queue": "general", "seen_at": seen_at, "outcome": "reject", "reason": "spam", "words": ""}
    started = desk.post(address, facts)
    run = BulkRun.objects.get()
    assert started["Location"] == reverse("admin:review_bulk_run", args=[run.pk])
    assert "Begin" in desk.get(started["Location"]).content.decode()
    done = desk.post(reverse("admin:review_bulk_work", args=[run.pk]), follow=True).content.decode()
    run.refresh_from_db()
    assert run.status == BulkStatus.DONE
    assert Decision.objects.filter(moderator=senior, label="spam").count() == len(rows)
    assert f"<span data-decided>{len(rows)}</span>" in done


def test_bulk_needs_the_right_a_reason_and_something_in_common(signed_in, alice, senior):
    factories.CaseFactory()
    address = reverse("admin:review_bulk")
    assert signed_in(alice).get(address).status_code == 403
    desk = signed_in(senior)
    assert "at least one thing" in desk.get(address, {"outcome": "reject"}).content.decode()
    page = desk.get(address, {"queue": "general"})
    facts = {"queue": "general", "seen_at": page.context["form"].initial["seen_at"], "outcome": "reject"}
    assert desk.post(address, {**facts, "words": "", "reason": ""}).status_code == 400
    assert not BulkRun.objects.exists()


def test_progress_is_told_as_numbers(signed_in, senior):
    for _ in range(3):
        factories.CaseFactory()
    desk = signed_in(senior)
    seen_at = desk.get(reverse("admin:review_bulk"), {"queue": "general"}).context["form"].initial["seen_at"]
    facts = {"queue": "general", "seen_at": seen_at, "outcome": "approve", "words": ""}
    desk.post(reverse("admin:review_bulk"), facts)
    run = BulkRun.objects.get()
    answer = desk.post(reverse("admin:review_bulk_work", args=[run.pk]), headers={"accept": "application/json"})
    assert answer.json()["decided"] == 3
    far = desk.get(reverse("admin:review_bulk_progress", args=[run.pk])).json()
    assert (far["total"], far["left"]) == (3, 0)


def test_key_of_an_offered_reason_is_taken_once(signed_in, lead):
    desk, address = signed_in(lead), reverse("admin:moderation_rejectionreason_add")
    facts = {"text": "Off topic", "label": "off-topic", "key": "1"}
    assert "already" in desk.post(address, facts).content.decode()
    assert desk.post(address, {**facts, "key": ""}).status_code == 302
    assert AuditEntry.objects.get(action="rejection_reason.added").actor == "user:lead"


def test_reason_is_retired_and_never_deleted_or_renamed(signed_in, lead):
    reason = RejectionReason.objects.get(label="spam")
    desk = signed_in(lead)
    address = reverse("admin:moderation_rejectionreason_change", args=[reason.pk])
    desk.post(address, {"text": reason.text, "label": "other", "key": "8", "retired": "on"})
    reason.refresh_from_db()
    assert (reason.label, reason.retired) == ("spam", True)
    delete = reverse("admin:moderation_rejectionreason_delete", args=[reason.pk])
    ada = factories.UserFactory(is_staff=True, is_superuser=True)
    assert signed_in(ada).post(delete, {"post": "yes"}).status_code == 403


def test_bulk_names_what_the_others_are_like_and_keeps_the_reason_of_the_case(signed_in, senior):
    case = factories.CaseFactory(content=factories.InReviewContentFactory(external_id="soup-7"))
    asked = {"alike": case.content_id, "reason": "spam"}
    answer = signed_in(senior).get(reverse("admin:review_bulk"), asked)
    assert "Only what is nearly the same as <bdi>soup-7</bdi>." in answer.content.decode()
    assert answer.context["form"]["reason"].value() == "spam"
