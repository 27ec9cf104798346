"""Suspending and reinstating an author in the console."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from moderation.authors import suspend_author
from moderation.models import AuditEntry, Author
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def robin(db) -> Author:
    return factories.AuthorFactory(external_id="robin")


def act(client, author, verb, **fields):
    posted = {f"suspension-{name}": value for name, value in fields.items()}
    return client.post(reverse(f"admin:moderation_author_{verb}", args=[author.pk]), posted, follow=True)


def test_a_lead_suspends_for_days_and_the_page_tells_it(lead, signed_in, robin):
    page = act(signed_in(lead), robin, "suspend", days="7", reason="Third <b>insult</b>").content.decode()
    robin.refresh_from_db()
    assert robin.suspended_until - robin.suspended_at == timedelta(days=7)
    assert f"until {robin.suspended_until:%Y-%m-%d %H:%M} UTC" in page
    assert "Third &lt;b&gt;insult&lt;/b&gt;" in page
    assert "Suspend anew" in page
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.subject_id) == ("author.suspended", "user:lead", str(robin.pk))


def test_without_days_it_lasts_until_reinstated(lead, signed_in, robin):
    browser = signed_in(lead)
    assert "until reinstated" in act(browser, robin, "suspend", days="", reason="Spam").content.decode()
    page = act(browser, robin, "reinstate").content.decode()
    assert "The author is suspended no more." in page
    assert Author.objects.get().suspended_at is None
    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == ["author.suspended", "author.reinstated"]


@pytest.mark.parametrize("fields", [{"days": "7"}, {"days": "9", "reason": "Spam"}, {"reason": "a" * 1001}])
def test_what_is_not_whole_changes_nothing(lead, signed_in, robin, fields):
    assert (
        "Not suspended: say for how long, and why." in act(signed_in(lead), robin, "suspend", **fields).content.decode()
    )
    assert Author.objects.get().suspended_at is None
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("verb", ["suspend", "reinstate"])
def test_whoever_may_not_change_authors_may_not(alice, auditor, signed_in, robin, verb):
    suspend_author(author=robin, actor="system", reason="Spam")
    for person in (alice, auditor):
        browser = signed_in(person)
        assert act(browser, robin, verb, days="7", reason="Other").status_code == 403
        assert (
            "Suspend anew"
            not in browser.get(reverse("admin:moderation_author_change", args=[robin.pk])).content.decode()
        )
    assert Author.objects.get().suspension_reason == "Spam"


def test_reading_the_address_changes_nothing(lead, signed_in, robin):
    assert signed_in(lead).get(reverse("admin:moderation_author_suspend", args=[robin.pk])).status_code == 405


def test_the_list_is_narrowed_to_suspensions_that_run(lead, signed_in, robin):
    suspend_author(author=robin, actor="system", reason="Spam")
    over = factories.AuthorFactory(external_id="over")
    suspend_author(author=over, actor="system", reason="Spam", until=timezone.now() + timedelta(hours=1))
    Author.objects.filter(pk=over.pk).update(suspended_until=timezone.now() - timedelta(hours=1))
    shown = signed_in(lead).get(reverse("admin:moderation_author_changelist"), {"suspension": "running"})
    others = signed_in(lead).get(reverse("admin:moderation_author_changelist"), {"suspension": "none"})
    assert [row.external_id for row in shown.context["cl"].result_list] == ["robin"]
    assert [row.external_id for row in others.context["cl"].result_list] == ["over"]
