"""What the desk does for the person: looks are counted, covers and veils lie over what they should, breaks are free."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from moderation.models import Exposure, ModeratorSettings, ReviewCase, WorkSpell
from tests import factories
from tests.moderation.admin.conftest import add_images

pytestmark = pytest.mark.django_db
NEXT, BREAK = reverse("admin:review_next"), reverse("admin:review_break")


def report(browser, look, **seconds):
    told = {"open": 5, "text": 0, "images": 0} | seconds
    return browser.post(reverse("admin:review_look", args=[look.pk]), told)


@pytest.fixture
def graphic(db) -> ReviewCase:
    content = factories.InReviewContentFactory(text="A long tale of a sore thumb.")
    return factories.CaseFactory(content=content, categories=["violence/graphic"])


@pytest.fixture
def look(signed_in, alice, graphic) -> Exposure:
    """Alice is shown a graphic case, and has been for a minute."""
    signed_in(alice).get(NEXT)
    earlier = timezone.now() - timedelta(minutes=1)
    Exposure.objects.update(started_at=earlier, last_seen_at=earlier)
    return Exposure.objects.get(moderator=alice, content=graphic.content)


def test_being_shown_a_case_is_a_look_of_its_kinds(look):
    assert (look.is_graphic, look.categories) == (True, ["toxicity", "violence/graphic"])


def test_page_reports_seconds_and_is_told_of_no_break(signed_in, alice, look):
    assert report(signed_in(alice), look, open=15, text=12, images=3).json() == {"break_due": False}
    look.refresh_from_db()
    assert (look.open_seconds, look.text_seconds, look.image_seconds) == (15, 12, 3)


@pytest.mark.parametrize("seconds", [{"open": "many"}, {"text": -1}, {"images": "1e9"}, {"open": ""}])
def test_report_that_is_no_number_is_refused(signed_in, alice, look, seconds):
    assert report(signed_in(alice), look, **seconds).status_code == 400
    look.refresh_from_db()
    assert look.open_seconds == 0


def test_nobody_reports_for_another_or_signed_out(signed_in, bob, look, client):
    assert report(signed_in(bob), look).status_code == 404
    assert report(client, look).status_code == 401
    look.refresh_from_db()
    assert look.open_seconds == 0


def test_cover_names_the_kinds_and_how_much_there_is(signed_in, alice, graphic):
    page = signed_in(alice).get(NEXT).content.decode()
    cover = page[page.index('id="cover"') : page.index("</summary>", page.index('id="cover"'))]
    assert "Violence: graphic" in cover
    assert "28 characters" in cover


def test_graphic_neighbours_are_covered_each_for_itself(signed_in, alice):
    client = factories.ApiClientFactory()
    thread = {"client": client, "conversation_id": "allotment"}
    graphic = factories.DecidedContentFactory(**thread, text="The tale of the thumb.")
    factories.ResultFactory(content=graphic, scores={"violence/graphic": 0.9}, reasons=[])
    factories.DecidedContentFactory(**thread, text="The beans are up.")
    factories.CaseFactory(content=factories.InReviewContentFactory(**thread))
    page = signed_in(alice).get(NEXT).content.decode()
    assert '<summary>Violence: graphic</summary><p class="excerpt" dir="auto">The tale of the thumb.</p>' in page
    assert '</p>\n    <p class="excerpt" dir="auto">The beans are up.</p>' in page


@pytest.mark.parametrize(
    ("blur", "grey", "shown"),
    [
        (True, True, 'class="veil veil-blur veil-grey"'),
        (True, False, 'class="veil veil-blur"'),
        (False, True, 'class="veil veil-grey"'),
        (False, False, 'class="veil veil-open"'),
    ],
)
def test_images_are_veiled_as_the_person_chose(signed_in, alice, blur, grey, shown):
    ModeratorSettings.objects.create(moderator=alice, blur_images=blur, grey_images=grey)
    case = factories.CaseFactory()
    add_images(case.content)
    assert shown in signed_in(alice).get(NEXT).content.decode()


def test_break_gives_the_case_back_and_is_written_nowhere_but_here(signed_in, alice, graphic):
    browser = signed_in(alice)
    browser.get(NEXT)
    graphic.refresh_from_db()
    answer = browser.post(BREAK, {"case": graphic.pk, "lease_token": graphic.lease_token}, follow=True)
    assert "Rest for a while" in answer.content.decode()
    graphic.refresh_from_db()
    assert graphic.claimed_by is None
    assert WorkSpell.objects.get(moderator=alice).break_until > timezone.now()


def test_break_without_a_case_needs_none(signed_in, alice):
    browser = signed_in(alice)
    assert "Begin" in browser.get(BREAK).content.decode()
    assert browser.post(BREAK).status_code == 302


def test_cap_that_is_reached_is_told_kindly_with_what_else_there_is(signed_in, alice, graphic):
    ModeratorSettings.objects.create(moderator=alice, daily_cap=1)
    browser = signed_in(alice)
    browser.get(NEXT)
    browser.post(reverse("admin:review_release", args=[graphic.pk]), {"lease_token": _token(graphic)})
    assert "You have seen 1 graphic case today." in browser.get(reverse("admin:review_desk")).content.decode()
    assert "only other cases come to you" in browser.get(NEXT).content.decode()


def _token(case: ReviewCase):
    case.refresh_from_db()
    return case.lease_token
