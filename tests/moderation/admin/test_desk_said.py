"""What the desk says of what was done: in one place, to whoever did it, and to whoever lost a case by it."""

import pytest
from django.urls import reverse
from django_redis import get_redis_connection

from moderation.models import ReviewCase
from moderation.review.assignments import reassign
from moderation.review.claims import claim_case, claim_next
from moderation.review.leases import release_claims
from moderation.review.return_to_queue import return_to_queue
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
DESK = "/admin/review/"


@pytest.fixture(autouse=True)
def nothing_kept():
    get_redis_connection("default").flushdb()


@pytest.fixture
def case(alice) -> ReviewCase:
    """A case that Alice holds."""
    factories.CaseFactory(content=factories.InReviewContentFactory(external_id="soup-7"))
    return claim_next(moderator=alice)


def _post(browser, case, act, **typed):
    claim = {"lease_token": str(case.lease_token), "content_version": case.content_version}
    return browser.post(f"/admin/review/case/{case.pk}/{act}/", {**claim, **typed}, follow=True).content.decode()


def test_a_skip_is_confirmed(signed_in, alice, case):
    assert "Skipped soup-7: it stays with others." in _post(signed_in(alice), case, "skip")


def test_a_note_is_confirmed(signed_in, alice, case):
    assert "The note is kept." in _post(signed_in(alice), case, "note", note_text="Third time.")


@pytest.mark.parametrize(
    ("take", "words"),
    [
        (
            lambda case, lead, bob: reassign(case_ids=[case.pk], lead=lead, to=bob, note=""),
            "lead gave your case soup-7 to bob.",
        ),
        (
            lambda case, lead, bob: return_to_queue(case_ids=[case.pk], lead=lead),
            "lead took your case soup-7 back to its queue.",
        ),
        (
            lambda case, lead, bob: release_claims(case_ids=[case.pk], lead=lead),
            "lead took your case soup-7 back to its queue.",
        ),
    ],
    ids=["given", "returned", "released"],
)
def test_whoever_loses_a_case_is_told_on_the_open_page_and_once_on_the_next(
    signed_in, alice, lead, bob, case, take, words
):
    browser, renew = signed_in(alice), reverse("admin:review_renew", args=[case.pk])
    take(case, lead, bob)
    assert browser.post(renew, {"lease_token": str(case.lease_token)}).json() == {"message": words}
    assert words in browser.get(DESK).content.decode()
    assert words not in browser.get(DESK).content.decode()


def test_a_lead_is_not_told_of_what_they_took_from_themselves(signed_in, lead):
    case = factories.CaseFactory()
    claim_case(case_id=case.pk, moderator=lead)
    release_claims(case_ids=[case.pk], lead=lead)
    assert "your case" not in signed_in(lead).get(DESK).content.decode()


def test_the_chosen_queue_is_kept_while_one_stays(signed_in, alice):
    queue = factories.QueueFactory(slug="soup", name="Soup")
    factories.CaseFactory.create_batch(2, queue=queue)
    case = claim_next(moderator=alice, queue=queue)
    page = _post(signed_in(alice), case, "decide", outcome="approve", stay="yes", queue="soup")
    assert 'href="/admin/review/next/?queue=soup" data-key="g"' in page
