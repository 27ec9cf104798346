"""The lead's live view: who may see it, and cases given to somebody else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from moderation.enums import CaseSource
from moderation.models import ReviewCase
from moderation.review.claims import claim_case
from tests import factories

GIVE = "admin:review_give"


@pytest.fixture
def held(alice):
    case = factories.CaseFactory(queue=factories.QueueFactory(slug="spam", name="Spam"))
    return claim_case(case_id=case.pk, moderator=alice)


def shown(answer) -> list[str]:
    return [str(message) for message in answer.wsgi_request._messages]


@pytest.mark.parametrize("page", ["review_live", "review_live_figures"])
def test_the_view_is_for_leads(signed_in, lead, alice, auditor, page):
    statuses = [signed_in(person).get(reverse(f"admin:{page}")).status_code for person in (lead, alice, auditor)]
    assert statuses == [200, 403, 403]


def test_it_shows_queues_people_and_cases(signed_in, lead, held):
    page = signed_in(lead).get(reverse("admin:review_live")).content.decode()
    assert all(words in page for words in ("Spam", "alice", held.content.external_id, "being decided"))


def test_a_case_is_given_to_somebody_else(signed_in, lead, held, bob):
    data = {"case": [held.pk], "to": "bob", "note": "You know this forum."}
    answer = signed_in(lead).post(reverse(GIVE), data)
    case = ReviewCase.objects.get(pk=held.pk)
    assert (case.assigned_to, case.claimed_by, case.assignment_note) == (bob, None, "You know this forum.")
    assert shown(answer) == ["1 case given to bob."]


@pytest.mark.parametrize("data", [{"to": "-"}, {"release": "1"}])
def test_a_case_goes_back_to_its_queue(signed_in, lead, held, data):
    signed_in(lead).post(reverse(GIVE), {"case": [held.pk], **data})
    assert ReviewCase.objects.get(pk=held.pk).claimed_by is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"to": "bob"}, "Tick the cases first."),
        ({"case": "here", "to": ""}, "Choose who gets the cases."),
        ({"case": "here", "to": "nobody"}, "nobody may not decide cases any more."),
        ({"case": "x; DROP", "to": "bob"}, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_named_and_nothing_changes(signed_in, lead, held, bob, data, words):
    data = {**data, "note": "typed text"} | ({"case": str(held.pk)} if data.get("case") == "here" else {})
    answer = signed_in(lead).post(reverse(GIVE), data)
    page = answer.content.decode()
    assert (answer.status_code, words in page, "typed text" in page) == (400, True, True)
    assert ReviewCase.objects.get(pk=held.pk).claimed_by == held.claimed_by


def test_a_case_that_is_gone_is_counted_as_left(signed_in, lead, held, bob):
    answer = signed_in(lead).post(reverse(GIVE), {"case": [held.pk, uuid4()], "to": "bob"})
    assert shown(answer)[1].startswith("1 case stayed where it was")


@pytest.mark.parametrize("source", [CaseSource.DOUBLE, CaseSource.GOLDEN])
@pytest.mark.parametrize("to", ["bob", "-"])
def test_a_case_that_measures_somebody_stays_like_one_that_was_decided_meanwhile(
    signed_in, alice, bob, lead, held, to, source
):
    def given(*cases) -> list[str]:
        return shown(signed_in(lead).post(reverse(GIVE), {"case": [case.pk for case in cases], "to": to}))

    later = timezone.now() + timedelta(hours=1)
    ReviewCase.objects.filter(pk=held.pk).update(source=source, assigned_to=alice, assigned_until=later)
    other = factories.CaseFactory(assigned_to=lead, assigned_until=later)
    stayed = ["1 case stayed where it was: it was decided or taken meanwhile."]
    assert given(held) == given(factories.ResolvedCaseFactory()) == stayed
    done, *left = given(held, other)
    assert (done.startswith("1 case "), left) == (True, stayed)
    held.refresh_from_db()
    assert (held.claimed_by, held.assigned_to) == (alice, alice)


def test_moderators_give_nothing(signed_in, alice, bob, held):
    assert signed_in(bob).post(reverse(GIVE), {"case": [held.pk], "to": "bob"}).status_code == 403
