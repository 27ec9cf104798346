"""What the desk keeps from a person: what they opted out of, and graphic cases once a day's cap is reached."""

from datetime import UTC, datetime, timedelta

import pytest

from moderation.models import ModeratorSettings, ReviewCase
from moderation.review.care import NotForThem, excluded_categories, graphic_today, require_may_take, start_of_day
from moderation.review.claims import claim_case, claim_next
from moderation.review.exposure import begin_look
from tests import factories

pytestmark = pytest.mark.django_db
GRAPHIC = "violence/graphic"


def opt_out(person, *categories: str) -> None:
    ModeratorSettings.objects.create(moderator=person, opted_out=list(categories))


def case_about(*categories: str, **more) -> ReviewCase:
    return factories.CaseFactory(categories=list(categories), **more)


def look_at_graphic(person, now, number: int = 1) -> None:
    for _ in range(number):
        begin_look(moderator=person, content_id=factories.ContentFactory().pk, categories=[GRAPHIC], now=now)


def test_nothing_is_kept_from_somebody_without_settings(alice, noon):
    assert excluded_categories(moderator=alice, now=noon) == frozenset()


def test_opted_out_case_comes_to_others_and_not_to_them(alice, bob, noon):
    opt_out(alice, "self-harm")
    case_about("self-harm", "toxicity", priority=90)
    mild = case_about("toxicity", priority=10)
    assert claim_next(moderator=alice, now=noon) == mild
    assert claim_next(moderator=bob, now=noon).categories == ["self-harm", "toxicity"]


def test_opted_out_case_is_refused_without_saying_what_it_is_about(alice, noon):
    opt_out(alice, "self-harm")
    with pytest.raises(NotForThem) as refusal:
        claim_case(case_id=case_about("self-harm").pk, moderator=alice, now=noon)
    assert "self-harm" not in str(refusal.value)


def test_cap_ends_graphic_cases_for_the_day_and_no_others(alice, noon, care_options):
    care_options(daily_graphic_cap=2)
    case_about(GRAPHIC, priority=90)
    mild = case_about("spam", priority=10)
    look_at_graphic(alice, noon, 2)
    assert claim_next(moderator=alice, now=noon) == mild
    with pytest.raises(NotForThem, match="daily cap"):
        require_may_take(moderator=alice, categories=[GRAPHIC], now=noon)


def test_below_the_cap_graphic_cases_come(alice, noon, care_options):
    care_options(daily_graphic_cap=2)
    look_at_graphic(alice, noon)
    graphic = case_about(GRAPHIC)
    assert claim_next(moderator=alice, now=noon) == graphic


def test_cap_of_the_lead_counts_before_the_sites(alice, noon, care_options):
    care_options(daily_graphic_cap=1)
    ModeratorSettings.objects.create(moderator=alice, daily_cap=0)
    look_at_graphic(alice, noon, 3)
    assert excluded_categories(moderator=alice, now=noon) == frozenset()


def test_the_same_content_counts_once_a_day(alice, noon):
    content = factories.ContentFactory()
    for minutes in (0, 10, 20):
        moment = noon + timedelta(minutes=minutes)
        begin_look(moderator=alice, content_id=content.pk, categories=[GRAPHIC], now=moment)
    assert graphic_today(now=noon) == {alice.pk: 1}


def test_a_deleted_content_still_counts(alice, noon):
    content = factories.ContentFactory()
    begin_look(moderator=alice, content_id=content.pk, categories=[GRAPHIC], now=noon)
    content.delete()
    assert graphic_today(now=noon) == {alice.pk: 1}


def test_looks_of_yesterday_do_not_count(alice, noon):
    look_at_graphic(alice, noon - timedelta(hours=13))
    assert graphic_today(now=noon) == {}


def test_a_day_is_one_of_the_business_time_zone(care_options):
    care_options(timezone="Pacific/Auckland")
    # Half past ten in the evening in London is the next morning in Auckland.
    moment = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
    assert start_of_day(moment) == datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
