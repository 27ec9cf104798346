"""Keys do what they print: on every page of the desk, in zen, and in the sheet of keys."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from moderation.models import ReviewCase
from tests import factories
from tests.moderation.conftest import review_options  # noqa: F401 - a fixture

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


@pytest.fixture
def undoing(at_desk, review_options):  # noqa: F811
    """Alice at the second case, with time to undo what she decided of the first."""
    review_options(undo_seconds=120)
    factories.CaseFactory(queue=ReviewCase.objects.get().queue)
    at_desk.open(reverse("admin:review_next"))
    _press(at_desk.page, "a")
    expect(at_desk.page.locator("#undo")).to_be_visible()
    yield at_desk.page
    # A page that closes gives its case back; that request must not meet the emptying of the tables.
    at_desk.page.evaluate("document.getElementById('decide')?.setAttribute('data-sent', 'yes')")


def _press(page, key: str) -> None:
    page.locator("#case[data-ready]").wait_for()
    page.wait_for_timeout(200)
    page.keyboard.press(key)


def _undo(page) -> tuple[str, str]:
    """Presses U; answers the ids of the case that stood there and of the one that is there again."""
    opened = page.locator("#case").get_attribute("data-case")
    _press(page, "u")
    expect(page.locator("#case")).not_to_have_attribute("data-case", opened)
    return opened, page.locator("#case").get_attribute("data-case")


def test_undo_gives_the_opened_case_back(undoing, alice):
    opened, again = _undo(undoing)
    holders = dict(ReviewCase.objects.values_list("id", "claimed_by"))
    assert {str(case): holder for case, holder in holders.items()} == {opened: None, again: alice.pk}


def test_undo_keeps_the_opened_case_in_which_something_was_typed(undoing, alice):
    _press(undoing, "w")
    undoing.keyboard.type("Half a sentence")
    undoing.keyboard.press("Escape")
    opened, _again = _undo(undoing)
    assert set(ReviewCase.objects.values_list("claimed_by", flat=True)) == {alice.pk}
    _press(undoing, "a")
    expect(undoing.locator("#case")).to_have_attribute("data-case", opened)
    expect(undoing.locator("#id_words")).to_have_value("Half a sentence")
