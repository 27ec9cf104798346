"""The browsable description, in a real Chromium under the strict Content-Security-Policy."""

from pathlib import Path

import pytest

from moderation.models import Content

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


SUBMIT = "#operations-content-submitContent"


def opened(visitor):
    visitor.open("/api/docs/")
    visitor.page.click(f"{SUBMIT} .opblock-summary-control")
    visitor.page.wait_for_selector(f"{SUBMIT} .opblock-body textarea")
    return visitor.page


@pytest.mark.parametrize("visitor", ["light", "dark"], indirect=True)
def test_the_page_breaks_no_rule_of_the_browser(visitor):
    page = opened(visitor)
    assert visitor.problems == []
    # Swagger UI's own parts are not ours to mend.
    page.evaluate("document.getElementById('docs').remove()")
    assert visitor.axe_violations() == []


@pytest.mark.parametrize("visitor", ["dark"], indirect=True)
def test_the_page_is_dark_where_the_system_is(visitor):
    page = opened(visitor)
    assert page.evaluate("document.documentElement.className") == "dark-mode"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 27)"


# Every text of the page, and the colour that lies behind it; what fails is named with its contrast (WCAG 2, 1.4.3).
PALE = """() => {
  const rgb = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const curve = (part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const light = (one) => curve(one / 255);
  const shine = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const behind = (element) => {
    for (; element; element = element.parentElement) {
      const [r, g, b, alpha = 1] = rgb(getComputedStyle(element).backgroundColor);
      if (alpha > 0.5) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const found = new Set();
  const texts = document.createTreeWalker(document.getElementById("docs"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const shown = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (!shown || element.tagName === "OPTION" || !texts.currentNode.data.trim()) continue;
    const [a, b] = [shine(rgb(getComputedStyle(element).color)), shine(behind(element))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5) found.add(`${element.className} ${texts.currentNode.data.trim()}: ${contrast.toFixed(2)}`);
  }
  return [...found];
}"""


@pytest.mark.parametrize("visitor", ["light", "dark"], indirect=True)
def test_every_text_can_be_read(visitor):
    page = opened(visitor)
    page.wait_for_selector(f"{SUBMIT} table.headers")
    assert page.evaluate(PALE) == []


def test_a_call_and_all_that_may_go_wrong_fit_on_a_few_screens(visitor):
    page = opened(visitor)
    page.wait_for_selector(f"{SUBMIT} .responses-table [data-code='503']")
    assert page.locator(SUBMIT).bounding_box()["height"] < 3_500
    assert page.locator(f"{SUBMIT} [data-code='422'] a").first.get_attribute("href").startswith("/api/problems/")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("/review/cases/claim", {"claimNextCase"}),
        ("suspend an", {"suspendAuthor"}),
        ("POST reports:write", {"reportContent"}),
        ("nothing like it", set()),
    ],
)
def test_calls_are_found_by_every_word(visitor, words, found):
    visitor.open("/api/docs/")
    visitor.page.wait_for_selector(".opblock")
    visitor.page.get_by_label("Find a call").fill(words)
    visitor.page.wait_for_timeout(300)
    shown = visitor.page.locator(".opblock").evaluate_all("all => all.map((one) => one.id.split('-').pop())")
    assert {name for name in shown if not name.startswith("on")} == found  # webhooks are not filtered


def test_the_key_is_asked_for_first(visitor):
    page = opened(visitor)
    page.click("button.authorize")
    page.keyboard.type("re_1")
    assert page.input_value(".auth-container input >> nth=0") == "re_1"


def test_a_call_can_be_tried_with_a_key(visitor, key):
    page = opened(visitor)
    page.click("button.authorize")
    page.fill(".auth-container input >> nth=0", key)
    page.click(".auth-btn-wrapper button.authorize >> nth=0")
    page.click(".auth-btn-wrapper button.btn-done >> nth=0")
    page.click(f"{SUBMIT} button.execute")
    assert page.inner_text(f"{SUBMIT} .live-responses-table tbody .response-col_status") == "202"
    assert Content.objects.get().external_id == "comment-17"
    assert visitor.problems == []


@pytest.mark.parametrize("name", ["light", "dark", "call-light", "call-dark"])
def test_the_screenshots_are_small_enough_to_ship(name):
    assert 0 < Path(f"docs/screenshots/api-docs-{name}.png").stat().st_size < 150_000
