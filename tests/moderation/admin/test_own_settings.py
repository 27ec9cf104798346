"""Everybody's own page: it works without scripts, counts at once, and says what one was shown."""

import pytest
from django.urls import reverse

from moderation.models import ModeratorSettings
from moderation.review.care import settings_of
from moderation.review.exposure import begin_look
from tests import factories

pytestmark = pytest.mark.django_db
ADDRESS = reverse("admin:review_settings")
EVERYTHING = {"blur_images": "on", "grey_images": "on", "single_keys": "on"}


def case_text(browser) -> str:
    return browser.get(reverse("admin:review_next")).content.decode()


def test_defaults_are_shown_without_a_row(signed_in, alice):
    page = signed_in(alice).get(ADDRESS).content.decode()
    for name in EVERYTHING:
        assert f'name="{name}" checked' in page
    assert not ModeratorSettings.objects.exists()


def test_choices_count_from_the_next_page_on(signed_in, alice):
    browser = signed_in(alice)
    factories.CaseFactory(categories=["hate"])
    assert 'id="cover"' not in case_text(browser)
    answer = browser.post(ADDRESS, {"covered_categories": ["hate"], "grey_images": "on"})
    assert answer.status_code == 302
    page = case_text(browser)
    assert 'id="cover"' in page
    assert 'data-single-keys="off"' in page


def test_opted_out_cases_do_not_come_any_more(signed_in, alice):
    browser = signed_in(alice)
    case = factories.CaseFactory(categories=["hate"])
    assert str(case.pk) in case_text(browser)
    browser.post(ADDRESS, {**EVERYTHING, "opted_out": ["hate"]})
    assert str(case.pk) not in case_text(browser)
    refused = browser.get(reverse("admin:review_case", args=[case.pk]))
    assert refused.status_code == 403
    assert "something that you do not take" in refused.content.decode()


def test_unknown_category_is_refused_and_changes_nothing(signed_in, alice):
    answer = signed_in(alice).post(ADDRESS, {**EVERYTHING, "opted_out": ["dullness"]})
    assert answer.status_code == 400
    assert "Not saved" in answer.content.decode()
    assert settings_of(alice).opted_out == []


def test_limits_cannot_be_posted_by_the_person(signed_in, alice):
    signed_in(alice).post(ADDRESS, {**EVERYTHING, "daily_cap": "0", "break_after_minutes": "0", "blur_images": ""})
    own = settings_of(alice)
    assert (own.daily_cap, own.break_after_minutes) == (None, None)


def test_it_says_what_one_was_shown_and_not_what_others_were(signed_in, alice, bob):
    for person, kind in ((alice, "hate"), (bob, "self-harm")):
        begin_look(moderator=person, content_id=factories.ContentFactory().pk, categories=[kind])
    page = signed_in(alice).get(ADDRESS).content.decode()
    assert page.count('<th scope="row">Hate</th><td>1</td>') == 2  # today, and the last seven days
    assert '<th scope="row">Self-harm</th><td>1</td>' not in page


def test_the_site_says_what_is_graphic_and_nobody_can_uncover_it(signed_in, alice):
    browser = signed_in(alice)
    browser.post(ADDRESS, EVERYTHING)
    assert 'value="violence/graphic" checked disabled' in browser.get(ADDRESS).content.decode()


def test_staff_without_rights_have_no_desk(signed_in, charlie):
    assert signed_in(charlie).get(ADDRESS).status_code == 403
