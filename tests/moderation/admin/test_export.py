"""Lists as CSV."""

import csv
import io

from django.contrib import admin
from django.urls import reverse

from moderation.admin import export
from moderation.admin.base import ConsoleAdmin
from moderation.models import AuditEntry
from tests import factories


def export_of(client, model: str, query: str = ""):
    return client.post(reverse(f"admin:moderation_{model}_export") + query)


def rows_of(answer) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_filtered_rows_are_exported(signed_in, alice):
    spam, other = (factories.QueueFactory(slug=slug) for slug in ("spam", "other"))
    case = factories.CaseFactory(queue=spam)
    factories.CaseFactory(queue=other)
    answer = export_of(signed_in(alice), "reviewcase", f"?queue__id__exact={spam.pk}&p=9")
    (row,) = rows_of(answer)
    assert (row["id"], row["queue"], row["status"]) == (str(case.pk), "spam", "open")
    assert row["opened_at"].endswith("Z")
    assert "lease_token" not in row
    entry = AuditEntry.objects.get(action="list.exported")
    assert (entry.actor, entry.subject_type, entry.data["rows"]) == ("user:alice", "case", 1)


def test_text_goes_to_those_who_may_see_contents_and_is_recorded(signed_in, alice):
    content = factories.ContentFactory(text="The soup was cold.")
    (row,) = rows_of(export_of(signed_in(alice), "content"))
    assert row["text"] == "The soup was cold."
    viewed = AuditEntry.objects.get(action="content.viewed")
    assert (viewed.subject_id, viewed.data["page"]) == (str(content.pk), "export")


def test_no_list_exports_a_secret(rf, boss):
    request = rf.get("/")
    request.user = boss
    lists = [one for one in admin.site._registry.values() if isinstance(one, ConsoleAdmin)]
    columns = {name for one in lists for name in export.columns_of(one, request)}
    assert "external_id" in columns
    assert [name for name in columns if any(word in name for word in ("secret", "password", "token", "digest"))] == []


def test_too_many_rows_are_refused_in_words(signed_in, alice, monkeypatch):
    monkeypatch.setattr(export, "MOST_ROWS", 1)
    factories.ContentFactory.create_batch(2)
    answer = export_of(signed_in(alice), "content")
    assert answer["Location"] == reverse("admin:moderation_content_changelist") + "?"
    assert "at most 1 rows" in str(next(iter(answer.wsgi_request._messages)))


def test_who_may_not_see_a_list_does_not_export_it(signed_in, alice):
    assert export_of(signed_in(alice), "webhookendpoint").status_code == 403


def test_reading_the_address_exports_nothing(signed_in, alice):
    answer = signed_in(alice).get(reverse("admin:moderation_content_export"))
    assert (answer.status_code, AuditEntry.objects.count()) == (302, 0)


def test_a_filter_that_makes_no_sense_is_named(signed_in, alice):
    answer = export_of(signed_in(alice), "report", "?soup=1")
    assert answer.status_code == 302
