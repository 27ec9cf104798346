"""Double review in a real browser: Alice decides, Bob is asked without knowing and differs, a lead settles it, the
figures change; the settled case becomes a golden case, which Carol answers."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from moderation.enums import CaseSource, Outcome
from moderation.models import Content, Decision, GoldenCase, QualityReview, ReviewCase, ReviewQueue
from tests import factories
from tests.e2e.desk_scene import make_desk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WORDS = "Names the cook, and means him."
WHY = "Banter among friends: nobody is threatened."
SHOTS = os.environ.get("SCREENSHOTS", "")


@pytest.fixture
def everything_twice(db) -> ReviewQueue:
    """The case of the insult alone, in a queue where every decision is made twice."""
    first, *others = make_desk()
    ReviewCase.objects.filter(pk__in=[case.pk for case in others]).delete()
    ReviewQueue.objects.filter(pk=first.queue_id).update(double_percent=100)
    return ReviewQueue.objects.get(pk=first.queue_id)


def _is_clean(visitor) -> None:
    assert (visitor.axe_violations(), visitor.problems) == ([], [])


def _shoot(visitor, name: str) -> None:
    """Pictures for whoever asks for them, in both themes."""
    if not SHOTS:
        return
    for scheme in ("light", "dark"):
        visitor.page.emulate_media(color_scheme=scheme)
        visitor.page.screenshot(path=Path(SHOTS, f"{name}-{scheme}.png"), full_page=True)
    visitor.page.emulate_media(color_scheme="light")


def _decides(visitor, person, key: str, words: str = "") -> str:
    """The person is given the next case and decides it; answers what the page had said."""
    visitor.sign_in(person)
    visitor.open(reverse("admin:review_next"))
    page = visitor.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("post-")
    seen = page.content()
    _is_clean(visitor)
    if words:
        page.keyboard.press("w")
        page.keyboard.type(words)
        page.keyboard.press("Escape")
    page.locator("#case-main").click(position={"x": 2, "y": 2})
    page.keyboard.press(key)
    expect(page.get_by_role("link", name="Look again")).to_be_visible()
    return seen


def _settles(visitor, lead) -> None:
    page = visitor.page
    visitor.sign_in(lead)
    visitor.open(reverse("admin:quality"))
    expect(page.get_by_text("Disagreements to settle")).to_be_visible()
    page.get_by_role("link", name="Settle them").click()
    _is_clean(visitor)
    page.get_by_role("link", name="post-4711").click()
    main = page.locator("#content")
    expect(main).to_contain_text(WORDS)
    expect(main).not_to_contain_text("alice")
    expect(main).not_to_contain_text("bob")
    _is_clean(visitor)
    _shoot(visitor, "quality-disagreement")
    page.get_by_role("radio", name="Approve").check()
    page.get_by_label("Why", exact=True).fill(WHY)
    page.get_by_role("button", name="Settle").click()
    expect(page.get_by_text("Your decision takes the place of the one that stood")).to_be_visible()
    expect(main).to_contain_text("alice")
    expect(main).to_contain_text("bob")
    _is_clean(visitor)
    _shoot(visitor, "quality-settled")


def _makes_it_golden(visitor) -> None:
    page = visitor.page
    page.get_by_role("link", name="Make it a golden case").click()
    expect(page.get_by_role("radio", name="Approve")).to_be_checked()
    page.get_by_label("Why", exact=True).fill("Strong words among people who know each other are no harassment.")
    _is_clean(visitor)
    _shoot(visitor, "quality-golden-add")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("button", name="Retire")).to_be_visible()
    _is_clean(visitor)
    _shoot(visitor, "quality-golden")


def _carol_answers(visitor, queue: ReviewQueue):
    carol = factories.ModeratorFactory(username="carol")
    ReviewQueue.objects.filter(pk=queue.pk).update(double_percent=0, golden_percent=100)
    factories.CaseFactory(queue=queue, content__external_id="post-5000")
    visitor.sign_in(carol)
    visitor.open(reverse("admin:review_next"))
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("post-4711")
    assert "golden" not in visitor.page.content()
    visitor.page.locator("#case-main").click(position={"x": 2, "y": 2})
    visitor.page.keyboard.press("a")
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("post-5000")
    return carol


def _sees_the_figures(visitor, lead, carol) -> None:
    QualityReview.objects.update(created_at=timezone.now() - timedelta(hours=2))
    visitor.sign_in(lead)
    visitor.open(reverse("admin:quality"))
    row = visitor.page.get_by_role("row").filter(has_text="carol")
    expect(row).to_contain_text("100 %")
    _is_clean(visitor)
    _shoot(visitor, "quality-overview")
    visitor.sign_in(carol)
    visitor.open(reverse("admin:quality_mine"))
    expect(visitor.page.get_by_text("Strong words among people who know each other")).to_be_visible()
    _is_clean(visitor)
    _shoot(visitor, "quality-mine")


def test_two_people_differ_and_a_lead_settles_it(visitor, everything_twice, alice, bob, lead):
    _decides(visitor, alice, "r", WORDS)
    assert ReviewCase.objects.measuring().get().source == CaseSource.DOUBLE
    seen = _decides(visitor, bob, "a")
    assert "alice" not in seen
    assert WORDS not in seen
    assert not Decision.objects.filter(moderator=bob).exists()
    _settles(visitor, lead)
    assert Content.objects.get(external_id="post-4711").decision == Outcome.APPROVE
    assert Decision.objects.get(moderator=lead).reasoning == WHY
    _makes_it_golden(visitor)
    carol = _carol_answers(visitor, everything_twice)
    review = QualityReview.objects.get(kind=CaseSource.GOLDEN)
    assert (review.moderator, review.agrees, review.golden) == (carol, True, GoldenCase.objects.get())
    _sees_the_figures(visitor, lead, carol)
