"""A lead's day in a real browser: who does what, a case given on, a queue and a reason edited, a list tried, a view
shared, the list exported."""

import csv

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from moderation.models import AuditEntry, RejectionReason, ReviewCase, ReviewQueue, SavedFilter, TermList
from moderation.review.claims import claim_case
from tests.e2e.desk_scene import make_desk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cases(alice, bob) -> list[ReviewCase]:
    """Three cases; Alice has the first."""
    found = make_desk()
    claim_case(case_id=found[0].pk, moderator=alice)
    return found


@pytest.fixture
def office(visitor, lead, cases):
    visitor.sign_in(lead)
    visitor.open(reverse("admin:review_live"))
    return visitor


def _is_clean(visitor) -> None:
    assert (visitor.axe_violations(), visitor.problems) == ([], [])


def _gives_a_case_to_bob(visitor) -> None:
    page = visitor.page
    row = page.get_by_role("row").filter(has_text="post-4711")
    expect(row).to_contain_text("alice")
    row.get_by_role("checkbox").check()
    page.get_by_label("To", exact=True).select_option("bob")
    page.get_by_label("Note for them").fill("You know the allotment.")
    _is_clean(visitor)
    page.get_by_role("button", name="Give", exact=True).click()
    expect(page.get_by_text("1 case given to bob.")).to_be_visible()
    expect(row).to_contain_text("waits for them until")


def _edits_a_queue_and_a_reason(visitor) -> None:
    page, queue = visitor.page, ReviewQueue.objects.get(slug="general")
    visitor.open(reverse("admin:moderation_reviewqueue_change", args=[queue.pk]))
    page.get_by_label("Description").fill("What fits nowhere else.")
    _is_clean(visitor)
    page.get_by_role("button", name="Save", exact=True).click()
    reason = RejectionReason.objects.get(label="spam")
    visitor.open(reverse("admin:moderation_rejectionreason_change", args=[reason.pk]))
    page.get_by_label("Text", exact=False).first.fill("Advertising that nobody asked for")
    _is_clean(visitor)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("list").filter(has_text="was changed successfully")).to_be_visible()


def _tries_a_term_list(visitor, row: TermList) -> None:
    page = visitor.page
    visitor.open(reverse("admin:moderation_termlist_change", args=[row.pk]))
    page.get_by_label("Text to try").fill("Win a G4rden Gnome today")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("cell", name="garden gnome", exact=True)).to_be_visible()
    _is_clean(visitor)


def _shares_a_view(visitor) -> None:
    page = visitor.page
    visitor.open(reverse("admin:moderation_reviewcase_changelist"))
    page.get_by_role("link", name="Open", exact=True).click()
    page.get_by_text("Save this view").click()
    page.get_by_label("Name", exact=True).fill("Open cases")
    page.get_by_label("For everybody who sees this list").check()
    _is_clean(visitor)
    page.get_by_role("button", name="Save view").click()
    expect(page.get_by_role("link", name="Open cases")).to_have_attribute("aria-current", "true")


def _exported(visitor) -> list[dict[str, str]]:
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name="Export as CSV").click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_leads_day(office, bob):
    terms = TermList.objects.create(name="gnomes", category="spam", terms=["garden gnome"])
    _gives_a_case_to_bob(office)
    _edits_a_queue_and_a_reason(office)
    _tries_a_term_list(office, terms)
    _shares_a_view(office)
    rows = _exported(office)
    assert sorted(row["status"] for row in rows) == ["open"] * 3
    assert [row["assigned_to"] for row in rows if row["assigned_to"]] == ["bob"]
    assert SavedFilter.objects.get().shared
    assert RejectionReason.objects.filter(text="Advertising that nobody asked for").exists()
    done = {
        "case.reassigned",
        "review_queue.changed",
        "rejection_reason.changed",
        "saved_filter.saved",
        "list.exported",
    }
    assert done <= set(AuditEntry.objects.filter(actor="user:lead").values_list("action", flat=True))
    assert office.problems == []


def test_the_live_view_renews_itself(office, bob, cases):
    page = office.page
    page.clock.install()
    office.open(reverse("admin:review_live"))
    expect(page.get_by_role("row").filter(has_text="post-4712")).to_have_count(0)
    page.get_by_role("row").filter(has_text="post-4711").get_by_role("checkbox").check()
    page.locator("h1").click()
    claim_case(case_id=cases[1].pk, moderator=bob)
    with page.expect_response("**/live/figures/"):
        page.clock.run_for(11_000)
    expect(page.get_by_role("row").filter(has_text="post-4712")).to_contain_text("bob")
    expect(page.get_by_role("row").filter(has_text="post-4711").get_by_role("checkbox")).to_be_checked()
    assert office.problems == []


def test_the_live_view_reads_from_right_to_left_too(office):
    office.page.set_viewport_size({"width": 320, "height": 700})
    for direction in ("ltr", "rtl"):
        office.page.evaluate(f"document.documentElement.dir = '{direction}'")
        assert office.page.evaluate("document.documentElement.scrollWidth") <= 320
