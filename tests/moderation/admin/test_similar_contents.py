"""What is like a case's content stands beside it, the likest first, with what was decided."""

from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.admin.case_page import Similar, read_case_page
from moderation.models import Content, ContentFingerprint, ReviewCase
from moderation.pipeline import drain
from tests.factories import CaseFactory, ContentFactory, InReviewContentFactory

pytestmark = pytest.mark.django_db

NEXT = "/admin/review/next/"
NONE = Similar(None, 0, 0, 0, [])


def offer(number):
    return f"Our street kitchen has {number} bowls of onion soup left, come to https://soup{number}.example before noon"


@pytest.fixture
def wave(platform):
    """Eight offers that wait for a person."""
    for number in range(8):
        ContentFactory(client=platform, text=offer(number), external_id=f"offer-{number}")
    drain()
    return platform


def test_the_page_counts_the_wave_and_links_the_likest(signed_in, alice, wave):
    page = signed_in(alice).get(NEXT).content.decode()
    assert "Nearly the same: 7" in page
    section = page[page.index('id="similar-title"') : page.index('id="decide"')]
    assert section.count("/admin/moderation/content/") == 5


def test_what_was_decided_of_them_is_shown(wave):
    case = ReviewCase.objects.first()
    Content.objects.exclude(pk=case.content_id).update(status="decided", decision="reject")
    similar = read_case_page(case.pk).similar
    assert (similar.total, similar.rejected) == (7, 7)
    assert [content.decision for content in similar.items] == ["reject"] * 5


def test_another_clients_wave_is_not_shown(wave):
    case = CaseFactory(content=InReviewContentFactory(text=offer(9)))
    assert read_case_page(case.pk).similar == NONE


def test_last_weeks_wave_is_not_shown(wave):
    case = ReviewCase.objects.first()
    others = ContentFingerprint.objects.exclude(content=case.content_id)
    others.update(submitted_at=timezone.now() - timedelta(days=7))
    assert read_case_page(case.pk).similar == NONE


def test_a_case_without_its_like_has_no_such_section(signed_in, alice):
    CaseFactory()
    assert "similar-title" not in signed_in(alice).get(NEXT).content.decode()


def test_a_huge_wave_is_told_as_a_thousand_or_more():
    assert Similar(None, 1_000, 0, 0, []).shown_total == "1,000+"
    assert Similar(None, 999, 0, 0, []).shown_total == "999"
