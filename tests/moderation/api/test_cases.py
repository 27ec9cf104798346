"""Review cases over the API: the queues, and what waits in them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.models import ApiKey
from tests import factories

pytestmark = pytest.mark.django_db
CASES = "/api/v1/review/cases"


def test_the_queues_count_the_clients_own_cases(api, case, foreign_case):
    factories.ResolvedCaseFactory(content__client=case.content.client)
    (queue,) = api.get("/api/v1/review/queues").json()["results"]
    assert (queue["name"], queue["open"], queue["waiting"], queue["overdue"]) == ("general", 1, 1, 0)
    assert queue["oldest_at"] == case.opened_at.isoformat().replace("+00:00", "Z")


def test_the_list_is_in_the_order_of_the_queue(api, platform, foreign_case):
    old, young = timezone.now() - timedelta(hours=2), timezone.now() - timedelta(hours=1)
    mild = factories.CaseFactory(content__client=platform, priority=10, opened_at=old)
    second = factories.CaseFactory(content__client=platform, priority=80, opened_at=young)
    first = factories.CaseFactory(content__client=platform, priority=80, opened_at=old)
    answer = api.get(CASES).json()
    assert [row["id"] for row in answer["results"]] == [str(row.pk) for row in (first, second, mild)]
    assert (answer["next"], answer["previous"]) == (None, None)


def test_pages_of_one_priority_are_whole_in_both_directions(api, platform):
    for n in range(7):
        factories.CaseFactory(content__client=platform, opened_at=timezone.now() - timedelta(minutes=n // 3))
    seen, address = [], f"{CASES}?limit=3"
    while address:
        page = api.get(address).json()
        seen.append([row["id"] for row in page["results"]])
        address, before = page["next"], page["previous"]
    assert [len(ids) for ids in seen] == [3, 3, 1]
    assert len({one for ids in seen for one in ids}) == 7
    middle = api.get(before).json()
    assert [row["id"] for row in middle["results"]] == seen[1]
    first = api.get(middle["previous"]).json()
    assert ([row["id"] for row in first["results"]], first["previous"]) == (seen[0], None)


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({}, 1),
        ({"queue": "general"}, 1),
        ({"queue": "spam"}, 0),
        ({"overdue": "true"}, 0),
        ({"overdue": "false"}, 1),
        ({"status": "resolved"}, 0),
        ({"status": "all"}, 1),
        ({"claimed_by": "alice"}, 0),
    ],
)
def test_the_list_is_narrowed(api, case, parameters, found):
    assert len(api.get(CASES, **parameters).json()["results"]) == found


def test_a_content_leads_to_its_cases(api, case, foreign_case):
    (row,) = api.get(CASES, content_id=str(case.content_id)).json()["results"]
    assert row["external_id"] == case.content.external_id
    assert api.get(CASES, content_id=str(foreign_case.content_id)).json()["results"] == []


@pytest.mark.parametrize(
    "cursor", ["x", "W10", "WyJmIl0", "WyJmIiwxXQ", "WyJmIiw5OTk5OTk5OTk5OTk5OTk5OTk5LCJhIiwiYiJd", "é"]
)
def test_a_cursor_of_somebodys_own_making_is_refused(api, case, cursor):
    answer = api.get(CASES, cursor=cursor)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


def test_unknown_parameters_and_values_are_refused(api, case):
    answer = api.get(CASES, stauts="open", overdue="perhaps")
    assert answer.status_code == 400
    assert {fault["parameter"] for fault in answer.json()["errors"]} == {"stauts", "overdue"}


def test_a_case_shows_its_content_and_why_it_is_here(api, case):
    found = api.get(f"{CASES}/{case.pk}").json()
    assert found["content"]["text"] == "The soup was warm and the rain was loud."
    assert found["content"]["reasons"][0]["message"] == "toxicity is at least 0.6"
    assert (found["claim"], found["decision"], found["overdue"], found["hide_text"]) == (None, None, False, False)


def test_a_case_that_a_report_opened_says_so(api, platform):
    content = factories.DecidedContentFactory(client=platform)
    body = {"content_id": str(content.pk), "reporter": "u7", "reason": "insult", "comment": "Calls me names."}
    case_id = api.post("/api/v1/reports", body).json()["case_id"]
    found = api.get(f"{CASES}/{case_id}").json()
    assert (found["source"], found["content"]["status"]) == ("report", "decided")
    (report,) = found["reports"]
    assert (report["reporter"], report["reason"], report["comment"]) == ("u7", "insult", "Calls me names.")


def test_scopes_are_asked_for(api_of, platform, case):
    reader = api_of(ApiKey.issue(client=platform, scopes=["cases:read"]))
    writer = api_of(ApiKey.issue(client=platform, scopes=["cases:write"]))
    for answer in (writer.get(CASES), writer.get("/api/v1/review/queues"), writer.get(f"{CASES}/{case.pk}")):
        assert (answer.status_code, answer.json()["detail"]) == (403, "This needs the scope 'cases:read'.")
    for act in ("claim", f"{case.pk}/claim", f"{case.pk}/renew", f"{case.pk}/decide"):
        assert reader.post(f"{CASES}/{act}", {}).json()["detail"] == "This needs the scope 'cases:write'."


def test_a_list_costs_a_constant_number_of_queries(api, platform, django_assert_max_num_queries):
    for _ in range(8):
        factories.CaseFactory(content__client=platform)
    api.get(CASES)
    with django_assert_max_num_queries(2):
        assert len(api.get(CASES).json()["results"]) == 8
