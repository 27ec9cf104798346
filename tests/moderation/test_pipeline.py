"""A batch on its way: claimed, read, judged, settled."""

import pytest

from moderation.audit import seal_entries, verify_chain
from moderation.models import AuditEntry, Content, Decision, ModerationResult, ReviewCase
from moderation.pipeline import drain
from tests.factories import ContentFactory

pytestmark = pytest.mark.django_db
RUDE = "You are a stupid idiot, shut up."


def test_ordinary_content_is_approved():
    content = ContentFactory()
    drain()
    content.refresh_from_db()
    assert (content.status, content.decision, content.lease_token) == ("decided", "approve", None)
    assert content.decided_at is not None


def test_doubtful_content_opens_a_case():
    content = ContentFactory(text=RUDE)
    drain()
    content.refresh_from_db()
    case = ReviewCase.objects.get()
    assert (content.status, content.decision, content.decided_at) == ("in_review", "review", None)
    assert (case.content, case.content_version, case.result) == (content, 1, ModerationResult.objects.get())


def test_result_decision_and_audit_tell_the_same_story():
    ContentFactory(text=RUDE)
    drain()
    result, decision = ModerationResult.objects.get(), Decision.objects.get()
    assert (decision.result, decision.outcome, decision.rule) == (result, result.outcome, result.rule)
    assert decision.source == "policy"
    entry = AuditEntry.objects.get(action="decision.recorded")
    assert (entry.actor, entry.subject_id) == ("policy:default@1", str(decision.pk))
    seal_entries()
    assert list(verify_chain()) == []


def test_a_batch_costs_the_same_number_of_queries_whatever_its_size(django_assert_num_queries):
    from moderation.leases import claim_batch
    from moderation.pipeline import moderate

    ContentFactory()
    drain()
    for size in (3, 50):
        ContentFactory.create_batch(size)
        batch = claim_batch()
        assert len(batch) == size
        with django_assert_num_queries(21):
            moderate(batch)


def test_an_empty_queue_is_left_alone(django_assert_num_queries):
    assert drain() is False
    assert not Content.objects.exists()


def test_full_batches_call_for_help(settings):
    ContentFactory.create_batch(65)
    calls = []
    drain(on_full_batch=lambda: calls.append(1))
    assert len(calls) == 1
