"""Nothing graphic is met by surprise outside the desk: every page that shows what a content says covers it first."""

import pytest
from django.urls import reverse
from django.utils import timezone

from moderation.enums import Outcome
from moderation.models import Content, ContentVersion, Exposure
from moderation.review.claims import claim_next
from moderation.review.resolve import resolve_case
from tests import factories

pytestmark = pytest.mark.django_db
COVERED = '<details class="cover-line"><summary>Violence: graphic'
TALE = "The tale of the thumb."


@pytest.fixture
def graphic(db):
    """A graphic content with everything that shows some of its words."""
    author = factories.AuthorFactory()
    content = factories.InReviewContentFactory(client=author.client, author=author, text=TALE, version=2)
    ContentVersion.objects.create(content=content, version=1, text="The tale of a toe.", text_digest="0" * 64)
    span = {"category": "violence/graphic", "start": 0, "end": 8, "detector": "text", "detail": ""}
    scores = {"violence/graphic": 0.92}
    factories.ResultFactory(content=content, scores=scores, evidence=[span])
    factories.ReportFactory(content=content, comment="It made me dizzy.")
    return content


def address(row) -> str:
    return reverse(f"admin:moderation_{row._meta.model_name}_change", args=[row.pk])


def page(browser, row) -> str:
    return browser.get(address(row)).content.decode()


def test_page_of_a_content_covers_all_its_words(signed_in, alice, graphic):
    shown = page(signed_in(alice), graphic)
    assert f'{COVERED}, 22 characters</summary><div data-exposes="text"><pre class="foreign-text"' in shown
    assert shown.count(COVERED) == 3  # the text, the earlier version, the comment of the report


def test_pages_of_result_report_and_author_cover_too(signed_in, alice, graphic):
    browser = signed_in(alice)
    for row in (graphic.results.get(), graphic.reports.get(), graphic.author):
        assert page(browser, row).count(COVERED) == 1, row


def test_page_to_decide_anew_covers_too(signed_in, senior, graphic):
    Content.objects.update(status="decided", decision="reject", decided_at=timezone.now())
    shown = signed_in(senior).get(reverse("admin:review_override", args=[graphic.pk])).content.decode()
    assert 0 < shown.index(COVERED) < shown.index(TALE)


def test_samples_of_a_bulk_decision_are_covered_too(signed_in, senior, graphic):
    case = factories.CaseFactory(content=graphic, result=graphic.results.get())
    shown = signed_in(senior).get(reverse("admin:review_bulk") + f"?queue={case.queue.slug}").content.decode()
    assert 0 < shown.index(COVERED) < shown.index(TALE)


def test_page_of_the_second_person_covers_too(signed_in, alice, senior):
    author = factories.AuthorFactory(reach=200_000)
    content = factories.InReviewContentFactory(client=author.client, author=author, text=TALE)
    factories.CaseFactory(content=content, categories=["violence/graphic"])
    case = claim_next(moderator=alice)
    resolve_case(
        case_id=case.pk,
        moderator=alice,
        lease_token=case.lease_token,
        content_version=1,
        outcome=Outcome.REJECT,
        reasoning="Too graphic.",
    )
    shown = signed_in(senior).get(reverse("admin:review_second_person", args=[content.decisions.last().pk]))
    page = shown.content.decode()
    assert 'cover-kinds">Violence: graphic</span> <span class="cover-amount">22 characters' in page
    assert page.index('id="cover"') < page.index('id="case-text"')
    assert Exposure.objects.filter(moderator=senior, is_graphic=True).count() == 1


def test_lists_and_searches_show_no_words(signed_in, lead, graphic):
    browser = signed_in(lead)
    for model in ("content", "report", "moderationresult", "reviewcase", "decision", "auditentry"):
        listed = browser.get(reverse(f"admin:moderation_{model}_changelist"), follow=True).content.decode()
        assert TALE not in listed, model
        assert "dizzy" not in listed, model


def test_mild_content_lies_open(signed_in, alice):
    content = factories.ContentFactory()
    shown = page(signed_in(alice), content)
    assert "cover-line" not in shown
    assert 'data-exposes="text"' in shown


def test_page_that_shows_words_is_a_look_and_others_are_none(signed_in, alice, graphic):
    browser = signed_in(alice)
    page(browser, graphic.author)
    assert not Exposure.objects.exists()
    assert "moderation/desk/look.js" in page(browser, graphic)
    look = Exposure.objects.get()
    assert (look.moderator, look.content, look.is_graphic) == (alice, graphic, True)
