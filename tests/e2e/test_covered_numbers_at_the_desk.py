"""A card's number in a text is dots until a moderator presses it, by pointer or by key."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from moderation.media.store import keep_image
from moderation.models import ContentMedia
from tests import factories
from tests.images import encoded, pattern

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LAPTOP = {"width": 1366, "height": 768}
NUMBER = "4111 1111 1111 1111"
TEXT = f"Send the seeds, my card is {NUMBER}, and I am at home on Friday."


@pytest.fixture
def at_desk(visitor, alice):
    """Alice at the next case, in a window of a common laptop's size."""

    def opened():
        visitor.page.add_init_script("window.addEventListener('beforeunload', (e) => e.stopImmediatePropagation())")
        visitor.page.set_viewport_size(LAPTOP)
        visitor.sign_in(alice)
        visitor.open(reverse("admin:review_next"))
        return visitor

    return opened


@pytest.fixture
def card_case(platform):
    start = TEXT.index(NUMBER)
    evidence = {"category": "pii", "start": start, "end": start + len(NUMBER), "detector": "pii", "detail": "pii:card"}
    content = factories.InReviewContentFactory(client=platform, text=TEXT)
    result = factories.ResultFactory(content=content, evidence=[evidence], scores={"pii": 0.99}, language="en")
    return factories.CaseFactory(content=content, result=result)


def test_number_is_dots_until_it_is_pressed(at_desk, card_case):
    visitor = at_desk()
    number = visitor.page.get_by_text(NUMBER)
    expect(number).to_be_hidden()
    assert visitor.axe_violations() == []
    visitor.page.locator(".private > summary").click()
    expect(number).to_be_visible()
    assert (visitor.axe_violations(), visitor.problems) == ([], [])


def test_number_is_shown_and_covered_by_keys(at_desk, card_case):
    page = at_desk().page
    page.keyboard.press("Tab")  # from the text to what is covered in it
    page.keyboard.press("Enter")
    expect(page.get_by_text(NUMBER)).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text(NUMBER)).to_be_hidden()


@pytest.mark.parametrize("shape", [(320, 240), (240, 1200)])
def test_image_without_text_is_seen_whole_with_its_caption(at_desk, platform, shape):
    content = factories.InReviewContentFactory(client=platform, text="", image_count=1)
    file = keep_image(client_id=platform.pk, data=encoded(pattern(*shape)))
    media = {"content_version": 1, "position": 0, "source": "upload", "scores": {"nsfw_image": 0.7}}
    ContentMedia.objects.create(content=content, file=file, **media)
    factories.CaseFactory(content=content)
    visitor = at_desk()
    caption = visitor.page.get_by_text("Sexual image 0.70").bounding_box()
    decision = visitor.page.locator("#decide").bounding_box()
    assert caption["y"] + caption["height"] <= decision["y"]
    assert (visitor.axe_violations(), visitor.problems) == ([], [])
