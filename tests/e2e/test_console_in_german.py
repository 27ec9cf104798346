"""The console in German: no sentence of ours is left in English, and nothing grows out of the page."""

import re

import pytest
from django.urls import reverse

from moderation.review.claims import claim_case
from tests.e2e.desk_scene import make_desk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
# Words that every English sentence needs, and German has not.
ENGLISH = re.compile(r"\b(the|you|your|and|this|that|with|for|is|are|has|have|of|by|it|to|from|nothing|none)\b", re.I)
# All that the page says, but for what others wrote.
SAID = """() => {
  const theirs = "pre, bdi, code, kbd, textarea, script, style, [dir=auto], [translate=no], [data-foreign], option";
  const said = [];
  for (const element of document.querySelectorAll("body *")) {
    if (element.closest(theirs)) continue;
    for (const name of ["title", "aria-label", "placeholder"]) said.push(element.getAttribute(name) ?? "");
    for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) said.push(node.textContent);
  }
  return said.map((text) => text.trim()).filter(Boolean);
}"""


@pytest.fixture
def german(visitor):
    visitor.page.context.add_cookies([{"name": "reviewengine_language", "value": "de", "url": visitor.address}])
    yield visitor
    visitor.page.evaluate("document.getElementById('decide')?.setAttribute('data-sent', 'yes')")


def _faults(visitor, path: str) -> list[str]:
    visitor.open(path)
    faults = [text for text in visitor.page.evaluate(SAID) if ENGLISH.search(text)]
    for width in (320, 1366):
        visitor.page.set_viewport_size({"width": width, "height": 768})
        found = visitor.page.evaluate("document.documentElement.scrollWidth")
        faults += [f"{path}: {found} px wide at {width}"] if found > width else []
    assert visitor.page.locator("html").get_attribute("lang") == "de"
    return faults


def test_the_desk_speaks_german(german, alice):
    make_desk()
    german.sign_in(alice)
    pages = ["admin:review_desk", "admin:review_next", "admin:review_settings"]
    assert [fault for page in pages for fault in _faults(german, reverse(page))] == []
    assert german.problems == []


def test_the_leads_pages_speak_german(german, lead, alice):
    claim_case(case_id=make_desk()[0].pk, moderator=alice)
    german.sign_in(lead)
    pages = ["index", "review_live", "moderation_reviewcase_changelist", "moderation_termlist_changelist"]
    assert [fault for page in pages for fault in _faults(german, reverse(f"admin:{page}"))] == []
    german.open(reverse("admin:review_live"))
    german.page.locator(".person-menu summary").click()
    german.page.get_by_role("button", name="English").click()
    german.page.get_by_role("heading", name="Live view").wait_for()
