"""The playground in Chromium: by its script, without it, by keyboard alone, on a narrow screen, in both themes."""

from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from tests.images import photo

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TEXT = "Y0u are a c0mplete id1ot, Jan <script>alert(1)</script>. Write to jan@example.com: FREE gnomes at http://bit.ly/x7!"


@pytest.fixture
def at_playground(visitor, alice):
    """Alice at the empty page."""
    visitor.sign_in(alice)
    visitor.open(reverse("admin:playground"))
    return visitor


def ask(visitor, text: str = TEXT) -> None:
    """Types a text, and waits for the decision."""
    visitor.page.get_by_label("Text", exact=True).fill(text)
    visitor.page.get_by_role("button", name="Read it").click()
    visitor.page.get_by_role("heading", name="Decision:").wait_for()


def faults(visitor) -> list[str]:
    return visitor.axe_violations() + visitor.problems


@pytest.mark.parametrize("visitor", ["light", "dark"], indirect=True)
def test_the_page_has_no_fault_before_and_after(at_playground):
    assert faults(at_playground) == []
    at_playground.page.get_by_label("Image").set_input_files({"name": "a.jpg", "mimeType": "", "buffer": photo()})
    ask(at_playground)
    at_playground.page.get_by_text("Versions that produced").click()
    assert faults(at_playground) == []


def test_the_script_asks_without_leaving_the_page(at_playground):
    page = at_playground.page
    page.evaluate("window.stays = true")
    ask(at_playground)
    assert page.evaluate("window.stays") is True
    assert page.locator("#progress").inner_text().startswith("Decision:")
    assert "idiot, jan" in page.locator("#normalised-text").inner_text()
    assert page.get_by_label("Text", exact=True).input_value() == TEXT


def test_without_a_script_the_form_posts(browser, live_server, visitor, alice):
    visitor.sign_in(alice)
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(visitor.page.context.cookies())
    page = context.new_page()
    page.goto(live_server.url + reverse("admin:playground"))
    page.fill("#id_text", TEXT)
    page.get_by_role("button", name="Read it").click()
    assert page.locator("#verdict-title").is_visible()
    assert [one.is_visible() for one in page.locator(".code-form").all()] == [True] * 4
    context.close()


def test_everything_works_by_keyboard(at_playground):
    page = at_playground.page
    page.get_by_label("Text", exact=True).focus()
    page.keyboard.insert_text(TEXT)
    page.keyboard.press("Control+Enter")
    tab = page.get_by_role("tab", name="curl")
    tab.focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("tabpanel").locator("pre").inner_text().startswith("import os")
    page.keyboard.press("End")
    assert "comments:analyze" in page.get_by_role("tabpanel").inner_text()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "source-perspective"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Copy"


def test_the_chosen_tab_stays_for_the_next_answer(at_playground):
    ask(at_playground)
    at_playground.page.get_by_role("tab", name="OpenAI's SDK").click()
    ask(at_playground, "Another text")
    at_playground.page.get_by_text("Another text", exact=True).first.wait_for()
    assert at_playground.page.get_by_role("tab", selected=True).inner_text() == "OpenAI's SDK"


def test_an_image_is_covered_until_it_is_held(at_playground):
    page = at_playground.page
    page.get_by_label("Image").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    ask(at_playground, "")
    look = "getComputedStyle(document.querySelector('.veil img')).filter"
    assert page.evaluate(look) == "blur(24px) grayscale(1)"
    page.locator(".veil").focus()
    page.keyboard.down(" ")
    assert page.evaluate(look) == "none"
    page.keyboard.up(" ")
    assert page.evaluate(look) == "blur(24px) grayscale(1)"


def test_the_screenshot_is_small_enough_to_ship():
    assert 0 < Path("docs/screenshots/playground-light.png").stat().st_size < 200_000


def test_a_fault_is_told_and_what_was_read_before_stays(at_playground):
    page = at_playground.page
    ask(at_playground)
    page.get_by_label("Text", exact=True).fill("  ")
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("alert").wait_for()
    assert "Write a text, or choose an image." in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Text", exact=True).get_attribute("aria-invalid") == "true"
    assert page.locator("#verdict-title").is_visible()
    assert page.locator("#progress").inner_text() == "Nothing was read: the answer shown is of what was read before."
    assert page.evaluate("getComputedStyle(document.getElementById('answer')).filter") == "grayscale(1)"
    assert at_playground.axe_violations() == []
    ask(at_playground)
    page.locator("#answer:not(.of-before)").wait_for()


def test_whoever_was_signed_out_keeps_what_was_typed(at_playground):
    page = at_playground.page
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_label("Text", exact=True).fill("a long thought")
    page.get_by_role("button", name="Read it").click()
    page.get_by_text("You are signed out.").wait_for()
    assert page.get_by_label("Text", exact=True).input_value() == "a long thought"


@pytest.mark.parametrize("width", [320, 768, 3840])
def test_nothing_is_cut_off_at_any_width(at_playground, width):
    at_playground.page.set_viewport_size({"width": width, "height": 900})
    ask(at_playground, f"{TEXT} {'a' * 300}")
    assert at_playground.page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults(at_playground) == []
