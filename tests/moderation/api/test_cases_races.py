"""Many consoles at one pile of cases, over the API, with real threads and real transactions."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from moderation.models import Decision, ReviewCase
from tests import factories

PEOPLE = 30
CASES = "/api/v1/review/cases"

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("groups")]


def all_at_once(act, arguments: list) -> list:
    """What ``act`` answers for each argument, called at the same moment in a thread each."""
    start = threading.Barrier(len(arguments))

    def run(argument):
        try:
            start.wait()
            return act(argument)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(run, arguments))


def test_thirty_people_claim_thirty_cases_and_none_twice(api, platform, stranger):
    factories.CaseFactory.create_batch(PEOPLE, content__client=platform)
    factories.CaseFactory.create_batch(5, content__client=stranger, priority=99)
    names = [person.username for person in factories.ModeratorFactory.create_batch(PEOPLE)]
    answers = all_at_once(lambda name: api.post(f"{CASES}/claim", {"moderator": name}), names)
    assert {answer.status_code for answer in answers} == {200}
    claimed = {answer.json()["id"] for answer in answers}
    assert claimed == {
        str(pk) for pk in ReviewCase.objects.filter(content__client=platform).values_list("pk", flat=True)
    }
    assert not ReviewCase.objects.filter(content__client=stranger).exclude(claimed_by=None).exists()


def test_two_decide_the_same_case_and_one_is_refused(api, alice, platform):
    factories.CaseFactory(content__client=platform)
    claimed = api.post(f"{CASES}/claim", {"moderator": "alice"}).json()
    held = {"moderator": "alice", "lease_token": claimed["claim"]["lease_token"], "content_version": 1}
    bodies = [{**held, "outcome": "approve"}, {**held, "outcome": "reject", "reasoning": "Too much soup"}]
    answers = all_at_once(lambda body: api.post(f"{CASES}/{claimed['id']}/decide", body), bodies)
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    (won,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert Decision.objects.get(source="moderator").outcome == won["decision"]["outcome"]


def test_the_same_decision_thirty_times_at_once_is_stored_once(api, alice, platform):
    factories.CaseFactory(content__client=platform)
    claimed = api.post(f"{CASES}/claim", {"moderator": "alice"}).json()
    held = {"moderator": "alice", "lease_token": claimed["claim"]["lease_token"], "content_version": 1}
    body = {**held, "outcome": "approve"}
    answers = all_at_once(lambda _: api.post(f"{CASES}/{claimed['id']}/decide", body), [None] * PEOPLE)
    assert {answer.status_code for answer in answers} == {200}
    assert Decision.objects.filter(source="moderator").count() == 1
