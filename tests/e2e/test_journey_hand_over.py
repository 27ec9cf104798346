"""Two moderators in two windows: they see each other, pass a case on, hold one, and meet a decision that came first."""

import pytest
from django_redis import get_redis_connection
from playwright.sync_api import expect

from moderation.enums import DecisionSource, Outcome
from moderation.models import Decision, ReviewCase
from tests.browser import Visitor
from tests.e2e.conftest import wait_until
from tests.e2e.desk_scene import make_desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# What the desk answers to an act that came too late: the browser reports each as an error of the console.
LATE = "409"


@pytest.fixture
def cases(groups) -> list[ReviewCase]:
    """An insult, an advertisement and a harmless text, in this order."""
    get_redis_connection("default").flushdb()
    return make_desk()


@pytest.fixture
def window(browser, live_server):
    """Opens windows of a common laptop's size, each with somebody's session; all are closed before the tables empty."""
    opened = []

    def open_for(person) -> Visitor:
        context = browser.new_context(viewport={"width": 1366, "height": 768}, reduced_motion="reduce")
        context.set_default_timeout(60_000)
        opened.append(Visitor(context.new_page(), live_server.url))
        opened[-1].watch()
        opened[-1].sign_in(person)
        return opened[-1]

    yield open_for
    for one in opened:
        one.page.goto("about:blank")
    # The pages that closed give their cases back; those requests must not meet the emptying of the tables.
    wait_until(lambda: not ReviewCase.objects.filter(status="open", claimed_by__isnull=False).exists(), seconds=20)
    for one in opened:
        one.page.context.close()


def _expect_case(visitor, external_id: str) -> None:
    expect(visitor.page.locator("h1")).to_contain_text(external_id)


def _press(visitor, key: str) -> None:
    visitor.page.locator("#case[data-ready]").wait_for()
    visitor.page.wait_for_timeout(200)
    visitor.page.keyboard.press(key)


def _wake(visitor) -> None:
    """As when one comes back to the tab: the page gives a sign of life at once."""
    visitor.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def _problems(*visitors: Visitor) -> list[str]:
    return [problem for visitor in visitors for problem in visitor.problems if LATE not in problem]


def _by_people() -> list[tuple]:
    rows = Decision.objects.filter(source=DecisionSource.MODERATOR).order_by("created_at")
    return list(rows.values_list("content__external_id", "outcome", "moderator__username"))


def test_a_case_is_looked_at_by_two_passed_on_with_a_note_and_decided_by_the_other(window, alice, bob, cases):
    hers, his = window(alice), window(bob)
    hers.open("/admin/review/next/")
    _expect_case(hers, "post-4711")
    his.open(f"/admin/review/case/{cases[0].pk}/")
    expect(his.page.get_by_text("alice has this case now.")).to_be_visible()
    expect(his.page.get_by_text("Also looking: alice")).to_be_visible()
    expect(his.page.get_by_role("button", name="A Approve")).to_have_count(0)
    found = his.axe_violations()
    _wake(hers)
    expect(hers.page.get_by_text("Also looking: bob")).to_be_visible()

    _press(hers, "p")
    dialog = hers.page.get_by_role("dialog", name="Pass this case on")
    dialog.get_by_label("To whom").select_option(label="bob (here now)")
    dialog.get_by_label("What they should know").fill("Jan and Pat: you know the thread.")
    found += hers.axe_violations()
    dialog.get_by_role("button", name="Pass on").click()
    _expect_case(hers, "post-4712")

    his.open("/admin/review/")
    expect(his.page.get_by_role("heading", name="Waiting for you alone")).to_be_visible()
    expect(his.page.get_by_text("Jan and Pat: you know the thread.")).to_be_visible()
    found += his.axe_violations()
    his.open("/admin/review/next/")
    _expect_case(his, "post-4711")
    expect(his.page.get_by_role("note")).to_contain_text("alice handed you this case.")
    found += his.axe_violations()
    _press(his, "a")
    _expect_case(his, "post-4713")
    assert _by_people() == [("post-4711", Outcome.APPROVE, "bob")]
    assert (_problems(hers, his), found) == ([], [])


def test_a_held_case_waits_on_the_start_page_until_its_holder_ends_the_hold(window, alice, bob, cases):
    hers, his = window(alice), window(bob)
    hers.open("/admin/review/next/")
    hers.page.get_by_label("Private note").fill("Ask Jan first.")
    hers.page.keyboard.press("Escape")
    _press(hers, "h")
    dialog = hers.page.get_by_role("dialog", name="Hold this case")
    dialog.get_by_label("For how long").select_option("1 hour")
    dialog.get_by_label("Why it has to wait").fill("Jan is on plot nine at noon")
    found = hers.axe_violations()
    hers.page.keyboard.press("Enter")
    _expect_case(hers, "post-4712")

    his.open(f"/admin/review/case/{cases[0].pk}/")
    expect(his.page.get_by_text("alice has this case on hold.")).to_be_visible()
    hers.open("/admin/review/")
    expect(hers.page.get_by_text("Jan is on plot nine at noon")).to_be_visible()
    found += hers.axe_violations()
    hers.page.get_by_role("link", name="post-4711").click()
    _expect_case(hers, "post-4711")
    expect(hers.page.get_by_label("Private note")).to_have_value("Ask Jan first.")
    hers.page.get_by_role("button", name="End the hold").click()
    hers.page.get_by_role("status").filter(has_text="back in its queue").first.wait_for()
    assert not ReviewCase.objects.exclude(assigned_to=None).exists()
    assert (_problems(hers, his), found) == ([], [])


def test_a_decision_that_comes_too_late_shows_what_changed_and_keeps_the_work(window, alice, bob, cases):
    hers, his = window(alice), window(bob)
    hers.open("/admin/review/next/")
    hers.page.get_by_label("Words for the author").fill("Please be kind to Jan.")
    ReviewCase.objects.filter(pk=cases[0].pk).update(lease_expires_at=cases[0].opened_at)  # her laptop was closed
    his.open(f"/admin/review/case/{cases[0].pk}/")
    _press(his, "a")
    _expect_case(his, "post-4712")
    hers.page.get_by_role("button", name="R Reject").click()
    expect(hers.page.get_by_role("heading", name="Your decision was not stored")).to_be_visible()
    expect(hers.page.get_by_role("alert")).to_contain_text("bob approved this case")
    expect(hers.page.get_by_text("You wanted:")).to_be_visible()
    expect(hers.page.get_by_label("Words for the author")).to_have_value("Please be kind to Jan.")
    assert hers.axe_violations() == []
    assert _by_people() == [("post-4711", Outcome.APPROVE, "bob")]
    assert _problems(hers, his) == []


def test_of_two_tabs_the_newer_one_decides_and_the_older_says_so(window, alice, cases):
    older = window(alice)
    older.open("/admin/review/next/")
    older.page.get_by_label("Private note").fill("Half a thought")
    newer = window(alice)
    newer.open("/admin/review/next/")
    _expect_case(newer, "post-4711")
    _wake(older)
    expect(older.page.get_by_role("alert").filter(has_text="another tab or window")).to_be_visible()
    expect(older.page.get_by_role("button", name="A Approve")).to_be_disabled()
    expect(older.page.get_by_label("Private note")).to_have_value("Half a thought")
    assert older.axe_violations() == []
    _press(newer, "a")
    _expect_case(newer, "post-4712")
    assert _by_people() == [("post-4711", Outcome.APPROVE, "alice")]
    assert _problems(older, newer) == []


def test_a_fourth_case_says_which_three_fill_the_hands(window, alice, cases):
    for case in cases:
        ReviewCase.objects.filter(pk=case.pk).update(
            assigned_to=alice,
            assigned_by=alice,
            assigned_until="2100-01-01T00:00Z",
            on_hold_until="2100-01-01T00:00Z",
            assignment_note="Later",
        )
    hers = window(alice)
    hers.open("/admin/review/next/")
    expect(hers.page.get_by_role("heading", name="Your hands are full")).to_be_visible()
    assert hers.axe_violations() == []
    hers.page.get_by_role("button", name="End the hold post-4712").click()
    expect(hers.page.get_by_text("2 of 3 that you may have at once")).to_be_visible()
    assert _problems(hers) == []
