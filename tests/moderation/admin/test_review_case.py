"""Review cases in the console: facts to read, and claims that a lead may release."""

from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.models import AuditEntry, ReviewCase
from moderation.review.claims import claim_next
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/admin/moderation/reviewcase/"


def _listed(client, **query) -> list[str]:
    response = client.get(LIST, query)
    assert response.status_code == 200
    return sorted(case.content.external_id for case in response.context["cl"].result_list)


def _case(external_id, **facts) -> ReviewCase:
    return factories.CaseFactory(content__external_id=external_id, **facts)


@pytest.fixture
def cases(alice, bob):
    """One case that Alice holds, one of Bob's, one that is free and late."""
    _case("of-alice", priority=90)
    claim_next(moderator=alice)
    _case("of-bob", priority=80)
    claim_next(moderator=bob)
    _case("free", due_at=timezone.now() - timedelta(minutes=5))


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ({}, ["free", "of-alice", "of-bob"]),
        ({"claim": "mine"}, ["of-alice"]),
        ({"claim": "held"}, ["of-alice", "of-bob"]),
        ({"claim": "free"}, ["free"]),
        ({"due": "overdue"}, ["free"]),
        ({"q": "of-"}, ["of-alice", "of-bob"]),
    ],
)
def test_cases_are_found(signed_in, alice, cases, query, listed):
    assert _listed(signed_in(alice), **query) == listed


def test_claim_that_ran_out_is_free(signed_in, alice, cases):
    ReviewCase.objects.filter(claimed_by=alice).update(lease_expires_at=timezone.now())
    assert _listed(signed_in(alice), claim="free") == ["free", "of-alice"]


def test_case_is_read_only_and_leads_to_the_desk(signed_in, alice):
    case = _case("post-1")
    page = signed_in(alice).get(f"{LIST}{case.pk}/change/").content.decode()
    assert f'<a href="/admin/review/case/{case.pk}/">Claim it at the desk</a>' in page
    assert 'name="_save"' not in page
    assert signed_in(alice).post(f"{LIST}{case.pk}/change/", {"priority": 1}).status_code == 403


def test_resolved_case_cannot_be_claimed_from_its_page(signed_in, alice):
    page = signed_in(alice).get(f"{LIST}{factories.ResolvedCaseFactory().pk}/change/").content.decode()
    assert "Claim it at the desk" not in page


def _release(client, *cases):
    ids = [str(case.pk) for case in cases]
    return client.post(LIST, {"action": "release", "_selected_action": ids}, follow=True)


def test_lead_releases_claims_and_it_is_audited(signed_in, lead, bob, cases):
    case = ReviewCase.objects.get(claimed_by=bob)
    page = _release(signed_in(lead), case).content.decode()
    case.refresh_from_db()
    assert case.claimed_by is None
    assert "1 claim released." in page
    assert AuditEntry.objects.get(action="case.released").actor == "user:lead"


def test_moderator_releases_nothing(signed_in, alice, bob, cases):
    case = ReviewCase.objects.get(claimed_by=bob)
    _release(signed_in(alice), case)
    case.refresh_from_db()
    assert case.claimed_by == bob


@pytest.mark.parametrize("count", [2, 20])
def test_queries_do_not_grow_with_the_list(signed_in, alice, django_assert_max_num_queries, count):
    factories.CaseFactory.create_batch(count)
    browser = signed_in(alice)
    with django_assert_max_num_queries(9):
        assert browser.get(LIST).status_code == 200
