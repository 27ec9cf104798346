"""A queue with groups is for these groups: whatever door somebody of another group tries."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from moderation.enums import Scope
from moderation.models import ApiKey, AuditEntry, ContentMedia, Decision
from moderation.review.claims import claim_case
from tests import factories
from tests.moderation.admin.conftest import add_images

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(db):
    """A case in a queue for the group `children` alone, with an image."""
    Group.objects.create(name="children")
    author = factories.AuthorFactory(external_id="robin")
    content = factories.InReviewContentFactory(author=author, text="A very private soup.", external_id="soup-7")
    queue = factories.QueueFactory(slug="closed", name="Closed matters", group_names=["children"])
    add_images(content)
    return factories.CaseFactory(content=content, queue=queue)


@pytest.fixture
def insider(db, case):
    return factories.UserFactory(username="ines", is_staff=True, group_names=["moderator", "children"])


def doors(case) -> dict[str, str]:
    content = case.content
    file = ContentMedia.objects.exclude(file=None).get().file_id
    report = factories.ReportFactory(content=content)
    decision = Decision.objects.get(content=content)
    return {
        "desk": reverse("admin:review_case", args=[case.pk]),
        "read": reverse("admin:review_read", args=[case.pk]),
        "queue": reverse("admin:review_queue", args=["closed"]),
        "next": reverse("admin:review_next") + "?queue=closed",
        "case": reverse("admin:moderation_reviewcase_change", args=[case.pk]),
        "content": reverse("admin:moderation_content_change", args=[content.pk]),
        "result": reverse("admin:moderation_moderationresult_change", args=[case.result_id]),
        "decision": reverse("admin:moderation_decision_change", args=[decision.pk]),
        "report": reverse("admin:moderation_report_change", args=[report.pk]),
        "image": reverse("admin:review_media", args=[file]),
    }


def test_no_page_shows_an_outsider_what_was_sent_there(case, alice, client):
    client.force_login(alice)
    for name, url in doors(case).items():
        answer = client.get(url)
        assert answer.status_code in (302, 403, 404), name
        assert "private soup" not in answer.content.decode(errors="replace"), name
    assert not AuditEntry.objects.filter(action__endswith=".viewed").exists()


def test_to_the_group_and_to_auditors_they_are_open(case, insider, auditor, client):
    client.force_login(insider)
    for name, url in doors(case).items():
        assert client.get(url).status_code == 200, name
    client.force_login(auditor)
    for name in ("case", "content", "result", "decision", "image"):
        assert client.get(doors(case)[name]).status_code == 200, name


def test_an_outsider_cannot_act_on_the_case(case, alice, insider, client):
    held = claim_case(case_id=case.pk, moderator=insider)
    client.force_login(alice)
    form = {"lease_token": str(held.lease_token), "content_version": "1", "outcome": "approve", "reason": "x"}
    for name in ("decide", "skip", "release", "hold", "hand_over", "escalate", "undo"):
        answer = client.post(reverse(f"admin:review_{name}", args=[case.pk]), form)
        assert answer.status_code != 500, name
    case.refresh_from_db()
    assert (case.status, case.claimed_by, case.decision) == ("open", insider, None)


def test_lists_counts_and_the_palette_do_not_name_it(case, alice, client):
    client.force_login(alice)
    for url in ("/admin/review/", "/admin/moderation/reviewcase/", reverse("admin:review_palette") + "?q=soup-7"):
        answer = client.get(url)
        assert answer.status_code == 200
        assert "soup-7" not in answer.content.decode().replace("q=soup-7", "")
        assert "Closed matters" not in answer.content.decode() or "reviewcase" in url


def test_the_page_of_the_author_leaves_it_out(case, alice, insider, client):
    page = reverse("admin:moderation_author_change", args=[case.content.author_id])
    client.force_login(alice)
    assert "private soup" not in client.get(page).content.decode()
    client.force_login(insider)
    assert "private soup" in client.get(page).content.decode()


def test_the_api_refuses_it_in_an_outsiders_name(case, alice, client):
    key = ApiKey.issue(client=case.content.client, scopes=list(Scope.values))
    call = {"headers": {"Authorization": f"Bearer {key}"}, "content_type": "application/json"}
    answer = client.post(f"/api/v1/review/cases/{case.pk}/claim", {"moderator": "alice"}, **call)
    assert answer.status_code == 403
    case.refresh_from_db()
    assert case.claimed_by is None
