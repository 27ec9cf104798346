"""What the desk and the console show of reports; what users wrote stays text."""

import pytest
from django.urls import reverse

from moderation.enums import Outcome
from moderation.models import Content, ReviewCase
from moderation.review.claims import claim_next
from moderation.review.reports import report_content
from tests import factories

pytestmark = pytest.mark.django_db
NEXT = "/admin/review/next/"


def report(content: Content, reporter: str, reason: str = "insult", comment: str = "") -> None:
    content = Content.objects.select_for_update().get(pk=content.pk)
    report_content(content=content, reporter=reporter, reason=reason, comment=comment, actor="key:re_1")


@pytest.fixture
def approved(platform) -> Content:
    content = factories.DecidedContentFactory(client=platform, external_id="post-1")
    factories.PolicyDecisionFactory(content=content)
    return content


def test_the_desk_tells_how_many_reported_why_and_in_which_words(signed_in, alice, approved):
    report(approved, "anna", comment="<script>alert(1)</script> calls me names")
    report(approved, "ben")
    report(approved, "cleo", "other")
    page = signed_in(alice).get(NEXT).content.decode()
    assert "Reported by 3 users" in page
    assert '<strong>Insult</strong> <span class="quiet">2 users</span>' in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; calls me names" in page
    assert "<script>alert" not in page
    assert "stays in force until you decide" in page
    assert "What the policy said" in page


def test_the_desk_does_not_tell_who_reported(signed_in, alice, approved):
    report(approved, "reader-4711", comment="Calls me names")
    page = signed_in(alice).get(NEXT).content.decode()
    assert "Reported by 1 user<" in page
    assert "reader-4711" not in page


def test_a_case_that_nobody_reported_says_nothing_of_reports(signed_in, alice):
    factories.CaseFactory()
    page = signed_in(alice).get(NEXT).content.decode()
    assert "Reported by" not in page
    assert "Why it is here" in page


def test_words_are_covered_where_the_text_is(signed_in, alice, approved):
    report(approved, "anna", "sexual/minors", "What the text says")
    page = signed_in(alice).get(NEXT).content.decode()
    assert "<details><summary>Show what they wrote</summary>" in page


def test_a_report_of_an_earlier_version_says_so(signed_in, alice):
    case = factories.CaseFactory()
    factories.ReportFactory(content=case.content, comment="Rude", content_version=1)
    Content.objects.update(version=2)
    ReviewCase.objects.update(content_version=2)
    assert "about version 1" in signed_in(alice).get(NEXT).content.decode()


def test_a_reported_content_is_decided_at_the_desk(signed_in, alice, approved):
    report(approved, "anna")
    case = claim_next(moderator=alice)
    form = {"lease_token": case.lease_token, "content_version": 1, "outcome": "reject", "words": "An insult."}
    answer = signed_in(alice).post(reverse("admin:review_decide", args=[case.pk]), form)
    assert answer.status_code == 302
    approved.refresh_from_db()
    assert (approved.decision, approved.reports.get().status) == (Outcome.REJECT, "upheld")


def test_a_suspended_author_is_marked(signed_in, alice):
    author = factories.AuthorFactory()
    factories.CaseFactory(content=factories.InReviewContentFactory(client=author.client, author=author))
    assert ">Suspended<" not in signed_in(alice).get(NEXT).content.decode()
    type(author).objects.update(suspended_at=author.created_at)
    assert ">Suspended<" in signed_in(alice).get(NEXT).content.decode()


def test_reports_are_facts_to_read(signed_in, lead, approved):
    report(approved, "anna", comment="<b>Rude</b>")
    stored = approved.reports.get()
    browser = signed_in(lead)
    page = browser.get(reverse("admin:moderation_report_change", args=[stored.pk])).content.decode()
    assert "&lt;b&gt;Rude&lt;/b&gt;" in page
    assert 'name="_save"' not in page
    assert browser.get(reverse("admin:moderation_report_add")).status_code == 403
    listed = browser.get(reverse("admin:moderation_report_changelist"), {"reason__exact": "insult", "q": "post-1"})
    assert [row.pk for row in listed.context["cl"].result_list] == [stored.pk]
    content = browser.get(reverse("admin:moderation_content_change", args=[approved.pk])).content.decode()
    assert "&lt;b&gt;Rude&lt;/b&gt;" in content
