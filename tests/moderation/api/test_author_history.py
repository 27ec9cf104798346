"""GET /api/v1/authors/{id}/history: decisions and acts as one list."""

import pytest
from django.utils import timezone

from moderation.authors import change_author, reinstate_author, suspend_author
from moderation.models import AuditEntry, Author, Decision
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def robin(platform) -> Author:
    return factories.AuthorFactory(client=platform, external_id="u1")


@pytest.fixture
def decision(platform, robin) -> Decision:
    content = factories.DecidedContentFactory(client=platform, author=robin, external_id="post-1", decision="reject")
    return factories.ModeratorDecisionFactory(content=content, reasoning="An insult", private_note="Again him")


def history(api, author, **parameters):
    return api.get(f"/api/v1/authors/{author.public_id}/history", **parameters)


def test_decisions_and_acts_are_told_newest_first(api, robin, decision):
    suspend_author(author=robin, actor="user:alice", reason="Third insult")
    change_author(author=robin, actor="key:re_12345678", trust="restricted")
    acts = [{"author.changed": "api", "author.suspended": "console"}]
    changed, suspended, decided = history(api, robin).json()["results"]
    assert {one["act"]["action"]: one["act"]["by"] for one in (changed, suspended)} == acts[0]
    assert changed["act"]["changes"] == {"trust": ["normal", "restricted"]}
    assert (suspended["act"]["reason"], suspended["act"]["until"]) == ("Third insult", None)
    assert decided["decision"] == {
        "id": str(decision.pk),
        "content_id": str(decision.content_id),
        "external_id": "post-1",
        "content_version": 1,
        "outcome": "reject",
        "source": "moderator",
        "rule": "",
        "label": "",
        "reasoning": "An insult",
    }


def test_neither_private_notes_nor_names_of_persons_are_told(api, robin, decision):
    suspend_author(author=robin, actor="user:alice", reason="Third insult")
    told = history(api, robin).content.decode()
    assert "Again him" not in told
    assert "alice" not in told


def test_the_history_is_walked_both_ways_through_both_tables(api, robin, platform):
    for _ in range(4):
        factories.ModeratorDecisionFactory(content__client=platform, content__author=robin)
        suspend_author(author=robin, actor="system", reason="Spam")
        reinstate_author(author=robin, actor="system")
    # All at one moment: the order must not depend on the time alone.
    Decision.objects.update(created_at=timezone.now())
    AuditEntry.objects.update(created_at=Decision.objects.first().created_at)
    whole = history(api, robin).json()["results"]
    pages = [history(api, robin, limit=5).json()]
    while pages[-1]["next"]:
        pages.append(api.client.get(pages[-1]["next"], headers=api.headers).json())
    assert len(whole) == 12
    assert [row for page in pages for row in page["results"]] == whole
    back = api.client.get(pages[-1]["previous"], headers=api.headers).json()
    assert back["results"] == pages[-2]["results"]
    assert pages[0]["previous"] is None


def test_of_another_author_nothing_is_told(api, robin, platform):
    other = factories.AuthorFactory(client=platform)
    factories.ModeratorDecisionFactory(content__client=platform, content__author=other)
    suspend_author(author=other, actor="system", reason="Spam")
    assert history(api, robin).json() == {"results": [], "next": None, "previous": None}


@pytest.mark.parametrize(
    "cursor",
    [
        "none",
        "W10",  # []
        "WyJmIiwxLDIsM10",  # ["f",1,2,3]
        "WyJmIiwiMjAyNi0wMS0wMSIsImFjdCIsIjEiXQ",  # a time without a zone
        "WyJmIiwiMjAyNi0wMS0wMVQwMDowMDowMFoiLCJkZWNpc2lvbiIsIjEiXQ",  # a decision's id that is none
        "WyJmIiwiMjAyNi0wMS0wMVQwMDowMDowMFoiLCJhY3QiLCJ4Il0",
    ],
)
def test_a_made_up_cursor_is_refused(api, robin, cursor):
    answer = history(api, robin, cursor=cursor)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


def test_unknown_parameters_are_refused(api, robin):
    assert history(api, robin, kind="act").json()["code"] == "invalid_parameter"


def test_a_longer_history_asks_no_more_queries(api, robin, platform, django_assert_max_num_queries):
    factories.ModeratorDecisionFactory(content__client=platform, content__author=robin)
    history(api, robin)
    with django_assert_max_num_queries(4) as few:
        history(api, robin)
    for _ in range(8):
        factories.ModeratorDecisionFactory(content__client=platform, content__author=robin)
    with django_assert_max_num_queries(len(few)):
        history(api, robin)
