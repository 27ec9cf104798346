"""Calls of many threads share the panel's batches, and each gets what it would have got alone."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bench.texts import FULL_CHAIN, ORDINARY
from moderation import in_force, scoring
from moderation.in_force import apply_policy, detector_panel, forget_standing, recently_in_force
from moderation.models import TermList
from moderation.scoring import Busy, read_texts, score_texts
from reviewengine import conf

pytestmark = pytest.mark.django_db
ODD = (
    "",
    "ok",
    "Der Regen war laut und die Suppe war warm.",
    "1234 5678 " * 200,
    "a.b@example.com http://shop.example",
)
STRICT = """
version: 1
policy: strict
rules:
  - {name: all, then: review, queue: general, reason: Everything is looked at}
default: approve
"""
TEXTS = (*ORDINARY, *FULL_CHAIN, *ODD)


@pytest.fixture
def a_day_is_a_second(monkeypatch):
    """What is remembered is looked at again when the test says so."""
    monkeypatch.setattr(in_force, "REMEMBERED_SECONDS", 1e6)

    def pass_time() -> None:
        in_force._standing = replace(in_force._standing, seen_at=-1e9)

    return pass_time


def test_a_text_scores_the_same_in_any_company(platform):
    alone = [detector_panel().detect([text])[0] for text in TEXTS]
    recently_in_force()  # the threads do not see this test's rows: they go by what is remembered
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda text: read_texts([text], [""])[0], TEXTS * 2))
    assert together == alone * 2
    assert read_texts(TEXTS, [""] * len(TEXTS)) == alone


def test_it_refuses_what_it_cannot_begin_in_time(platform, monkeypatch):
    current = conf.load()
    api = current.api.model_copy(update={"score_wait_seconds": 0.05})
    monkeypatch.setattr(conf, "load", lambda: current.model_copy(update={"api": api}))
    batches = scoring._batches()
    monkeypatch.setattr(batches, "_reading", True)  # as while another thread reads a very long batch
    with pytest.raises(Busy):
        score_texts(["The soup was warm."], client_id=platform.pk)


def test_where_another_service_is_asked_nobody_waits_for_the_answers_of_others(platform, monkeypatch):
    monkeypatch.setattr(scoring, "_batches", lambda: pytest.fail("a batch in common"))
    monkeypatch.setattr(recently_in_force().panel, "asks_elsewhere", True)
    (scored,) = score_texts(["The soup was warm."], client_id=platform.pk)
    assert scored.verdict.outcome == "approve"


def test_what_is_in_force_is_looked_up_once_in_a_while(platform, django_assert_num_queries, a_day_is_a_second):
    score_texts(["The soup was warm."], client_id=platform.pk)
    with django_assert_num_queries(0):
        score_texts(["The rain was loud."], client_id=platform.pk)


def test_a_changed_list_counts_when_it_is_looked_up_again(platform, a_day_is_a_second):
    read_texts(["borscht"], [""])
    TermList.objects.create(name="soups", category="spam", score=0.9, terms=["borscht"])
    assert read_texts(["borscht"], [""])[0].scores["spam"] < 0.5
    a_day_is_a_second()
    assert read_texts(["borscht"], [""])[0].scores["spam"] >= 0.9


def test_a_changed_policy_of_a_client_counts_when_it_is_looked_up_again(platform, a_day_is_a_second):
    (before,) = score_texts(["The soup was warm."], client_id=platform.pk)
    platform.policy = apply_policy(source=STRICT, actor="user:lead")[0].policy
    platform.save()
    a_day_is_a_second()
    (after,) = score_texts(["The soup was warm."], client_id=platform.pk)
    assert (before.policy, after.policy) == ("default@1", "strict@1")


def test_those_who_come_while_one_looks_again_go_on_with_what_they_have(platform, a_day_is_a_second):
    before = recently_in_force()
    a_day_is_a_second()
    with in_force._looking:
        assert recently_in_force().panel is before.panel
    assert recently_in_force().seen_at > before.seen_at - 1


def test_warming_up_loads_the_panel(platform):
    forget_standing()
    scoring.warm_up()
    assert in_force._standing is not None
