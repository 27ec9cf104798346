"""Promise 2, by force: fifty people at one pile of cases, with real threads and real transactions."""

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from moderation.enums import CaseStatus, ContentStatus, DecisionSource, Outcome
from moderation.models import AuditEntry, Content, Decision, ReviewCase
from moderation.review.assignments import hand_over, hold_case
from moderation.review.capacity import TooManyHeld
from moderation.review.claims import claim_next
from moderation.review.leases import look_again, renew_claim, skip_case
from moderation.review.resolve import resolve_case
from moderation.review.stale import StaleDecision
from tests import factories

REVIEWERS = 50
CASES = 1000

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("groups")]


@dataclass
class Tally:
    """What the reviewers saw, told by them and not by the database."""

    decided: list = field(default_factory=list)
    refused: int = 0
    acts: Counter = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add_decision(self, case, moderator):
        with self.lock:
            self.decided.append((case.pk, moderator.pk))

    def add_act(self, act):
        with self.lock:
            self.acts[act] += 1

    def add_refusal(self):
        with self.lock:
            self.refused += 1


def _make_pile(cases):
    """Cases of one platform, in two queues."""
    queues = [factories.QueueFactory(), factories.QueueFactory(slug="spam", name="Spam")]
    platform = factories.ApiClientFactory()
    contents = [factories.InReviewContentFactory.build(client=platform) for _ in range(cases)]
    facts = {"client": platform, "content_version": 1, "due_at": timezone.now() + timedelta(hours=24)}
    ReviewCase.objects.bulk_create(
        ReviewCase(content=content, queue=queues[n % 2], priority=n % 100, **facts)
        for n, content in enumerate(Content.objects.bulk_create(contents))
    )


@contextmanager
def _own_connection():
    try:
        yield
    finally:
        connection.close()


def _try_to_decide(case, moderator, token, tally):
    """Whether the decision was stored."""
    try:
        resolve_case(
            case_id=case.pk,
            moderator=moderator,
            lease_token=token,
            content_version=case.content_version,
            outcome=Outcome.REJECT,
            reasoning=f"by {moderator.pk}",
        )
    except StaleDecision:
        tally.add_refusal()
        return False
    tally.add_decision(case, moderator)
    return True


@dataclass
class Reviewer:
    """Works until nothing is open: mostly decides, and does now and then whatever else one does with a case."""

    person: User
    people: list
    tally: Tally
    chance: random.Random

    def work(self):
        with _own_connection():
            while (case := self._next()) or ReviewCase.objects.filter(status=CaseStatus.OPEN).exists():
                if case is None:
                    time.sleep(0.2)  # what is left is with others, or on hold for a moment
                else:
                    self._act_on(case)

    def _next(self):
        try:
            if (case := claim_next(moderator=self.person)) is None:
                look_again(moderator=self.person)
            return case
        except TooManyHeld:
            self.tally.add_act("full")
            return None

    def _act_on(self, case):
        acts = {"decide": 60, "double_click": 8, "skip": 8, "hold": 8, "pass_on": 6, "lose": 6, "two_tabs": 4}
        (act,) = self.chance.choices(list(acts), list(acts.values()))
        self.tally.add_act(act)
        getattr(self, f"_{act}")(case)

    def _decide(self, case):
        _try_to_decide(case, self.person, case.lease_token, self.tally)

    def _double_click(self, case):
        self._decide(case)
        self._refused(case)

    def _skip(self, case):
        skip_case(**self._claim_of(case))
        self._refused(case)

    def _hold(self, case):
        until = timezone.now() + timedelta(seconds=1)
        hold_case(**self._claim_of(case), until=until, reason="In a moment")
        self._refused(case)

    def _pass_on(self, case):
        to = self.chance.choice([person for person in self.people if person != self.person])
        hand_over(**self._claim_of(case), to=to, note="Yours")
        self._refused(case)

    def _lose(self, case):
        """The laptop is closed, and opened again: another may have it by then, or the claim is as good as new."""
        ReviewCase.objects.filter(pk=case.pk).update(lease_expires_at=case.claimed_at)
        time.sleep(self.chance.random() / 10)
        try:
            renew_claim(**self._claim_of(case))
        except StaleDecision:
            self._refused(case)
        else:
            self._decide(case)

    def _two_tabs(self, case):
        newer = claim_next(moderator=self.person)
        assert newer == case
        self._refused(case)
        self._decide(newer)

    def _refused(self, case):
        """A decision under a claim that has ended: it must not be stored, whoever has the case by now."""
        assert not _try_to_decide(case, self.person, case.lease_token, self.tally)

    def _claim_of(self, case):
        return {"case_id": case.pk, "moderator": self.person, "lease_token": case.lease_token}


def _assert_each_decided_once(tally):
    by_people = Decision.objects.filter(source=DecisionSource.MODERATOR)
    assert Counter(by_people.values_list("content", flat=True)).most_common(1)[0][1] == 1
    assert by_people.count() == len(tally.decided) == CASES
    assert sorted(tally.decided) == sorted(ReviewCase.objects.values_list("pk", "decision__moderator"))
    assert ReviewCase.objects.filter(status=CaseStatus.RESOLVED).count() == CASES
    assert Content.objects.filter(status=ContentStatus.DECIDED, decision=Outcome.REJECT).count() == CASES
    assert AuditEntry.objects.filter(action="decision.recorded").count() == CASES


def test_fifty_reviewers_decide_a_thousand_cases_once_each():
    _make_pile(CASES)
    people, tally = factories.ModeratorFactory.create_batch(REVIEWERS), Tally()
    reviewers = [Reviewer(person, people, tally, random.Random(n)) for n, person in enumerate(people)]
    with ThreadPoolExecutor(REVIEWERS) as pool:
        for done in [pool.submit(reviewer.work) for reviewer in reviewers]:
            done.result()
    _assert_each_decided_once(tally)
    # Every kind of lateness was there, and none of it was stored.
    assert min(tally.acts[act] for act in ("double_click", "skip", "hold", "pass_on", "lose", "two_tabs")) > 10
    assert tally.refused >= sum(tally.acts[act] for act in ("double_click", "skip", "hold", "pass_on", "two_tabs"))


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
