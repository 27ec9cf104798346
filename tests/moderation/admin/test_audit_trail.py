"""The audit trail is found by every question, exported as something others can verify, and answers for one content."""

import csv
import io
import json
import re
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
from moderation.enums import Outcome
from moderation.models import AuditEntry, Content, ContentMedia, Decision
from moderation.review.assignments import hand_over, hold_case, reassign, take_back_assignment
from moderation.review.claims import claim_case, claim_next
from moderation.review.escalate import escalate_case, send_back
from moderation.review.hold_ends import lapse
from moderation.review.holds import confirm, withdraw
from moderation.review.leases import skip_case
from moderation.review.second_person import send_back as send_back_decision
from tests import factories
from tests.moderation.admin.conftest import add_images
from tests.moderation.review.test_holds import decide

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
        record_audit(action="case.released", actor="user:alice", subject_type="case", subject_id=case.pk)
        expected = ["case.released", "content.viewed", "decision.recorded", "media_file.viewed"]
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


class TestActsOnACase:
    @pytest.fixture
    def acts(self, alice, bob, senior, lead):
        """A case with which moderators did all that can be done but decide it; answers its content."""
        case = factories.CaseFactory()
        people = {"case_id": case.pk, "moderator": alice}

        def claimed(**given):
            return {**people, **given, "lease_token": claim_case(case_id=case.pk, moderator=alice).lease_token}

        hold_case(**claimed(), until=timezone.now() + timedelta(hours=1), reason="Jan knows the thread")
        take_back_assignment(**people)
        hand_over(**claimed(), to=bob, note="You know them")
        reassign(case_ids=[case.pk], lead=lead, to=alice, note="")
        escalate_case(**claimed(), note="A threat?")
        token = claim_case(case_id=case.pk, moderator=senior).lease_token
        send_back(case_id=case.pk, senior=senior, lease_token=token, note="No threat")
        skip_case(**claimed())
        return case.content

    EXPECTED = sorted(
        f"case.{act}"
        for act in ("held", "hold_ended", "handed_over", "reassigned", "escalated", "sent_back", "skipped")
    )

    def test_are_found_by_the_content(self, acts, asked):
        assert asked(content=str(acts.pk)) == self.EXPECTED

    def test_stand_in_its_record_and_lead_to_the_case(self, acts, auditor, signed_in):
        page = signed_in(auditor).get(reverse("admin:review_record", args=[acts.pk])).content.decode()
        assert [act for act in self.EXPECTED if act not in page] == []
        assert reverse("admin:moderation_reviewcase_change", args=[acts.cases.get().pk]) in page

    def test_are_found_when_the_case_is_gone(self, acts, asked):
        acts.cases.all().delete()
        assert asked(content=str(acts.pk)) == self.EXPECTED

    def test_are_found_by_how_they_begin(self, acts, content, asked):
        assert asked(what="case") == asked(what="case.") == self.EXPECTED
        assert asked(what="case.h") == ["case.handed_over", "case.held", "case.hold_ended"]
        assert asked(what="ase") == []

    def test_a_name_in_full_is_that_act_alone(self, asked):
        for action in ("policy.act", "policy.activated"):
            record_audit(action=action, actor="user:lead", subject_type="policy", subject_id=3)
        assert (asked(what="policy.act"), len(asked(what="policy.a"))) == (["policy.act"], 2)

    def test_every_known_act_is_offered(self, acts, auditor, signed_in):
        page = signed_in(auditor).get(LIST).content.decode()
        assert 'list="audit-actions"' in page
        assert [act for act in self.EXPECTED if f'<option value="{act}">' not in page] == []

    def test_entries_of_the_release_before_name_no_content_and_are_found(self, asked):
        case = factories.CaseFactory()
        AuditEntry.objects.create(
            action="case.released", actor="user:lead", subject_type="case", subject_id=str(case.pk), data={"held_by": 7}
        )
        assert asked(content=str(case.content_id)) == ["case.released"]


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

    def test_a_sign_of_full_width_or_after_blanks_is_run_neither(self, auditor, signed_in):
        record_audit(action="＝cmd()", actor="  =x", subject_type="a", subject_id="1")
        [row] = csv.DictReader(io.StringIO(self.export(signed_in(auditor), "csv", "about=a:1")))
        assert (row["action"], row["actor"]) == ("'＝cmd()", "'  =x")

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

    def effects(self, client, content) -> list[str]:
        """What its record says of each decision, oldest first, as text; the times left out."""
        answer = client.get(reverse("admin:review_record", args=[content.pk]))
        decided = answer.context["sections"][0]
        cells = [str(row[list(decided.headings).index("In effect")]) for row in decided.rows]
        plain = [re.sub(r"</?bdi>", "", re.sub(r"<time.*?</time>", "T", cell)) for cell in cells]
        return [re.sub(r"<[^>]*>", " ", cell).split() for cell in plain]

    def test_it_says_which_decisions_count_and_who_undid_or_confirmed_the_others(
        self, auditor, signed_in, alice, senior, review_options
    ):
        review_options(undo_seconds=3600, second_person_reach=100)
        author = factories.AuthorFactory(reach=200)
        found = factories.CaseFactory(content=factories.InReviewContentFactory(author=author, client=author.client))
        client, said = signed_in(auditor), lambda: [" ".join(one) for one in self.effects(client, found.content)]
        withdraw(decision=decide(claim_next(moderator=alice), alice, Outcome.APPROVE).decision, person=alice)
        undone, waiting = "Never: undone by alice, T", "Not yet: waits for a second person"
        asked = decide(claim_next(moderator=alice), alice).decision
        assert said() == ["In effect", undone, waiting]
        confirm(decision=asked, person=senior)
        assert said() == ["In effect until T, then replaced", undone, "In effect Confirmed by senior, T"]
        assert "an earlier decision" in self.page(client, found.content)

    def test_it_says_what_waits_lapsed_and_was_not_confirmed(self, auditor, signed_in, alice, senior, review_options):
        review_options(undo_seconds=3600, second_person_reach=100)
        author = factories.AuthorFactory(reach=200)
        found = factories.CaseFactory(content=factories.InReviewContentFactory(author=author, client=author.client))
        asked = decide(claim_next(moderator=alice), alice).decision
        send_back_decision(decision=asked, person=senior, note="Read the thread")
        decide(claim_next(moderator=alice), alice, Outcome.APPROVE)
        client, said = signed_in(auditor), lambda: [" ".join(one) for one in self.effects(client, found.content)]
        refused = "Never: not confirmed by senior, T"
        assert said() == ["In effect", refused, "Not yet: can be undone until T"]
        lapse(content_ids=[found.content_id])
        assert said()[2] == "Never: lapsed T, as the content changed or was decided anew"
        assert "an earlier decision" not in self.page(client, found.content)

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
