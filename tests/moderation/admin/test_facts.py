"""Facts in the console: nobody changes them, hostile text stays text, and searches find by id."""

import pytest
from django.apps import apps
from django.core.paginator import Paginator
from django.urls import reverse

from moderation.admin import paginator
from moderation.admin.paginator import BoundedPaginator
from moderation.audit import record_audit
from moderation.models import Content
from tests import factories

pytestmark = pytest.mark.django_db
FACTS = ["content", "moderationresult", "decision", "auditentry", "policyversion"]
LIST = "admin:moderation_content_changelist"


@pytest.mark.parametrize("fact", FACTS)
def test_not_even_a_superuser_changes_a_fact(fact, furnished, boss, signed_in):
    client = signed_in(boss)
    row = furnished if fact == "content" else _first(fact)
    assert client.get(reverse(f"admin:moderation_{fact}_add")).status_code == 403
    assert client.post(reverse(f"admin:moderation_{fact}_change", args=[row.pk]), {}).status_code == 403
    assert client.post(reverse(f"admin:moderation_{fact}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def _first(model_name: str):
    return apps.get_model("moderation", model_name).objects.first()


def test_hostile_text_is_shown_as_text(furnished, boss, signed_in):
    page = signed_in(boss).get(reverse("admin:moderation_content_change", args=[furnished.pk])).content.decode()
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; soup</pre>" in page
    assert "Robin &lt;b&gt;Bold&lt;/b&gt;" in page


def test_an_address_in_a_content_is_not_a_link(furnished, boss, signed_in):
    Content.objects.update(url="https://example.org/soup", text="see https://example.org/soup")
    page = signed_in(boss).get(reverse("admin:moderation_content_change", args=[furnished.pk])).content.decode()
    assert 'href="https://example.org' not in page


@pytest.mark.parametrize(("term", "found"), [("post-a", 2), ("post-a1", 1), ("t-a1", 0), ("post_a", 0), ("%", 0)])
def test_a_content_is_found_by_how_its_external_id_begins(term, found, boss, signed_in):
    for external_id in ("post-a1", "post-a2", "post-b"):
        factories.ContentFactory(external_id=external_id)
    assert signed_in(boss).get(reverse(LIST), {"q": term}).context["cl"].result_count == found


def test_a_content_is_found_by_its_id(furnished, boss, signed_in):
    factories.ContentFactory()
    assert list(signed_in(boss).get(reverse(LIST), {"q": str(furnished.pk)}).context["cl"].result_list) == [furnished]


@pytest.mark.parametrize("page", ["decision", "moderationresult"])
def test_what_was_said_of_a_content_is_found_by_the_content(page, furnished, boss, signed_in):
    factories.CaseFactory()
    answer = signed_in(boss).get(reverse(f"admin:moderation_{page}_changelist"), {"q": furnished.external_id})
    assert [row.content for row in answer.context["cl"].result_list] == [furnished]


@pytest.mark.parametrize(
    ("term", "found"),
    [("queue:7", 1), ("user:ada", 1), ("queue.changed", 2), ("7", 1), ("user:eve", 0), ("queue:", 0), (":", 0)],
)
def test_the_audit_trail_is_found_by_who_what_and_about_what(term, found, boss, signed_in):
    record_audit(action="queue.changed", actor="user:ada", subject_type="queue", subject_id=7)
    record_audit(action="queue.changed", actor="user:bob", subject_type="queue", subject_id=8)
    answer = signed_in(boss).get(reverse("admin:moderation_auditentry_changelist"), {"q": term})
    assert answer.context["cl"].result_count == found


def test_a_moderator_sees_no_webhooks_of_a_content(furnished, alice, boss, signed_in):
    page = reverse("admin:moderation_content_change", args=[furnished.pk])
    assert "Webhook events" not in signed_in(alice).get(page).content.decode()
    assert "Webhook events" in signed_in(boss).get(page).content.decode()


def test_an_erased_content_shows_no_text(furnished, boss, signed_in, hour_ago):
    Content.objects.update(erased_at=hour_ago, text="")
    page = signed_in(boss).get(reverse("admin:moderation_content_change", args=[furnished.pk])).content.decode()
    assert "Erased." in page


def test_long_lists_are_counted_no_further_than_they_are_shown(monkeypatch, db, django_assert_num_queries):
    monkeypatch.setattr(paginator, "MOST_ROWS", 3)
    factories.ContentFactory.create_batch(5)
    rows = Content.objects.order_by("-created_at")
    pages = BoundedPaginator(rows, 2)
    with django_assert_num_queries(1) as queries:
        assert (pages.count, pages.num_pages, pages.is_bounded) == (3, 2, True)
    assert "LIMIT 3" in queries.captured_queries[0]["sql"]
    assert Paginator(rows, 2).count == 5
    assert not BoundedPaginator(rows.filter(external_id="none"), 2).is_bounded


@pytest.mark.parametrize("query", ["status__exact=x", "client__id__exact=x", "p=99999", "o=zz", "e=1"])
def test_a_broken_address_is_no_fault_of_the_server(query, furnished, boss, signed_in):
    assert signed_in(boss).get(f"{reverse(LIST)}?{query}", follow=True).status_code == 200


def test_an_address_cannot_ask_for_an_order_that_no_index_has(furnished, boss, signed_in):
    orders = [signed_in(boss).get(reverse(LIST), {"o": o}).context["cl"].queryset.query.order_by for o in "12345"]
    assert set(orders) == {("-created_at", "-pk")}


@pytest.mark.parametrize("query", ["q=%00", "status__exact=%00", "%00=1"])
def test_a_nul_in_an_address_is_refused(query, boss, signed_in):
    assert signed_in(boss).get(f"{reverse(LIST)}?{query}").status_code == 400


@pytest.mark.parametrize("wrong", ["not-an-id", "%00", "00000000-0000-0000-0000-000000000000"])
def test_a_content_that_is_not_there_is_said_to_be_missing(wrong, boss, signed_in):
    answer = signed_in(boss).get(f"/admin/moderation/content/{wrong}/change/", follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain == [("/admin/", 302)]


def test_to_decide_anew_is_offered_to_whoever_may_decide(signed_in, lead, auditor):
    case = factories.ResolvedCaseFactory()
    page = reverse("admin:moderation_content_change", args=[case.content_id])
    anew = reverse("admin:review_override", args=[case.content_id])
    assert [anew in signed_in(person).get(page).content.decode() for person in (lead, auditor)] == [True, False]
