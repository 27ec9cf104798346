"""Who sets what: everybody their own desk, a lead the limits; and what an opt-out gives back."""

import pytest
from django.core.exceptions import PermissionDenied

from moderation.models import AuditEntry, ModeratorSettings
from moderation.review.care_settings import save_limits, save_own_settings
from moderation.review.care_team import people_who_decide, settings_by_person, untaken_categories
from moderation.review.claims import claim_next
from tests import factories

pytestmark = pytest.mark.django_db
PLAIN = {"blur_images": True, "grey_images": True, "single_keys": True, "covered_categories": [], "opted_out": []}


def save(person, **changes) -> ModeratorSettings:
    return save_own_settings(moderator=person, **{**PLAIN, **changes})


def test_own_settings_are_stored_and_the_audit_says_only_which(alice):
    save(alice, opted_out=["self-harm"], grey_images=False)
    entry = AuditEntry.objects.get(action="moderator_settings.changed")
    assert entry.data == {"name": "alice", "changed": ["grey_images", "opted_out"]}
    assert ModeratorSettings.objects.get(moderator=alice).opted_out == ["self-harm"]


def test_saving_the_same_again_writes_nothing(alice):
    save(alice, blur_images=False)
    save(alice, blur_images=False)
    assert AuditEntry.objects.filter(action="moderator_settings.changed").count() == 1


def test_own_settings_leave_the_limits_of_the_lead_alone(alice, lead):
    save_limits(moderator=alice, lead=lead, daily_cap=5, break_after_minutes=45)
    save(alice, blur_images=False)
    own = ModeratorSettings.objects.get(moderator=alice)
    assert (own.daily_cap, own.break_after_minutes, own.blur_images) == (5, 45, False)


def test_opting_out_gives_back_what_one_holds(alice, bob):
    case = factories.CaseFactory(categories=["self-harm"])
    assert claim_next(moderator=alice) == case
    save(alice, opted_out=["self-harm"])
    assert claim_next(moderator=alice) is None
    assert claim_next(moderator=bob) == case


def test_limits_are_a_leads_to_set(alice, bob):
    with pytest.raises(PermissionDenied):
        save_limits(moderator=bob, lead=alice, daily_cap=1, break_after_minutes=None)
    assert not ModeratorSettings.objects.exists()


def test_limits_leave_an_entry_with_what_was_and_is(alice, lead):
    save_limits(moderator=alice, lead=lead, daily_cap=5, break_after_minutes=None)
    entry = AuditEntry.objects.get(action="moderator_settings.changed")
    assert (entry.actor, entry.data["changes"]) == ("user:lead", {"daily_cap": [None, 5]})


def test_category_that_nobody_takes_is_named_with_what_waits(alice, bob, lead):
    for person in (alice, bob):
        save(person, opted_out=["self-harm", "hate"])
    save(lead, opted_out=["self-harm"])
    factories.CaseFactory(categories=["self-harm", "hate"])
    settings = list(settings_by_person(people_who_decide()).values())
    assert untaken_categories(settings, graphic={}) == {"self-harm": 1}


def test_nobody_takes_graphic_cases_once_everybody_has_reached_the_cap(alice, bob, care_options):
    care_options(daily_graphic_cap=2, graphic_categories=["violence/graphic"])
    factories.CaseFactory(categories=["violence/graphic"])
    settings = list(settings_by_person([alice, bob]).values())
    assert untaken_categories(settings, graphic={alice.pk: 2, bob.pk: 1}) == {}
    assert untaken_categories(settings, graphic={alice.pk: 2, bob.pk: 3}) == {"violence/graphic": 1}


def test_a_superuser_counts_only_where_nobody_else_decides(alice):
    boss = factories.UserFactory(username="boss", is_staff=True, is_superuser=True)
    assert people_who_decide() == [alice]
    alice.groups.clear()
    assert people_who_decide() == [boss]
