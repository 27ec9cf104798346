"""Cases that measure people are no work that waits, and end with what they are about."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from dashboard.queries import overdue_cases, waiting_by_queue_and_age
from moderation.enums import CaseSource, CaseStatus
from moderation.models import Content, ReviewCase
from moderation.retention import clean_up, erase_contents
from moderation.review.claims import claim_case, claim_next
from moderation.review.offers import offer_case
from moderation.review.queue import NewCase, cancel_cases, open_cases
from moderation.review.reports import report_content
from moderation.review.sla import client_loads, queue_loads
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def double(general, alice):
    """A second case about what Alice has rejected, past its time."""
    return factories.DoubleCaseFactory(
        first_decision__moderator=alice, due_at=timezone.now() - timedelta(hours=1), first_decision__content__version=2
    )


def test_loads_do_not_count_it(double, bob):
    for loads in (queue_loads(moderator=bob), client_loads(client_id=double.client_id)):
        assert {(load.open, load.waiting, load.overdue) for load in loads} == {(0, 0, 0)}


def test_dashboard_does_not_count_it(double):
    now = timezone.now()
    assert overdue_cases(now) == 0
    assert {sum(queue.by_age) for queue in waiting_by_queue_and_age(now)} == {0}


def test_it_is_claimed_as_the_next_case(double, bob):
    assert claim_next(moderator=bob) == double


def test_it_is_claimed_by_nobody_for_whom_it_was_not_made(double, alice, senior, bob):
    for person in (alice, senior):
        with pytest.raises(ReviewCase.DoesNotExist):
            claim_case(case_id=double.pk, moderator=person)
    offer_case(moderator=bob, queue=None)
    with pytest.raises(ReviewCase.DoesNotExist):
        claim_case(case_id=double.pk, moderator=senior)
    assert claim_case(case_id=double.pk, moderator=bob).claimed_by == bob


def test_key_of_a_platform_is_never_given_it(double, bob):
    assert claim_next(moderator=bob, client_id=double.client_id) is None


def test_who_may_not_decide_is_not_offered_it(double, auditor):
    with pytest.raises(PermissionDenied):
        claim_next(moderator=auditor)
    double.refresh_from_db()
    assert double.assigned_to is None


def test_edit_of_the_content_ends_it(double):
    cancel_cases(content_ids=[double.content_id])
    double.refresh_from_db()
    assert double.status == CaseStatus.CANCELLED


def test_erasure_of_the_content_ends_it(double):
    with_lock = list(Content.objects.select_for_update().filter(pk=double.content_id))
    erase_contents(contents=with_lock, actor="system", reason="test")
    double.refresh_from_db()
    assert double.status == CaseStatus.CANCELLED


def test_it_does_not_keep_its_content_from_being_erased_by_age(double):
    Content.objects.filter(pk=double.content_id).update(decided_at=timezone.now() - timedelta(days=4000))
    clean_up(older_than_days=3000)
    assert Content.objects.get(pk=double.content_id).erased_at is not None


def test_report_opens_a_case_beside_it(double):
    content = Content.objects.select_for_update().get(pk=double.content_id)
    report_content(content=content, reporter="reader", reason="insult", comment="", actor="key:test")
    double.refresh_from_db()
    assert double.status == CaseStatus.OPEN
    assert ReviewCase.objects.ordinary().get(status=CaseStatus.OPEN).source == CaseSource.REPORT


def test_new_version_of_the_content_ends_it(double):
    Content.objects.filter(pk=double.content_id).update(version=3)
    content = Content.objects.select_for_update().get(pk=double.content_id)
    open_cases(items=[NewCase(content, 3, None, "general", 50)])
    double.refresh_from_db()
    assert double.status == CaseStatus.CANCELLED
