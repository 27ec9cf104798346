"""A lead's page of care: numbers by person and kind, limits for one person, and what nobody takes."""

import pytest
from django.urls import reverse

from moderation.models import ModeratorSettings
from moderation.review.exposure import begin_look
from tests import factories

pytestmark = pytest.mark.django_db
TEAM = reverse("admin:review_team_care")


def text(browser, address: str = TEAM) -> str:
    return " ".join(browser.get(address).content.decode().split())


def of(person) -> str:
    return reverse("admin:review_person_care", args=[person.pk])


def test_everybody_stands_there_with_what_they_were_shown(signed_in, lead, alice, bob, auditor):
    for person in (alice, auditor):
        begin_look(moderator=person, content_id=factories.ContentFactory().pk, categories=["violence/graphic"])
    shown = text(signed_in(lead))
    assert '<th scope="col">Violence: graphic</th>' in shown
    for person in (alice, bob, auditor):
        assert f"<bdi>{person.username}</bdi>" in shown


def test_lead_sets_a_cap_and_a_break_and_it_counts_at_once(signed_in, lead, alice):
    browser = signed_in(lead)
    assert browser.post(of(alice), {"daily_cap": "5", "break_after_minutes": "45"}).status_code == 302
    own = ModeratorSettings.objects.get(moderator=alice)
    assert (own.daily_cap, own.break_after_minutes) == (5, 45)
    browser.post(of(alice), {"daily_cap": "", "break_after_minutes": "0"})
    own.refresh_from_db()
    assert (own.daily_cap, own.break_after_minutes) == (None, 0)


@pytest.mark.parametrize("cap", ["-1", "lots", "10001"])
def test_cap_that_is_no_number_is_refused_and_kept_in_the_form(signed_in, lead, alice, cap):
    answer = signed_in(lead).post(of(alice), {"daily_cap": cap, "break_after_minutes": ""})
    assert answer.status_code == 400
    assert f'value="{cap}"' in answer.content.decode()
    assert not ModeratorSettings.objects.exists()


def test_what_nobody_takes_is_a_warning(signed_in, lead, alice):
    for person in (lead, alice):
        ModeratorSettings.objects.create(moderator=person, opted_out=["self-harm"])
    factories.CaseFactory(categories=["self-harm"])
    shown = text(signed_in(lead))
    assert "Nobody takes these kinds of cases now:</strong> Self-harm (1 case waits)" in shown


def test_nobody_is_shown_what_one_person_does_not_take(signed_in, lead, alice):
    ModeratorSettings.objects.create(moderator=alice, opted_out=["self-harm"], covered_categories=["hate"])
    for address in (TEAM, of(alice)):
        shown = text(signed_in(lead), address)
        assert "Self-harm" not in shown
        assert "Hate" not in shown


def test_auditor_reads_and_sets_nothing(signed_in, auditor, alice):
    browser = signed_in(auditor)
    assert 'name="daily_cap"' not in text(browser, of(alice))
    assert browser.post(of(alice), {"daily_cap": "5"}).status_code == 403
    assert not ModeratorSettings.objects.exists()


def test_moderators_do_not_see_each_other(signed_in, alice, bob):
    for address in (TEAM, of(bob)):
        assert signed_in(alice).get(address).status_code == 403
