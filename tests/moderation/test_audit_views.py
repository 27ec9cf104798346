"""Whoever is shown a content, in whatever part of the console, leaves an entry that says so."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from moderation.audit import record_view, seal_entries, verify_chain
from moderation.models import AuditEntry, ContentMedia
from tests import factories
from tests.moderation.admin.conftest import add_images

pytestmark = pytest.mark.django_db


def views() -> list[tuple]:
    rows = AuditEntry.objects.filter(action="content.viewed").order_by("id")
    return [(row.actor, row.subject_id, row.data.get("page")) for row in rows]


@pytest.fixture
def seen(lead, client):
    """``seen(page name, row)`` opens that page as the lead, with a request id of its own."""
    client.force_login(lead)

    def open_page(name: str, *args) -> None:
        answer = client.get(reverse(f"admin:{name}", args=args), headers={"X-Request-ID": "soup-1"})
        assert answer.status_code == 200

    return open_page


def test_the_desk_names_the_content_the_case_and_the_request(seen):
    case = factories.CaseFactory()
    seen("review_case", case.pk)
    entry = AuditEntry.objects.get(action="content.viewed")
    assert (entry.actor, entry.subject_id, entry.request_id) == ("user:lead", str(case.content_id), "soup-1")
    assert entry.data == {"page": "desk", "case": str(case.pk)}


@pytest.mark.parametrize("model", ["content", "moderationresult", "decision", "report", "reviewcase", "author"])
def test_the_page_of_a_row_is_a_view_of_its_content(seen, model):
    content = factories.InReviewContentFactory(author=factories.AuthorFactory())
    case = factories.CaseFactory(content=content)
    rows = {
        "content": content,
        "moderationresult": case.result,
        "decision": content.decisions.get(),
        "report": factories.ReportFactory(content=content),
        "reviewcase": case,
        "author": content.author,
    }
    seen(f"moderation_{model}_change", rows[model].pk)
    assert [(actor, subject) for actor, subject, _ in views()] == [("user:lead", str(content.pk))]


def test_an_image_is_recorded_by_its_file(seen):
    content = factories.ContentFactory()
    add_images(content)
    file = ContentMedia.objects.exclude(file=None).get().file
    seen("review_media", file.pk)
    entry = AuditEntry.objects.get(action="media_file.viewed")
    assert (entry.subject_type, entry.subject_id, entry.actor) == ("media_file", str(file.pk), "user:lead")


def test_a_page_that_is_refused_shows_nothing_and_records_nothing(charlie, client):
    content = factories.ContentFactory()
    client.force_login(charlie)
    assert client.get(reverse("admin:moderation_content_change", args=[content.pk])).status_code == 403
    assert views() == []


class TestTheSameLook:
    def test_a_reload_within_seconds_is_one_view(self, seen):
        content = factories.ContentFactory()
        for _ in range(3):
            seen("moderation_content_change", content.pk)
        assert len(views()) == 1

    def test_another_page_another_person_or_a_later_time_is_another(self, lead, alice):
        content = factories.ContentFactory()
        for viewer, page in [(lead, "desk"), (lead, "content"), (alice, "desk")]:
            record_view(viewer=viewer, content_id=content.pk, page=page, request=None)
        assert len(views()) == 3
        AuditEntry.objects.update(created_at=timezone.now() - timedelta(seconds=11))
        record_view(viewer=lead, content_id=content.pk, page="desk", request=None)
        assert len(views()) == 4


def test_a_view_that_cannot_be_recorded_is_not_shown(lead, client, monkeypatch):
    def broken(**_):
        raise RuntimeError("the audit trail is full")

    monkeypatch.setattr("moderation.admin.base.record_views", broken)
    client.force_login(lead)
    with pytest.raises(RuntimeError):
        client.get(reverse("admin:moderation_content_change", args=[factories.ContentFactory().pk]))


def test_the_request_is_part_of_what_is_sealed(seen):
    seen("moderation_content_change", factories.ContentFactory().pk)
    seal_entries()
    assert list(verify_chain()) == []
    AuditEntry.objects.update(request_id="another")
    assert [breach.fault for breach in verify_chain()] == ["the entry was changed after it was sealed"]
