"""A moderator's working day in a real browser: sign in, start, decide by keys, see the next case."""

import re

import pytest
from playwright.sync_api import expect

from moderation.enums import CaseStatus, DecisionSource, Outcome
from moderation.models import Decision, ReviewCase, ReviewQueue
from tests.e2e.conftest import wait_until
from tests.e2e.desk_scene import INSULT, make_desk
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The keys rest for a moment on each new page, so that a double tap decides nothing unseen.
KEYS_REST_MS = 400


@pytest.fixture
def cases(groups) -> list[ReviewCase]:
    """An insult, an advertisement and a harmless text that nothing could read, in this order."""
    return make_desk()


@pytest.fixture(autouse=True)
def quiet_leaving(visitor):
    """A page that closes gives its case back; that request must not meet the emptying of the tables."""
    yield
    visitor.page.evaluate("document.getElementById('decide')?.setAttribute('data-sent', 'yes')")


@pytest.fixture
def at_work(visitor, alice, cases):
    """Alice at her first case, in a window of a common laptop's size."""
    visitor.sign_in(alice)
    visitor.page.set_viewport_size({"width": 1366, "height": 768})
    visitor.open("/admin/review/next/")
    return visitor


def _press(page, key: str) -> None:
    page.wait_for_timeout(KEYS_REST_MS)
    page.keyboard.press(key)


def _expect_case(page, external_id: str) -> None:
    expect(page.locator("h1")).to_contain_text(external_id)


def _decisions() -> list[tuple]:
    rows = Decision.objects.filter(source=DecisionSource.MODERATOR).order_by("created_at")
    return list(rows.values_list("content__external_id", "outcome", "reasoning", "moderator__username"))


@pytest.mark.parametrize("visitor", ["light", "dark"], indirect=True)
def test_moderator_decides_by_keys_and_sees_the_next_case(visitor, alice, cases):
    page = visitor.page
    problems = []

    def look() -> None:
        """What axe finds on every page on the way."""
        problems.extend(visitor.axe_violations())

    visitor.open("/admin/review/")
    look()
    page.get_by_label("Username").fill("alice")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="3 cases wait for you")).to_be_visible()
    look()
    page.keyboard.press("Enter")  # the way in has the focus
    _expect_case(page, "post-4711")
    look()
    _press(page, "r")
    _expect_case(page, "post-4712")
    expect(page.get_by_role("status").first).to_have_text("Rejected post-4711.")
    look()
    _press(page, "s")
    _expect_case(page, "post-4713")
    look()
    _press(page, "a")
    _expect_case(page, "post-4712")  # skipped, and now the last
    _press(page, "3")
    page.keyboard.press("r")
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    look()
    assert _decisions() == [
        ("post-4711", Outcome.REJECT, "Harassment or insult", "alice"),
        ("post-4713", Outcome.APPROVE, "", "alice"),
        ("post-4712", Outcome.REJECT, "Threat or violence", "alice"),
    ]
    assert (visitor.problems, problems) == ([], [])


def test_everything_of_a_case_fits_a_laptop(at_work):
    page = at_work.page
    expect(page.get_by_role("region", name="Text of the content")).to_be_in_viewport(ratio=1)
    for name in ("A Approve", "R Reject", "S Skip"):
        expect(page.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
    for title in ("Why it is here", "Scores", "Author", "Conversation"):
        expect(page.get_by_role("heading", name=title)).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("meter", name="Harassment")).to_have_attribute("aria-valuenow", "0.91")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_hundred_thousand_characters_and_a_phone_break_nothing(visitor, alice, cases):
    hostile = "\u202egnp.evil\u202c " + "Z\u0324\u0325\u0326\u0327\u0328" * 30 + "x" * 100_000
    cases[0].content.text = hostile
    cases[0].content.save()
    visitor.sign_in(alice)
    visitor.page.set_viewport_size({"width": 320, "height": 640})
    visitor.open("/admin/review/next/")
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == 320
    expect(visitor.page.get_by_text("2 hidden text direction characters")).to_be_visible()
    assert (visitor.problems, visitor.axe_violations()) == ([], [])


def test_keys_rest_while_one_types(at_work):
    page = at_work.page
    _press(page, "n")
    page.keyboard.type("a sarcastic person? yes")
    expect(page.get_by_label("Private note")).to_have_value("a sarcastic person? yes")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    _expect_case(page, "post-4712")
    assert Decision.objects.get(source=DecisionSource.MODERATOR).private_note == "a sarcastic person? yes"


@pytest.mark.parametrize("keys", ["Control+a", "Alt+r", "Shift+A", "Meta+s"])
def test_keys_rest_while_another_is_held(at_work, keys):
    _press(at_work.page, keys)
    at_work.page.wait_for_timeout(KEYS_REST_MS)
    _expect_case(at_work.page, "post-4711")
    assert ReviewCase.objects.get(content__external_id="post-4711").claimed_by.username == "alice"


def test_double_tap_decides_only_what_was_seen(at_work):
    page = at_work.page
    page.wait_for_timeout(KEYS_REST_MS)
    page.keyboard.press("a")
    page.keyboard.press("a")
    _expect_case(page, "post-4712")
    page.wait_for_timeout(KEYS_REST_MS)
    assert [row[0] for row in _decisions()] == ["post-4711"]


def test_rejection_without_reason_asks_for_one(at_work):
    page = at_work.page
    _press(page, "0")
    page.keyboard.press("r")
    expect(page.locator("#claim-state")).to_contain_text("Choose a reason")
    page.keyboard.press("w")
    page.keyboard.type("Not in this garden.")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    _expect_case(page, "post-4712")
    assert _decisions() == [("post-4711", Outcome.REJECT, "Not in this garden.", "alice")]


def test_key_sheet_opens_closes_and_can_switch_the_keys_off(at_work):
    page = at_work.page
    _press(page, "?")
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet).to_be_visible()
    assert at_work.axe_violations() == []
    page.get_by_label("Decide by single keys").uncheck()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    _press(page, "a")
    page.wait_for_timeout(KEYS_REST_MS)
    _expect_case(page, "post-4711")


def test_lost_claim_is_told_and_the_note_survives(at_work, lead):
    page = at_work.page
    _press(page, "n")
    page.keyboard.type("Ask Jan first.")
    ReviewCase.objects.update(claimed_by=None, claimed_at=None, lease_token=None, lease_expires_at=None)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # as when one comes back to the tab
    expect(page.get_by_role("alert").filter(has_text="You cannot decide this case now.")).to_be_visible()
    expect(page.get_by_role("button", name="A Approve")).to_be_disabled()
    assert at_work.axe_violations() == []
    page.get_by_role("button", name="Claim it again").click()
    _expect_case(page, "post-4711")
    expect(page.get_by_label("Private note")).to_have_value("Ask Jan first.")
    expect(page.get_by_role("button", name="A Approve")).to_be_enabled()


def test_stale_decision_is_refused_with_what_changed(at_work, bob):
    page = at_work.page
    ReviewCase.objects.filter(claimed_by__isnull=False).update(claimed_by=bob)
    page.get_by_label("Private note").fill("Ask Jan first.")
    page.get_by_role("button", name="R Reject").click()
    expect(page.get_by_role("alert")).to_have_text("Your claim on this case has ended, and bob holds it now.")
    expect(page.get_by_label("Private note")).to_have_value("Ask Jan first.")
    assert (_decisions(), at_work.axe_violations()) == ([], [])


def test_session_that_ended_loses_no_note(at_work):
    page = at_work.page
    page.get_by_label("Private note").fill("Ask Jan first.")
    at_work.page.context.clear_cookies(name="sessionid")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("alert").filter(has_text="You are signed out.")).to_be_visible()
    page.get_by_role("button", name="A Approve").click()
    expect(page.get_by_label("Private note")).to_have_value("Ask Jan first.")
    page.get_by_role("link", name="Sign in and return to the case").click()
    page.get_by_label("Username").fill("alice")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    _expect_case(page, "post-4711")
    expect(page.get_by_label("Private note")).to_have_value("Ask Jan first.")
    assert _decisions() == []


def test_open_page_renews_its_claim_and_a_closed_one_gives_it_back(visitor, alice, cases):
    page = visitor.page
    visitor.sign_in(alice)
    page.clock.install()
    visitor.open("/admin/review/next/")
    with page.expect_response(re.compile("/renew/")) as renewal:
        page.clock.fast_forward(31_000)
    assert renewal.value.status == 200
    page.goto("about:blank")
    wait_until(lambda: not ReviewCase.objects.filter(claimed_by__isnull=False).exists(), seconds=10)


def test_covered_text_is_uncovered_by_a_key(visitor, alice, cases):
    ReviewQueue.objects.update(hide_text=True)
    visitor.sign_in(alice)
    visitor.open("/admin/review/next/")
    text = visitor.page.get_by_text(INSULT[:30])
    expect(text).to_be_hidden()
    assert visitor.axe_violations() == []
    _press(visitor.page, "v")
    expect(text).to_be_visible()


def test_desk_works_without_script(browser, live_server, alice, cases):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/review/next/")
    page.get_by_label("Username").fill("alice")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    _expect_case(page, "post-4711")
    page.get_by_role("button", name="R Reject").click()
    _expect_case(page, "post-4712")
    context.close()
    assert ReviewCase.objects.filter(status=CaseStatus.RESOLVED).count() == 1
