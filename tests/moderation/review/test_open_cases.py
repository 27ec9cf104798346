"""The pipeline opens cases in bulk; edits and erasures cancel them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.enums import CaseStatus
from moderation.models import ReviewCase, ReviewQueue
from moderation.review.claims import claim_next
from moderation.review.queue import NewCase, cancel_cases, open_cases
from tests import factories

pytestmark = pytest.mark.django_db


def _new_case(*, queue_slug="general", priority=50) -> NewCase:
    result = factories.ResultFactory()
    return NewCase(result.content, result.content_version, result, queue_slug, priority)


def test_case_stands_in_the_named_queue_and_is_due_by_its_rule():
    queue = factories.QueueFactory(slug="hate", name="Hate", due_minutes=30)
    before = timezone.now()
    (case,) = open_cases(items=[_new_case(queue_slug="hate", priority=80)])
    case.refresh_from_db()
    assert (case.queue, case.priority, case.status) == (queue, 82, CaseStatus.OPEN)
    assert case.opened_at >= before
    assert case.due_at - case.opened_at == timedelta(minutes=30)


def test_unknown_queue_becomes_general_which_is_made_when_missing():
    (case,) = open_cases(items=[_new_case(queue_slug="no-such-queue")])
    assert case.queue.slug == "general"
    assert list(ReviewQueue.objects.values_list("slug", flat=True)) == ["general"]


def test_known_queue_does_not_make_general():
    factories.QueueFactory(slug="spam")
    open_cases(items=[_new_case(queue_slug="spam")])
    assert not ReviewQueue.objects.filter(slug="general").exists()


def test_nothing_to_open_opens_nothing():
    assert open_cases(items=[]) == []
    assert not ReviewQueue.objects.exists()


@pytest.mark.parametrize("count", [1, 40])
def test_queries_do_not_grow_with_the_batch(django_assert_num_queries, general, spam_queue, count):
    items = [_new_case(queue_slug="spam" if n % 2 else "general") for n in range(count)]
    # Savepoint, cancel what is open, read the queues, insert, release.
    with django_assert_num_queries(5):
        open_cases(items=items)
    assert ReviewCase.objects.count() == count


def test_open_case_of_an_older_version_is_cancelled():
    case = factories.CaseFactory()
    new = NewCase(case.content, 2, case.result, "general", 50)
    (replacement,) = open_cases(items=[new])
    case.refresh_from_db()
    assert case.status == CaseStatus.CANCELLED
    assert replacement.content_version == 2


def test_cancelled_case_is_taken_from_its_holder(alice):
    case = factories.CaseFactory()
    claim_next(moderator=alice)
    assert cancel_cases(content_ids=[case.content_id]) == 1
    case.refresh_from_db()
    assert (case.status, case.claimed_by, case.lease_token) == (CaseStatus.CANCELLED, None, None)


def test_cancelling_leaves_resolved_cases_and_other_contents_alone():
    other, resolved = factories.CaseFactory(), factories.ResolvedCaseFactory()
    assert cancel_cases(content_ids=[resolved.content_id]) == 0
    other.refresh_from_db()
    resolved.refresh_from_db()
    assert (other.status, resolved.status) == (CaseStatus.OPEN, CaseStatus.RESOLVED)
