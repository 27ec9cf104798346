"""Promise 2, by force: fifty people at one pile of cases, with real threads and real transactions."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.db import connection

from moderation.enums import CaseStatus, ContentStatus, DecisionSource, Outcome
from moderation.models import AuditEntry, Content, Decision, ReviewCase
from moderation.review.claims import claim_next
from moderation.review.leases import skip_case
from moderation.review.resolve import resolve_case
from moderation.review.stale import StaleDecision
from tests import factories

REVIEWERS = 50
CASES = 500

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("groups")]


@dataclass
class Tally:
    """What the reviewers saw, told by them and not by the database."""

    decided: list = field(default_factory=list)
    refused: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add_decision(self, case, moderator):
        with self.lock:
            self.decided.append((case.pk, moderator.pk))

    def add_refusal(self):
        with self.lock:
            self.refused += 1


def _make_pile(cases):
    """Cases of one platform, in two queues."""
    queues = [factories.QueueFactory(), factories.QueueFactory(slug="spam", name="Spam")]
    platform = factories.ApiClientFactory()
    for n in range(cases):
        factories.CaseFactory(content__client=platform, queue=queues[n % 2], priority=n % 100)


@contextmanager
def _own_connection():
    try:
        yield
    finally:
        connection.close()


def _try_to_decide(case, moderator, token, tally):
    try:
        resolve_case(
            case_id=case.pk,
            moderator=moderator,
            lease_token=token,
            content_version=case.content_version,
            outcome=Outcome.REJECT,
            reasoning=f"by {moderator.pk}",
        )
        tally.add_decision(case, moderator)
    except StaleDecision:
        tally.add_refusal()


def _review(moderator, tally, seed):
    """Works until nothing waits: decides, double-clicks, skips, and now and then comes back late with a lost claim."""
    chance = random.Random(seed)
    with _own_connection():
        while (case := claim_next(moderator=moderator)) is not None:
            what = chance.random()
            if what < 0.1:
                skip_case(case_id=case.pk, moderator=moderator, lease_token=case.lease_token)
                _try_to_decide(case, moderator, case.lease_token, tally)  # stale: given back
            elif what < 0.2:
                renewed = claim_next(moderator=moderator)  # the same case in a second tab
                _try_to_decide(case, moderator, case.lease_token, tally)  # stale: the older tab
                _try_to_decide(renewed, moderator, renewed.lease_token, tally)
            else:
                _try_to_decide(case, moderator, case.lease_token, tally)
                _try_to_decide(case, moderator, case.lease_token, tally)  # stale: a double click


def _assert_each_decided_once(tally):
    by_people = Decision.objects.filter(source=DecisionSource.MODERATOR)
    assert Counter(by_people.values_list("content", flat=True)).most_common(1)[0][1] == 1
    assert by_people.count() == len(tally.decided) == CASES
    assert sorted(tally.decided) == sorted(ReviewCase.objects.values_list("pk", "decision__moderator"))
    assert ReviewCase.objects.filter(status=CaseStatus.RESOLVED).count() == CASES
    assert Content.objects.filter(status=ContentStatus.DECIDED, decision=Outcome.REJECT).count() == CASES
    assert AuditEntry.objects.filter(action="decision.recorded").count() == CASES


def test_fifty_reviewers_decide_five_hundred_cases_once_each():
    _make_pile(CASES)
    people, tally = factories.ModeratorFactory.create_batch(REVIEWERS), Tally()
    with ThreadPoolExecutor(REVIEWERS) as pool:
        for reviewer in [pool.submit(_review, person, tally, n) for n, person in enumerate(people)]:
            reviewer.result()
    _assert_each_decided_once(tally)
    # Each case was decided by a double click or from two tabs, so that each has at least one refusal.
    assert tally.refused >= CASES


def test_fifty_tabs_with_the_same_claim_decide_it_once(alice):
    """The worst double click there could be: the same token fifty times at the same moment."""
    _make_pile(1)
    tally, start = Tally(), threading.Barrier(REVIEWERS)
    case = claim_next(moderator=alice)

    def post(_):
        with _own_connection():
            start.wait()
            _try_to_decide(case, alice, case.lease_token, tally)

    with ThreadPoolExecutor(REVIEWERS) as pool:
        list(pool.map(post, range(REVIEWERS)))
    assert tally.decided == [(case.pk, alice.pk)]
    assert tally.refused == REVIEWERS - 1
    assert Decision.objects.filter(source=DecisionSource.MODERATOR).count() == 1


def test_lease_that_ends_at_the_moment_of_the_decision_goes_to_one_of_the_two(alice, bob):
    """A late decision and a takeover race: either may win, never both."""
    for _ in range(20):
        _make_pile(1)
        late = claim_next(moderator=alice)
        ReviewCase.objects.filter(pk=late.pk).update(lease_expires_at=late.claimed_at)
        tally = _race(alice, bob, late)
        assert [pk for pk, _ in tally.decided] == [late.pk]
        assert Decision.objects.filter(content=late.content_id, source=DecisionSource.MODERATOR).count() == 1


def _race(alice, bob, late):
    tally, start = Tally(), threading.Barrier(2)

    def decide_late():
        with _own_connection():
            start.wait()
            _try_to_decide(late, alice, late.lease_token, tally)

    def take_over():
        with _own_connection():
            start.wait()
            if (taken := claim_next(moderator=bob)) is not None:
                _try_to_decide(taken, bob, taken.lease_token, tally)

    with ThreadPoolExecutor(2) as pool:
        for act in (pool.submit(decide_late), pool.submit(take_over)):
            act.result()
    return tally
