"""The start page of the desk and the list of a queue: what is due first, exact totals, and why a case stands there."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from moderation.admin.queue_page import A_PAGE
from moderation.enums import HoldKind, HoldStatus
from moderation.models import DecisionHold
from tests import factories

pytestmark = pytest.mark.django_db

START, LIST = "/admin/review/", "/admin/review/queue/general/"


@pytest.fixture
def general(db):
    return factories.QueueFactory()


def shown(response) -> list[str]:
    return [row.case.content.external_id for row in response.context["page"].rows]


def case(name, due_in=timedelta(hours=1), **row):
    return factories.CaseFactory(content__external_id=name, due_at=timezone.now() + due_in, **row)


def test_the_start_page_tells_what_is_free_beside_what_is_open(signed_in, alice, bob, general):
    case("free")
    case("his", assigned_to=bob, assigned_until=timezone.now() + timedelta(hours=1))
    response = signed_in(alice).get(START)
    (load,) = response.context["loads"]
    assert (load.free, load.open) == (1, 2)
    assert b"1 case is free for you" in response.content
    assert f'href="{LIST}"'.encode() in response.content


def test_who_may_not_decide_is_told_that_nothing_is_free_for_them(signed_in, auditor, general):
    case("one")
    case("two")
    for page in (START, LIST):
        assert "ree for you" not in signed_in(auditor).get(page).content.decode()
    assert b"2 cases wait for a moderator" in signed_in(auditor).get(START).content


def test_what_was_undone_is_not_counted_as_decided_today(signed_in, alice, general):
    for status in (None, HoldStatus.WITHDRAWN):
        decided = factories.ResolvedCaseFactory(queue=general, decision__moderator=alice)
        if status:
            facts = {"decision": decided.decision, "case": decided, "release_at": timezone.now()}
            DecisionHold.objects.create(kind=HoldKind.UNDO, status=status, ended_at=timezone.now(), **facts)
    assert b"You have decided 1 today." in signed_in(alice).get(START).content


def test_what_is_due_first_stands_first(signed_in, alice, general):
    case("later", timedelta(hours=3))
    case("overdue", timedelta(minutes=-5))
    case("soon", timedelta(minutes=5))
    response = signed_in(alice).get(LIST)
    assert shown(response) == ["overdue", "soon", "later"]
    assert "overdue by" in response.content.decode()


def test_what_is_not_due_soon_is_left_out_and_counted(signed_in, alice, general):
    case("soon")
    case("next-week", timedelta(days=7))
    response = signed_in(alice).get(LIST)
    assert (shown(response), response.context["load"].open) == (["soon"], 2)
    assert "1 of 2 open cases are due within 48 hours" in response.content.decode()
    assert shown(signed_in(alice).get(LIST + "?due=all")) == ["soon", "next-week"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("category=insult", ["insult"]),
        ("level=2", ["escalated"]),
        ("assigned=me", ["mine"]),
        ("assigned=somebody", ["mine"]),
        ("assigned=nobody", ["insult", "escalated", "late"]),
        ("due=overdue", ["late"]),
        ("category=insult&level=2", []),
    ],
)
def test_the_list_is_narrowed(signed_in, alice, general, query, expected):
    case("insult", categories=["insult"])
    case("escalated", timedelta(hours=2), level=2)
    case("mine", timedelta(hours=3), assigned_to=alice, assigned_until=timezone.now() + timedelta(hours=1))
    case("late", timedelta(minutes=-5))
    response = signed_in(alice).get(f"{LIST}?{query}")
    assert sorted(shown(response)) == sorted(expected)
    assert response.context["page"].total == len(expected)


def test_one_clients_cases_are_found(signed_in, alice, general, platform, stranger):
    case("ours", content__client=platform)
    case("theirs", content__client=stranger)
    assert shown(signed_in(alice).get(f"{LIST}?client={platform.pk}")) == ["ours"]


@pytest.mark.parametrize("query", ["category=nonsense", "level=9", "client=none", "due=someday"])
def test_what_is_not_understood_is_told_and_not_obeyed(signed_in, alice, general, query):
    case("one")
    response = signed_in(alice).get(f"{LIST}?{query}")
    assert response.status_code == 400
    assert shown(response) == ["one"]
    assert b'class="form-error"' in response.content


def test_pages_follow_one_another_without_a_gap_or_a_repeat(signed_in, alice, general):
    due_at = timezone.now() + timedelta(hours=1)  # all the same: the id tells them apart
    made = factories.CaseFactory.create_batch(A_PAGE + 3, queue=general, due_at=due_at)
    first = signed_in(alice).get(LIST)
    second = signed_in(alice).get(LIST + first.context["page"].next_query)
    assert (len(shown(first)), len(shown(second))) == (A_PAGE, 3)
    assert {*shown(first), *shown(second)} == {one.content.external_id for one in made}
    assert second.context["page"].next_query == ""
    assert second.context["page"].total == A_PAGE + 3


@pytest.mark.parametrize("after", ["x", "2026-01-01,", "2026-01-01T00:00:00,not-an-id", ",", "9" * 400])
def test_a_place_that_is_none_is_the_beginning(signed_in, alice, general, after):
    case("one")
    assert shown(signed_in(alice).get(LIST, {"after": after})) == ["one"]


def test_who_holds_a_case_stands_at_it(signed_in, alice, bob, general):
    now = timezone.now()
    lease = {"claimed_at": now, "lease_token": uuid4(), "lease_expires_at": now + timedelta(minutes=1)}
    held = case("held", claimed_by=bob, **lease)
    response = signed_in(alice).get(LIST)
    assert response.context["page"].rows[0].holder == bob
    assert f"/admin/review/case/{held.pk}/" not in response.content.decode()


def test_every_term_of_the_priority_is_explained(signed_in, alice, general):
    terms = {"severity": 40, "score": 2, "reports": 20, "reach": 10}
    reached = factories.AuthorFactory(reach=120_000)
    opened_at = timezone.now() - timedelta(hours=5, minutes=10)
    case("one", priority=72, priority_terms=terms, content__author=reached, opened_at=opened_at)
    html = signed_in(alice).get(LIST).content.decode()
    for words in (
        "What the policy&#x27;s rule “review-toxicity” gives</th><td>40",
        "The highest score is 0.71, where the rule asks for 0.6</th><td>2",
        "2 users report it</th><td>20",
        "The author reaches 120,000 people</th><td>10",
        "It waits for 5 h</th><td>+ 10",
    ):
        assert words in html


def test_the_case_page_explains_its_priority_by_key(signed_in, alice, general):
    one = case("one", priority=40)
    html = signed_in(alice).get(f"/admin/review/case/{one.pk}/").content.decode()
    assert 'data-key="x"' in html
    assert "Why it stands where it stands" in html


def test_a_queue_of_others_is_not_there(signed_in, alice):
    factories.QueueFactory(slug="minors", name="Minors", group_names=["lead"])
    assert signed_in(alice).get("/admin/review/queue/minors/").status_code == 404
    assert signed_in(alice).get("/admin/review/queue/none/").status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_takes_the_same_queries_for_any_number_of_rows(signed_in, alice, general, count):
    for number in range(count):
        case(f"case-{number}", content__author=factories.AuthorFactory())
    client = signed_in(alice)
    client.get(LIST)
    with CaptureQueriesContext(connection) as queries:
        assert len(shown(client.get(LIST))) == count
    assert len(queries) <= 20
    assert not any('"content"."text"' in query["sql"] for query in queries)
