"""A moderator's shift in a real browser, by keyboard alone: from signing in to ending it."""

import pytest
from playwright.sync_api import expect

from moderation.enums import DecisionSource, Outcome
from moderation.models import Decision, Note, NoteMention, ReviewCase
from tests.e2e.desk_scene import make_desk
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cases(groups) -> list[ReviewCase]:
    """An insult, an advertisement and a harmless text that nothing could read, in this order."""
    return make_desk()


@pytest.fixture(autouse=True)
def quiet_leaving(visitor):
    """A page that closes gives its case back; that request must not meet the emptying of the tables."""
    yield
    visitor.page.evaluate("document.getElementById('decide')?.setAttribute('data-sent', 'yes')")


class Shift:
    """What a moderator does at the keyboard, and what axe finds on every page on the way."""

    def __init__(self, visitor):
        self.visitor, self.page, self.problems = visitor, visitor.page, []

    def look(self) -> None:
        self.problems.extend(self.visitor.axe_violations())

    def sees(self, external_id: str) -> None:
        expect(self.page.locator("h1")).to_contain_text(external_id)
        self.page.locator("#case[data-ready]").wait_for()
        self.look()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def sign_in(self) -> None:
        self.visitor.open("/admin/review/")
        self.look()
        self.page.get_by_label("Username").fill("alice")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.press("Enter")
        expect(self.page.get_by_role("link", name="Start reviewing")).to_be_focused()
        self.look()


@pytest.mark.parametrize("visitor", ["light", "dark"], indirect=True)
def test_shift(visitor, alice, bob, cases):
    page, shift = visitor.page, Shift(visitor)
    page.set_viewport_size({"width": 1366, "height": 768})
    shift.sign_in()
    shift.press("Enter")
    shift.sees("post-4711")
    _reads_the_disguise(shift)
    _tells_bob(shift)
    shift.press("r")
    shift.sees("post-4712")
    expect(page.locator(".desk-messages, .undo").filter(has_text="Rejected post-4711.").first).to_be_visible()
    expect(page.get_by_role("region", name="Text of the content")).to_be_focused()
    shift.press("s")
    shift.sees("post-4713")
    _works_in_zen(shift)
    _goes_back_to_the_skipped_one(shift)
    shift.press("3", "t", "r")
    expect(page.get_by_role("link", name="Next case")).to_be_visible()
    shift.look()
    shift.press("g")
    expect(page.locator("#case")).to_have_count(0)
    shift.look()
    assert _decisions() == [
        ("post-4711", Outcome.REJECT, "Harassment or insult"),
        ("post-4713", Outcome.APPROVE, ""),
        ("post-4712", Outcome.REJECT, "Threat or violence"),
    ]
    assert (visitor.problems, shift.problems) == ([], [])


def _reads_the_disguise(shift: Shift) -> None:
    original = shift.page.get_by_role("region", name="Text of the content")
    shift.press("o")
    expect(shift.page.get_by_role("region", name="Text as the detectors read it")).to_be_visible()
    expect(original).to_be_hidden()
    shift.look()
    shift.press("o")
    expect(original).to_be_visible()


def _tells_bob(shift: Shift) -> None:
    shift.press("m")
    shift.page.keyboard.type("Plot nine again, @bob. Any rest?")
    shift.press("Control+Enter")
    expect(shift.page.locator("#notes-list")).to_contain_text("Plot nine again, @bob.")
    expect(shift.page.get_by_role("textbox", name="Note for the team")).to_have_value("")
    shift.look()
    assert Note.objects.get().author.display_name == "Pat the Spade"
    assert NoteMention.objects.get(seen_at=None).person.username == "bob"


def _works_in_zen(shift: Shift) -> None:
    shift.press("z")
    expect(shift.page.get_by_role("heading", name="Author")).to_be_hidden()
    expect(shift.page.get_by_role("button", name="A Approve")).to_be_in_viewport(ratio=1)
    shift.look()
    shift.press("z")
    expect(shift.page.get_by_role("heading", name="Author")).to_be_visible()
    shift.press("a")


def _goes_back_to_the_skipped_one(shift: Shift) -> None:
    """Skipped cases do not come back by themselves: the palette leads to one by its id."""
    expect(shift.page.locator("#case")).to_have_count(0)
    shift.look()
    address = f"/admin/review/case/{ReviewCase.objects.get(content__external_id='post-4711').pk}/read/"
    shift.visitor.open(address)
    shift.page.locator("#case[data-ready]").wait_for()
    shift.press("Control+k")
    shift.page.keyboard.type("post-4712")
    expect(shift.page.get_by_role("option").first).to_contain_text("post-4712")
    shift.look()
    shift.press("Enter")
    shift.sees("post-4712")


def _decisions() -> list[tuple]:
    rows = Decision.objects.filter(source=DecisionSource.MODERATOR).order_by("created_at")
    return list(rows.values_list("content__external_id", "outcome", "reasoning"))
