"""The browsable description, in a real Chromium under the strict Content-Security-Policy."""

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
