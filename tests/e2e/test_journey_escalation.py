"""A shift in which not every decision stands: undone, passed up, confirmed by a second person, and a wave in one go."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_redis import get_redis_connection
from playwright.sync_api import expect

from moderation.enums import CaseStatus, Outcome
from moderation.models import Author, Content, Decision, ReviewCase
from moderation.review.holds import release_due_holds
from tests.browser import Visitor
from tests.e2e.desk_scene import make_desk
from tests.e2e.test_journey_hand_over import window  # noqa: F401 - a fixture
from tests.moderation.conftest import review_options  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cases(groups, review_options) -> list[ReviewCase]:  # noqa: F811
    """An insult by somebody whom many people read, an advertisement and a harmless text, in this order."""
    get_redis_connection("default").flushdb()
    review_options(undo_seconds=120)
    made = make_desk()
    Author.objects.filter(pk=made[0].content.author_id).update(reach=500_000)
    return made


def _expect_case(visitor: Visitor, external_id: str) -> None:
    expect(visitor.page.locator("h1")).to_contain_text(external_id)


def _press(visitor: Visitor, key: str) -> None:
    visitor.page.locator("#case[data-ready]").wait_for()
    visitor.page.wait_for_timeout(200)
    visitor.page.keyboard.press(key)


def _release() -> None:
    release_due_holds(now=timezone.now() + timedelta(hours=1))


def test_escalated_decided_held_for_a_second_person_and_undone(window, alice, senior, lead, cases):  # noqa: F811
    insult, second, *_ = [case.content.external_id for case in cases]
    hers = window(alice)
    hers.open("/admin/review/next/")
    _expect_case(hers, insult)
    _press(hers, "e")
    hers.page.get_by_label("What should the next person know?").fill("Is this a threat?")
    found = hers.axe_violations()
    hers.page.locator("#escalate").get_by_role("button", name="Escalate").click()
    _expect_case(hers, second)
    _press(hers, "w")
    hers.page.keyboard.type("Please stop.")
    hers.page.keyboard.press("Escape")
    _press(hers, "r")
    expect(hers.page.locator("#undo")).to_be_visible()
    found += hers.axe_violations()
    _press(hers, "u")
    _expect_case(hers, second)
    expect(hers.page.locator("#id_words")).to_have_value("Please stop.")
    assert not Decision.objects.in_effect().filter(moderator=alice).exists()

    theirs = window(senior)
    theirs.open("/admin/review/next/")
    _expect_case(theirs, insult)
    expect(theirs.page.get_by_text("Is this a threat?").first).to_be_visible()
    _press(theirs, "3")
    _press(theirs, "r")
    expect(theirs.page.locator("#undo")).to_contain_text("waits for a second person")
    _release()
    assert Content.objects.get(external_id=insult).decision == Outcome.REVIEW

    last = window(lead)
    last.open("/admin/review/second/")
    found += last.axe_violations()
    last.page.get_by_role("link", name=insult).click()
    expect(last.page.get_by_text("500,000 people: it counts")).to_be_visible()
    found += last.axe_violations()
    last.page.get_by_role("button", name="Confirm the rejection").click()
    expect(last.page.get_by_text("Confirmed: the rejection counts now.")).to_be_visible()
    assert Content.objects.get(external_id=insult).decision == Outcome.REJECT
    assert found == []
    assert [problem for one in (hers, theirs, last) for problem in one.problems] == []


def test_a_wave_is_decided_in_one_go_and_taken_back(window, senior, cases):  # noqa: F811
    theirs = window(senior)
    theirs.open("/admin/review/bulk/")
    theirs.page.get_by_label("Waiting for hours").fill("1")
    theirs.page.get_by_role("button", name="Show what it would do").click()
    expect(theirs.page.get_by_text("the author reaches many people")).to_be_visible()
    found = theirs.axe_violations()
    number = int(theirs.page.get_by_role("heading", name="would be decided").inner_text().split()[0])
    theirs.page.get_by_label("Reason to reject").select_option("spam")
    theirs.page.locator("form.said button.act-reject").click()
    undo = theirs.page.get_by_role("button", name="Undo the whole run")
    expect(undo).to_be_visible()
    found += theirs.axe_violations()
    assert Decision.objects.filter(moderator=senior, label="spam").count() == number
    undo.click()
    expect(theirs.page.get_by_text("open again")).to_be_visible()
    _release()
    assert ReviewCase.objects.filter(status=CaseStatus.OPEN).count() == len(cases)
    assert not Decision.objects.in_effect().filter(moderator=senior).exists()
    assert found == []
    assert theirs.problems == []
