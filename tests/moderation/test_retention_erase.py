"""Erasing takes the text and whatever names a person, and keeps what was decided."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from moderation.enums import CaseStatus, ContentStatus, DecisionSource, Outcome
from moderation.models import AuditEntry, Author, Content, ContentVersion, Decision, ModerationResult, WebhookEvent
from moderation.retention import erase_contents
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def told_everything(platform) -> Content:
    """A decided content of which the platform told all it could, with an older version."""
    author = factories.AuthorFactory(client=platform, display_name="Uncle Bob")
    content = factories.ContentFactory(
        client=platform, author=author, version=2, conversation_id="thread-9", parent_external_id="post-1",
        url="https://soup.example/9", metadata={"ip": "10.0.0.1"}, language="en",
        status=ContentStatus.DECIDED, decision=Outcome.APPROVE, decided_at=timezone.now() - timedelta(days=1),
    )  # fmt: skip
    ContentVersion.objects.create(content=content, version=1, text="The soup was cold.", text_digest="d" * 64)
    result = factories.ResultFactory(content=content, outcome=Outcome.APPROVE)
    factories.PolicyDecisionFactory(content=content, result=result)
    return content


@transaction.atomic
def erase(*contents: Content) -> int:
    rows = Content.objects.select_for_update().filter(pk__in=[content.pk for content in contents])
    return erase_contents(contents=list(rows), actor="key:re_1a2b3c4d", reason="asked for by the client")


def test_the_text_and_the_personal_data_are_gone(told_everything):
    assert erase(told_everything) == 1
    row = Content.objects.values().get()
    assert {name: row[name] for name in ("text", "text_digest", "conversation_id", "parent_external_id", "url")} == {
        "text": "", "text_digest": "", "conversation_id": "", "parent_external_id": "", "url": "",
    }  # fmt: skip
    assert (row["metadata"], row["author_id"]) == ({}, None)
    assert row["erased_at"] == row["updated_at"]


def test_superseded_versions_are_deleted(told_everything):
    erase(told_everything)
    assert not ContentVersion.objects.exists()


def test_the_record_stays_as_it_was(told_everything):
    erase(told_everything)
    content = Content.objects.get()
    assert (content.external_id, content.version, content.status, content.decision) == (
        told_everything.external_id, 2, ContentStatus.DECIDED, Outcome.APPROVE,
    )  # fmt: skip
    assert content.decided_at == told_everything.decided_at
    assert Decision.objects.get().source == DecisionSource.POLICY
    assert ModerationResult.objects.get().scores == {"toxicity": 0.71, "spam": 0.02}


def test_the_act_is_in_the_audit_trail_without_any_of_the_text(told_everything):
    erase(told_everything)
    entry = AuditEntry.objects.get(action="content.erased")
    assert (entry.actor, entry.subject_type, entry.subject_id) == (
        "key:re_1a2b3c4d", "content", str(told_everything.pk),
    )  # fmt: skip
    assert entry.data == {"version": 2, "reason": "asked for by the client"}


def test_an_author_of_whom_nothing_is_left_loses_the_name_and_keeps_the_trust(told_everything):
    Author.objects.update(trust="restricted")
    erase(told_everything)
    author = Author.objects.get()
    assert (author.display_name, author.trust) == ("", "restricted")


def test_an_author_of_other_content_keeps_the_name(told_everything):
    factories.ContentFactory(client=told_everything.client, author=told_everything.author)
    erase(told_everything)
    assert Author.objects.get().display_name == "Uncle Bob"


def test_an_author_whose_contents_go_together_loses_the_name(told_everything):
    other = factories.ContentFactory(client=told_everything.client, author=told_everything.author)
    assert erase(told_everything, other) == 2
    assert Author.objects.get().display_name == ""


def test_erasing_again_changes_nothing(told_everything):
    erase(told_everything)
    before = Content.objects.values().get()
    assert erase(told_everything) == 0
    assert Content.objects.values().get() == before
    assert AuditEntry.objects.filter(action="content.erased").count() == 1


def test_no_content_is_no_work(django_assert_num_queries):
    with django_assert_num_queries(2):  # the savepoint
        assert erase_contents(contents=[], actor="system", reason="none") == 0


@pytest.mark.parametrize(
    "state",
    [
        {"status": ContentStatus.PENDING},
        {
            "status": ContentStatus.PROCESSING,
            "lease_token": "0191e2f4-5f4e-7c8d-9a1b-2c3d4e5f6a7b",
            "lease_expires_at": timezone.now() + timedelta(minutes=1),
        },
        {"status": ContentStatus.IN_REVIEW, "decision": Outcome.REVIEW},
    ],
    ids=lambda state: str(state["status"]),
)
def test_content_that_was_not_decided_is_recorded_as_rejected_by_the_client(state, platform):
    erase(factories.ContentFactory(client=platform, **state))
    content, decision = Content.objects.get(), Decision.objects.get()
    assert (content.status, content.decision, content.lease_token) == (ContentStatus.DECIDED, Outcome.REJECT, None)
    assert (decision.outcome, decision.source, decision.rule) == (Outcome.REJECT, DecisionSource.API, "erased")
    assert AuditEntry.objects.filter(action="decision.recorded", actor="key:re_1a2b3c4d").count() == 1


def test_a_worker_that_held_it_finds_its_lease_gone(platform):
    from moderation.leases import claim_batch, lock_held

    factories.ContentFactory(client=platform)
    batch = claim_batch()
    erase(*batch)
    with transaction.atomic():
        assert lock_held(batch) == set()


def test_its_open_case_is_cancelled(platform):
    case = factories.CaseFactory(content__client=platform)
    erase(case.content)
    case.refresh_from_db()
    assert (case.status, case.claimed_by) == (CaseStatus.CANCELLED, None)


def test_the_policys_decision_to_review_is_overridden(platform):
    case = factories.CaseFactory(content__client=platform)
    erase(case.content)
    assert Decision.objects.get(source=DecisionSource.API).overrides.source == DecisionSource.POLICY


def test_the_platform_is_told_that_undecided_content_was_rejected(platform):
    factories.EndpointFactory(client=platform)
    erase(factories.ContentFactory(client=platform))
    event = WebhookEvent.objects.get()
    assert (event.type, event.payload["data"]["rule"]) == ("content.rejected", "erased")


def test_the_number_of_queries_does_not_grow_with_the_contents(platform, django_assert_max_num_queries):
    contents = [factories.ContentFactory(client=platform, status="decided", decision="reject") for _ in range(20)]
    with django_assert_max_num_queries(21):
        assert erase(*contents) == 20


def test_erased_content_that_comes_again_is_new_content(platform):
    from moderation.ingest.store import Submission, submit_content

    content = factories.ContentFactory(client=platform, external_id="post-7")
    text = content.text
    erase(content)
    receipt = submit_content(client_id=platform.pk, submission=Submission(external_id="post-7", text=text))
    content.refresh_from_db()
    assert (receipt.id, receipt.accepted) == (content.pk, True)
    assert (content.text, content.version, content.status, content.erased_at) == (text, 2, "pending", None)
