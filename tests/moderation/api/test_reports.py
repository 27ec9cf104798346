"""The API's reports: made once, listed, and answered by decisions."""

import pytest
from django.utils import timezone

from moderation.models import ApiKey, AuditEntry, Content, Report, ReviewCase
from moderation.retention import erase_contents
from tests import factories

pytestmark = pytest.mark.django_db
REPORTS = "/api/v1/reports"


@pytest.fixture
def content(platform) -> Content:
    return factories.DecidedContentFactory(client=platform, external_id="post-1")


def sent(content: Content, **changes) -> dict:
    return {"content_id": str(content.pk), "reporter": "u7", "reason": "insult", **changes}


def test_a_report_is_stored_and_answered_whole(api, content):
    answer = api.post(REPORTS, sent(content, comment="Calls me names."))
    case = ReviewCase.objects.get()
    stored = Report.objects.get()
    assert answer.status_code == 201
    assert answer["Location"] == f"/api/v1/reports/{stored.pk}"
    assert answer.json() == {
        "id": str(stored.pk),
        "content_id": str(content.pk),
        "external_id": "post-1",
        "content_version": 1,
        "reporter": "u7",
        "reason": "insult",
        "comment": "Calls me names.",
        "status": "open",
        "case_id": str(case.pk),
        "created_at": answer.json()["created_at"],
        "resolved_at": None,
    }
    assert api.get(answer["Location"]).json() == answer.json()


def test_the_content_may_be_named_by_the_callers_own_id(api, content):
    answer = api.post(REPORTS, {"external_id": "post-1", "reporter": "u7", "reason": "other"})
    assert (answer.status_code, answer.json()["content_id"]) == (201, str(content.pk))


def test_the_same_user_again_is_answered_with_the_report_that_is_there(api, content):
    first, second = api.post(REPORTS, sent(content)), api.post(REPORTS, sent(content, reason="spam"))
    assert (second.status_code, second.json()) == (200, first.json())
    assert Report.objects.count() == 1


def test_the_decision_in_force_is_still_told(api, content):
    api.post(REPORTS, sent(content))
    shown = api.get(f"/api/v1/content/{content.pk}").json()
    assert (shown["status"], shown["decision"]) == ("decided", "approve")


def test_erased_content_is_refused(api, content):
    erase_contents(contents=[content], actor="system", reason="test")
    answer = api.post(REPORTS, sent(content))
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert answer.json()["detail"] == "The content was erased: nobody can look at it any more."
    assert "Retry-After" not in answer


def test_after_erasing_nobody_is_named(api, content):
    report_id = api.post(REPORTS, sent(content, comment="Calls me names.")).json()["id"]
    api.delete(f"/api/v1/content/{content.pk}")
    shown = api.get(f"{REPORTS}/{report_id}").json()
    assert (shown["reporter"], shown["comment"], shown["status"]) == (None, "", "lapsed")


def test_the_list_is_filtered(api, content, platform):
    factories.ReportFactory(content=content, reporter_external_id="anna", reason="spam")
    other = factories.DecidedContentFactory(client=platform, external_id="post-2")
    factories.ReportFactory(content=other, reporter_external_id="ben", status="upheld", resolved_at=timezone.now())
    for parameters, found in [
        ({}, ["ben", "anna"]),
        ({"content_id": str(content.pk)}, ["anna"]),
        ({"external_id": "post-2"}, ["ben"]),
        ({"reporter": "anna"}, ["anna"]),
        ({"reason": "spam"}, ["anna"]),
        ({"status": "upheld"}, ["ben"]),
        ({"created_after": "2020-01-01T00:00:00Z"}, ["ben", "anna"]),
        ({"created_before": "2020-01-01T00:00:00Z"}, []),
    ]:
        assert [row["reporter"] for row in api.get(REPORTS, **parameters).json()["results"]] == found


def test_the_list_is_walked_by_cursors(api, content):
    rows = [str(factories.ReportFactory(content=content).pk) for _ in range(3)]
    first = api.get(REPORTS, limit=2).json()
    second = api.client.get(first["next"], headers=api.headers).json()
    assert [row["id"] for page in (first, second) for row in page["results"]] == rows[::-1]


def test_a_page_needs_a_constant_number_of_queries(api, content, django_assert_num_queries):
    factories.ReportFactory.create_batch(20, content=content)
    api.get(REPORTS)
    with django_assert_num_queries(1):
        assert len(api.get(REPORTS).json()["results"]) == 20


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"reporter": ""}, "/reporter"),
        ({"reporter": "a\x00"}, "/reporter"),
        ({"reporter": 7}, "/reporter"),
        ({"reason": "rude"}, "/reason"),
        ({"reason": ["insult"]}, "/reason"),
        ({"comment": "a" * 1001}, "/comment"),
        ({"comment": "a\x00"}, "/comment"),
        ({"comment": None}, "/comment"),
        ({"external_id": "post-1"}, ""),
        ({"content_id": None}, ""),
        ({"content_id": "7"}, "/content_id"),
        ({"content_id": {"a": {"b": {}}}}, "/content_id"),
        ({"score": 1}, "/score"),
    ],
)
def test_a_faulty_report_is_refused(api, content, changes, pointer):
    answer = api.post(REPORTS, sent(content, **changes))
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert not Report.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("raw", [b"\xff", b'{"reporter": "\\ud800"}', b"[" * 9999, b"[]", b"null", b""])
def test_what_is_no_json_object_is_refused(api, raw):
    assert api.post(REPORTS, raw).json()["code"] == "invalid_json"


@pytest.mark.parametrize("parameters", [{"status": "gone"}, {"reason": "rude"}, {"content_id": "7"}, {"user": "a"}])
def test_a_faulty_parameter_is_refused(api, parameters):
    answer = api.get(REPORTS, **parameters)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_parameter")


def test_another_clients_content_and_reports_are_as_good_as_absent(api, stranger):
    theirs = factories.DecidedContentFactory(client=stranger, external_id="theirs")
    report = factories.ReportFactory(content=theirs)
    names = [{"content_id": str(theirs.pk)}, {"content_id": "019a0000-0000-7000-8000-000000000000"}]
    names += [{"external_id": "theirs"}, {"external_id": "absent"}]
    answers = [api.post(REPORTS, {**name, "reporter": "u7", "reason": "spam"}) for name in names]
    assert [answer.status_code for answer in answers] == [404] * 4
    for one, other in (answers[:2], answers[2:]):
        assert {**one.json(), "request_id": ""} == {**other.json(), "request_id": ""}
    assert api.get(f"{REPORTS}/{report.pk}").status_code == 404
    assert api.get(REPORTS).json()["results"] == []
    assert Report.objects.count() == 1


def test_reading_is_not_writing(api_of, platform, content):
    reader = api_of(ApiKey.issue(client=platform, scopes=["reports:read"]))
    writer = api_of(ApiKey.issue(client=platform, scopes=["reports:write"]))
    assert reader.post(REPORTS, sent(content)).json()["code"] == "missing_scope"
    made = writer.post(REPORTS, sent(content))
    assert made.status_code == 201
    assert writer.get(REPORTS).status_code == writer.get(made["Location"]).status_code == 403
    assert reader.get(made["Location"]).status_code == 200
