"""Keys do what they print: on every page of the desk, in zen, and in the sheet of keys."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at_desk(visitor, alice):
    factories.CaseFactory(queue=factories.QueueFactory(slug="soup", name="Soup"))
    visitor.sign_in(alice)
    return visitor


def test_the_palette_opens_on_the_start_page_and_takes_the_typing(at_desk):
    at_desk.open(reverse("admin:review_desk"))
    at_desk.page.keyboard.press("Control+k")
    at_desk.page.keyboard.type("Soup")
    expect(at_desk.page.get_by_role("option").first).to_contain_text("Soup")
    at_desk.page.keyboard.press("Enter")
    expect(at_desk.page).to_have_url(f"{at_desk.address}{reverse('admin:review_next')}?queue=soup")


def test_a_field_that_zen_hides_is_reached_and_the_sheet_switches_nothing_off(at_desk):
    page = at_desk.page
    at_desk.open(reverse("admin:review_next"))
    page.locator("#case[data-ready]").wait_for()
    page.keyboard.press("?")
    page.keyboard.press("Space")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("z")
    expect(page.locator("#id_words")).to_be_hidden()
    page.keyboard.press("w")
    expect(page.locator("#id_words")).to_be_focused()
