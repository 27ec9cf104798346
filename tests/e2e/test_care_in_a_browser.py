"""Care for the person, in a real browser: nothing uncovers itself, only what was in sight counts, a break waits."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from moderation.media.store import keep_image
from moderation.models import ContentMedia, Exposure, ModeratorSettings, ReviewCase, WorkSpell
from tests.e2e.desk_scene import make_desk
from tests.images import photo

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
HIDE = "document.dispatchEvent(new Event('visibilitychange'))"
BE_HIDDEN = f"Object.defineProperty(document, 'visibilityState', {{get: () => 'hidden', configurable: true}}); {HIDE}"
STYLES = "all => all.map((one) => getComputedStyle(one).filter)"
VEILED = "blur(24px) grayscale(1)"


def image_case() -> ReviewCase:
    """A graphic case with a text and two images."""
    case = make_desk()[0]
    for position in (0, 1):
        file = keep_image(client_id=case.client_id, data=photo(seed=position + 1))
        ContentMedia.objects.create(
            content=case.content, content_version=1, position=position, source="upload", file=file, scores={}
        )
    case.content.image_count = 2
    case.content.save(update_fields=["image_count"])
    ReviewCase.objects.filter(pk=case.pk).update(categories=["violence/graphic"])
    return case


@pytest.fixture
def open_case(visitor, alice) -> Callable:
    """Alice at a graphic case, with the browser's clock in our hands."""

    def go():
        visitor.page.clock.install()
        visitor.sign_in(alice)
        visitor.open(reverse("admin:review_next"))
        visitor.page.clock.run_for(1000)
        return visitor

    image_case()
    return go


def veils(visitor) -> list[str]:
    return visitor.page.eval_on_selector_all(".veil img", STYLES)


def is_covered(visitor) -> bool:
    return not visitor.page.locator("#case-text").is_visible()


def beat(visitor) -> Exposure:
    """Lets the page count for a while and report it, and the server's clock go on as the page's did."""
    earlier = timezone.now() - timedelta(minutes=2)
    Exposure.objects.update(started_at=earlier, last_seen_at=earlier)
    with visitor.page.expect_response("**/review/look/**"):
        visitor.page.clock.run_for(16_000)
    return Exposure.objects.get()


def test_nothing_uncovers_by_hovering_focus_or_tab(open_case):
    at = open_case()
    at.page.locator("#cover > summary").hover()
    for _ in range(25):
        at.page.keyboard.press("Tab")
    assert is_covered(at)
    at.page.keyboard.press("v")
    at.page.locator(".veil").first.hover()
    at.page.locator(".veil").first.focus()
    assert not is_covered(at)
    assert veils(at) == [VEILED, VEILED]
    assert at.problems == []


def test_images_show_while_held_by_mouse_finger_or_key(open_case):
    at = open_case()
    at.page.keyboard.press("v")
    box = at.page.locator(".veil").first.bounding_box()
    spot = {"x": box["x"] + 40, "y": box["y"] + 40}
    at.page.mouse.move(**spot)
    at.page.mouse.down()
    assert veils(at) == ["none", VEILED]
    at.page.mouse.up()
    finger = at.page.context.new_cdp_session(at.page)
    finger.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [spot]})
    assert veils(at) == ["none", VEILED]
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert veils(at) == [VEILED, VEILED]
    at.page.keyboard.down("i")
    assert veils(at) == ["none", "none"]
    at.page.evaluate("window.dispatchEvent(new Event('blur'))")
    assert veils(at) == [VEILED, VEILED]


def test_cover_stays_as_it_is_through_reports_and_only_open_text_counts(open_case):
    at = open_case()
    look = beat(at)
    assert (is_covered(at), look.text_seconds, look.image_seconds) == (True, 0, 0)
    assert 12 <= look.open_seconds <= 18
    at.page.keyboard.press("v")
    look = beat(at)
    assert not is_covered(at)
    assert 12 <= look.text_seconds <= 18
    at.page.keyboard.down("i")
    assert beat(at).image_seconds >= 12


def test_hidden_tab_counts_nothing(open_case):
    at = open_case()
    at.page.keyboard.press("v")
    beat(at)
    at.page.evaluate(BE_HIDDEN)
    at.page.clock.run_for(60_000)
    assert Exposure.objects.get().open_seconds <= 18


def test_empty_chair_counts_nothing_after_two_minutes(open_case):
    at = open_case()
    reports: list[str] = []
    at.page.on("request", lambda request: "/review/look/" in request.url and reports.append(request.url))
    at.page.clock.run_for(10 * 60_000)
    assert 7 <= len(reports) <= 9


def test_lost_network_loses_seconds_and_no_work(open_case):
    at = open_case()
    at.page.locator("#id_words").fill("Be kinder to your neighbours.")
    at.page.context.set_offline(True)
    at.page.clock.run_for(20_000)
    at.page.context.set_offline(False)
    assert 12 <= beat(at).open_seconds <= 18
    assert at.page.locator("#id_words").input_value() == "Be kinder to your neighbours."


def work_for_long(person) -> None:
    now = timezone.now()
    WorkSpell.objects.create(moderator=person, since=now - timedelta(hours=3), seen_at=now)


def test_break_is_offered_at_a_quiet_moment_and_goes_away_with_escape(open_case, alice):
    work_for_long(alice)
    at = open_case()
    prompt = at.page.locator("#break")
    at.page.clock.run_for(6000)
    assert prompt.is_visible()
    assert at.axe_violations() == []
    with at.page.expect_response("**/break/later/"):
        at.page.keyboard.press("Escape")
    at.page.clock.run_for(60_000)
    assert not prompt.is_visible()
    assert WorkSpell.objects.get().quiet_until > timezone.now()


def test_break_never_comes_over_a_decision_half_made(open_case, alice):
    work_for_long(alice)
    at = open_case()
    at.page.locator("#id_words").fill("Be kinder")
    at.page.locator("h1").first.click()
    at.page.clock.run_for(20_000)
    assert not at.page.locator("#break").is_visible()
    at.page.locator("#id_words").fill("")
    at.page.locator("h1").first.click()
    at.page.clock.run_for(8000)
    assert at.page.locator("#break").is_visible()


def test_taking_it_frees_the_case_and_shows_a_clock(open_case, alice):
    work_for_long(alice)
    at = open_case()
    at.page.clock.run_for(6000)
    at.page.get_by_role("button", name="Take a break").click()
    at.page.wait_for_url("**/review/break/")
    assert at.page.locator("#rest-clock").inner_text().startswith(("9:", "10:"))
    assert not ReviewCase.objects.filter(claimed_by=alice).exists()
    assert at.axe_violations() == []
    assert at.problems == []


@pytest.mark.parametrize("visitor", ["light", "dark"], indirect=True)
def test_pages_of_care_have_no_fault(visitor, alice, lead):
    image_case()
    ModeratorSettings.objects.create(moderator=alice, daily_cap=3, opted_out=["self-harm"])
    lead.groups.add(*alice.groups.all())
    visitor.sign_in(lead)
    for address in (
        reverse("admin:review_settings"),
        reverse("admin:review_break"),
        reverse("admin:review_team_care"),
        reverse("admin:review_person_care", args=[alice.pk]),
    ):
        visitor.open(address)
        assert visitor.axe_violations() == [], address
    assert visitor.problems == []
