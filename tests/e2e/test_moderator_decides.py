"""A moderator's working day in a real browser: sign in, start, decide by keys, see the next case."""

import re

import pytest
from playwright.sync_api import expect

from moderation.enums import CaseStatus, DecisionSource, Outcome
from moderation.models import Decision, ModeratorSettings, Note, ReviewCase, ReviewQueue
from tests.e2e.conftest import wait_until
from tests.e2e.desk_scene import INSULT, make_desk
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Longer than the keys rest between two cases.
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
    page.locator("#case[data-ready]").wait_for()
    page.keyboard.press(key)


def _expect_case(page, external_id: str) -> None:
    expect(page.locator("h1")).to_contain_text(external_id)


def _decisions() -> list[tuple]:
    rows = Decision.objects.filter(source=DecisionSource.MODERATOR).order_by("created_at")
    return list(rows.values_list("content__external_id", "outcome", "reasoning", "moderator__username"))


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


@pytest.mark.parametrize("pause", [0, 40, 120])
def test_double_tap_decides_only_what_was_seen(at_work, pause):
    page = at_work.page
    _press(page, "a")
    page.wait_for_timeout(pause)
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


def test_session_that_ended_loses_no_note(at_work, alice):
    page = at_work.page
    page.get_by_label("Private note").fill("Ask Jan first.")
    page.get_by_label("Note for the team").fill("Plot nine again.")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="A Approve").click()
    expect(page.get_by_role("alert").filter(has_text="You are signed out.")).to_be_visible()
    expect(page.get_by_label("Private note")).to_have_value("Ask Jan first.")
    at_work.sign_in(alice)  # in another tab
    _press(page, "a")
    _expect_case(page, "post-4712")
    assert Decision.objects.get(source=DecisionSource.MODERATOR).private_note == "Ask Jan first."
    assert Note.objects.get().text == "Plot nine again."


def test_lost_network_loses_nothing_and_decides_once(at_work):
    page = at_work.page
    page.get_by_label("Private note").fill("Ask Jan first.")
    page.context.set_offline(True)
    page.get_by_role("button", name="A Approve").click()
    expect(page.get_by_role("alert").filter(has_text="Not sent.")).to_be_visible()
    expect(page.get_by_label("Private note")).to_have_value("Ask Jan first.")
    page.context.set_offline(False)
    _press(page, "a")
    _expect_case(page, "post-4712")
    assert [row[0] for row in _decisions()] == ["post-4711"]


def test_answer_that_is_lost_on_the_way_decides_once(at_work):
    """The server stores the decision, and the page never hears of it: pressed again, it goes on."""
    page = at_work.page

    def lose(route) -> None:
        route.fetch()
        route.abort()

    page.route("**/decide/", lose, times=1)
    _press(page, "a")
    expect(page.get_by_role("alert").filter(has_text="Not sent.")).to_be_visible()
    _press(page, "a")
    _expect_case(page, "post-4712")
    assert [row[0] for row in _decisions()] == ["post-4711"]


def test_second_tab_and_the_back_button_decide_nothing_twice(at_work):
    first = at_work.page
    second = first.context.new_page()
    second.goto(first.url)
    _expect_case(second, "post-4711")
    _press(second, "a")
    _expect_case(second, "post-4712")
    first.get_by_label("Private note").fill("From the old tab.")
    first.get_by_role("button", name="R Reject").click()
    expect(first.get_by_role("alert").first).to_be_visible()
    expect(first.get_by_text("From the old tab.")).to_be_visible()
    second.goto(f"{at_work.address}/admin/review/")
    second.go_back()
    _expect_case(second, "post-4712")
    second.close()
    assert [row[:2] for row in _decisions()] == [("post-4711", Outcome.APPROVE)]


def test_double_click_decides_once(at_work):
    at_work.page.get_by_role("button", name="A Approve").dblclick()
    _expect_case(at_work.page, "post-4712")
    at_work.page.wait_for_timeout(KEYS_REST_MS)
    assert [row[0] for row in _decisions()] == ["post-4711"]


def test_input_method_and_open_dialog_keep_the_keys_to_themselves(at_work):
    page = at_work.page
    _press(page, "?")
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'a', isComposing: true, bubbles: true}))"
    )
    page.wait_for_timeout(KEYS_REST_MS)
    _expect_case(page, "post-4711")
    assert _decisions() == []


def test_single_keys_that_a_person_has_switched_off_do_nothing(at_work, alice):
    ModeratorSettings.objects.update_or_create(moderator=alice, defaults={"single_keys": False})
    page = at_work.page
    page.reload()
    _press(page, "a")
    page.keyboard.press("?")
    page.wait_for_timeout(KEYS_REST_MS)
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
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
    text = visitor.page.locator("#case-text")
    expect(text).to_contain_text(INSULT[:30])
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
