"""A moderator sees images only while holding them, by pointer or by key."""

import pytest
from django.urls import reverse

from moderation.media.store import keep_image
from moderation.models import ContentMedia
from tests import factories
from tests.images import photo

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
COVERED = "blur(24px) grayscale(1)"


@pytest.fixture
def at_case(visitor, alice, platform):
    """Alice at a case with two images."""
    content = factories.InReviewContentFactory(client=platform, image_count=2)
    for position in (0, 1):
        file = keep_image(client_id=platform.pk, data=photo(seed=position + 1))
        media = {"content_version": 1, "position": position, "source": "upload", "scores": {"nsfw_image": 0.7}}
        ContentMedia.objects.create(content=content, file=file, **media)
    factories.CaseFactory(content=content)
    visitor.page.add_init_script("window.addEventListener('beforeunload', (event) => event.stopImmediatePropagation())")
    visitor.sign_in(alice)
    visitor.open(reverse("admin:review_next"))
    return visitor


def filters(visitor) -> list[str]:
    return visitor.page.eval_on_selector_all(".veil img", "all => all.map((one) => getComputedStyle(one).filter)")


def test_images_load_covered_and_the_page_has_no_fault(at_case):
    loaded = at_case.page.eval_on_selector_all(".veil img", "all => all.map((one) => one.naturalWidth)")
    assert loaded == [320, 320]
    assert filters(at_case) == [COVERED, COVERED]
    assert at_case.axe_violations() == []
    assert at_case.problems == []


def test_hovering_shows_nothing_and_holding_one_shows_one(at_case):
    at_case.page.locator(".veil").first.hover()
    assert filters(at_case) == [COVERED, COVERED]
    at_case.page.mouse.down()
    assert filters(at_case) == ["none", COVERED]
    at_case.page.mouse.up()
    assert filters(at_case) == [COVERED, COVERED]


def test_the_pointer_that_leaves_covers_again(at_case):
    at_case.page.locator(".veil").first.hover()
    at_case.page.mouse.down()
    at_case.page.mouse.move(0, 0)
    assert filters(at_case) == [COVERED, COVERED]


def test_the_key_shows_all_for_as_long_as_it_is_held(at_case):
    at_case.page.keyboard.down("i")
    assert filters(at_case) == ["none", "none"]
    at_case.page.keyboard.up("i")
    assert filters(at_case) == [COVERED, COVERED]


def test_the_key_is_a_letter_while_one_types(at_case):
    at_case.page.locator("#id_words").focus()
    at_case.page.keyboard.down("i")
    assert filters(at_case) == [COVERED, COVERED]
    at_case.page.keyboard.up("i")


def test_a_focused_image_is_held_by_the_space_key(at_case):
    at_case.page.locator(".veil").first.focus()
    at_case.page.keyboard.down(" ")
    assert filters(at_case) == ["none", COVERED]
    at_case.page.keyboard.up(" ")
    assert filters(at_case) == [COVERED, COVERED]
