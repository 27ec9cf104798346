"""The audit trail is found by every question, exported as something others can verify, and answers for one content."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from moderation.audit import record_audit, record_view, seal_entries
from moderation.audit.export import verify_lines
from moderation.audit.search import AuditQuery, find_entries
from moderation.decisions import DecisionDraft, record_decision
from moderation.models import AuditEntry, Content, ContentMedia, Decision
from tests import factories
from tests.moderation.admin.conftest import add_images

pytestmark = pytest.mark.django_db
LIST, EXPORT = "/admin/moderation/auditentry/", "/admin/moderation/auditentry/export/"


@pytest.fixture
def content(alice):
    """A content that alice was shown and that was decided, beside one of which the same is true."""
    found = None
    for name in ("other", "soup"):
        found = factories.InReviewContentFactory(external_id=name)
        result = factories.ResultFactory(content=found)
        record_view(viewer=alice, content_id=found.pk, page="desk", request=None)
        draft = DecisionDraft(
            content=found, outcome="reject", source="moderator", actor="user:alice", moderator=alice, result=result
        )
        record_decision(draft=draft)
    return found


@pytest.fixture
def asked(auditor, signed_in):
    """``asked(who="alice")``: the actions that the list shows."""
    client = signed_in(auditor)

    def ask(**fields) -> list[str]:
        answer = client.get(LIST, fields)
        assert answer.status_code == 200
        return sorted(entry.action for entry in answer.context["cl"].result_list)

    return ask


class TestSearch:
    def test_by_person_act_subject_and_request(self, content, asked, lead):
        record_audit(action="policy.activated", actor="user:lead", subject_type="policy", subject_id=3)
        AuditEntry.objects.filter(action="policy.activated").update(request_id="soup-1")
        assert asked(who="lead") == asked(what="policy.activated") == asked(about="policy:3") == asked(request="soup-1")
        assert asked(who="user:alice", what="content.viewed") == ["content.viewed"] * 2

    def test_a_content_brings_all_that_concerns_it_and_nothing_else(self, content, asked, alice):
        add_images(content)
        file = ContentMedia.objects.exclude(file=None).get().file_id
        case = factories.CaseFactory(content=content)
        record_audit(action="media_file.viewed", actor="user:alice", subject_type="media_file", subject_id=file)
        record_audit(action="review_case.held", actor="user:alice", subject_type="review_case", subject_id=case.pk)
        expected = ["content.viewed", "decision.recorded", "media_file.viewed", "review_case.held"]
        assert asked(content=str(content.pk)) == asked(content="soup") == expected

    def test_by_day_with_both_days_included(self, asked):
        record_audit(action="policy.activated", actor="user:lead", subject_type="policy", subject_id=3)
        today = timezone.now().date()
        assert asked(since=str(today), until=str(today)) == ["policy.activated"]
        assert asked(until=str(today - timedelta(days=1))) == asked(since=str(today + timedelta(days=1))) == []

    @pytest.mark.parametrize(
        "bad", [{"content": "nowhere"}, {"since": "soup"}, {"since": "2026-02-02", "until": "2026-02-01"}]
    )
    def test_what_cannot_be_meant_is_said_and_finds_nothing(self, content, auditor, signed_in, bad):
        answer = signed_in(auditor).get(LIST, bad)
        assert list(answer.context["cl"].result_list) == []
        assert "errorlist" in answer.content.decode()

    def test_every_kind_of_search_reads_an_index(self, db):
        AuditEntry.objects.bulk_create(
            AuditEntry(
                action=f"a.{n % 40}", actor=f"user:{n % 90}", subject_type="s", subject_id=str(n), request_id=str(n)
            )
            for n in range(4000)
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE moderation_auditentry")
        for query, index in [
            (AuditQuery(actor="user:3"), "audit_entry_actor"),
            (AuditQuery(action="a.3"), "audit_entry_action"),
            (AuditQuery(about="s:3"), "audit_entry_subject"),
            (AuditQuery(request="3"), "audit_entry_request"),
            (AuditQuery(since=timezone.now() - timedelta(days=1)), "audit_entry_created_at"),
            (AuditQuery(content=factories.ContentFactory().pk), "audit_entry_content"),
        ]:
            assert index in find_entries(query).order_by("-created_at", "-id")[:50].explain(), query


class TestExport:
    def export(self, client, form: str, query: str = "") -> str:
        answer = client.post(f"{EXPORT}?{query}", {"format": form})
        assert answer.status_code == 200
        return b"".join(answer.streaming_content).decode()

    def test_json_lines_verify_themselves_and_end_with_their_own_export(self, content, auditor, signed_in):
        text = self.export(signed_in(auditor), "jsonl")
        lines = [json.loads(line) for line in text.splitlines()]
        assert list(verify_lines(text.encode().splitlines())) == [1, 2, 3, 4, 5]
        last = json.loads(lines[-1]["sealed"])
        assert (last["action"], last["actor"]) == ("audit.exported", "user:auditor")

    @pytest.mark.parametrize("damage", [("user:alice", "user:eve"), ("reject", "approve")])
    def test_a_changed_line_is_found(self, content, auditor, signed_in, damage):
        text = self.export(signed_in(auditor), "jsonl").replace(*damage, 1)
        faults = [item.fault for item in verify_lines(text.encode().splitlines()) if not isinstance(item, int)]
        assert faults == ["the entry was changed after it was sealed"]

    def test_a_search_is_exported_as_it_was_asked_and_that_is_recorded(self, content, auditor, signed_in):
        rows = list(csv.DictReader(io.StringIO(self.export(signed_in(auditor), "csv", "what=decision.recorded"))))
        assert [row["action"] for row in rows] == ["decision.recorded"] * 2
        assert all(len(row["hash"]) == 64 for row in rows)
        entry = AuditEntry.objects.get(action="audit.exported")
        assert entry.data == {"format": "csv", "filters": {"action": "decision.recorded"}}

    def test_no_cell_begins_what_a_spreadsheet_would_run(self, auditor, signed_in):
        record_audit(action="=cmd()", actor="+x", subject_type="@a", subject_id="-1")
        [row] = csv.DictReader(io.StringIO(self.export(signed_in(auditor), "csv", "about=%40a:-1")))
        assert (row["action"], row["actor"], row["subject_id"]) == ("'=cmd()", "'+x", "'-1")

    def test_reading_it_is_not_for_moderators(self, alice, signed_in):
        client = signed_in(alice)
        assert client.get(LIST).status_code == client.post(EXPORT, {"format": "csv"}).status_code == 403
        assert client.get(reverse("admin:review_record", args=[factories.ContentFactory().pk])).status_code == 403


class TestRecordOfOneContent:
    def page(self, client, content) -> str:
        return client.get(reverse("admin:review_record", args=[content.pk])).content.decode()

    def test_it_says_who_saw_who_decided_and_that_nothing_was_changed(self, content, auditor, signed_in):
        seal_entries()
        page = self.page(signed_in(auditor), content)
        assert "The record is unchanged." in page
        assert "user:alice" in page
        assert "rejected" in page or "reject" in page
        assert content.text not in page

    @pytest.mark.parametrize("forged", ["entry", "decision", "missing"])
    def test_it_says_where_the_record_was_changed(self, content, auditor, signed_in, forged):
        seal_entries()
        if forged == "entry":
            AuditEntry.objects.filter(action="content.viewed").update(actor="user:eve")
        elif forged == "decision":
            Decision.objects.filter(content=content).update(outcome="approve")
        else:
            AuditEntry.objects.filter(sequence=3).delete()
        assert "The record was changed." in self.page(signed_in(auditor), content)

    def test_a_content_that_is_gone_still_has_its_record(self, auditor, signed_in, alice):
        content = factories.ContentFactory()
        record_view(viewer=alice, content_id=content.pk, page="desk", request=None)
        Content.objects.filter(pk=content.pk).delete()
        assert "not here any more" in self.page(signed_in(auditor), content)

    def test_what_nobody_knows_is_not_found(self, auditor, signed_in):
        page = reverse("admin:review_record", args=["018f0000-0000-7000-8000-000000000000"])
        assert signed_in(auditor).get(page).status_code == 404

    def test_it_takes_the_same_queries_for_many_entries(self, content, auditor, alice, signed_in):
        client, counts = signed_in(auditor), []
        for _ in range(2):
            seal_entries()
            with CaptureQueriesContext(connection) as queries:
                self.page(client, content)
            counts.append(len(queries))
            for number in range(30):
                record_view(viewer=alice, content_id=content.pk, page=f"page-{number}", request=None)
        assert counts[0] == counts[1]
