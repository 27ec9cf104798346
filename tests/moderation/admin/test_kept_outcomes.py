"""Nobody who may be asked a second time reads beforehand what the first person said; whoever looked is not asked."""

import re

import pytest
from django.urls import reverse

from moderation.admin.case_blind import KEPT, keep_outcomes
from moderation.admin.case_page import read_case_page
from moderation.enums import Outcome
from moderation.models import ContentFingerprint, QualityReview
from moderation.review.claims import claim_next
from moderation.review.offers import offer_case
from moderation.review.second_thoughts import UNTIL_A_SECOND
from tests import factories

# What differs between two cases and two requests, whatever they are.
VOLATILE = re.compile(
    r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(csrfmiddlewaretoken" value|nonce)="[^"]*"|post-[0-9]+'
    r"|(data-seconds=\"|data-left>)[0-9]+"
)


@pytest.fixture
def author(platform):
    return factories.AuthorFactory(client=platform)


@pytest.fixture
def double(author, alice):
    """A content that Alice has rejected, with a double review that is offered to nobody yet."""
    content = factories.DecidedContentFactory(
        client=author.client, author=author, decision=Outcome.REJECT, conversation_id="kitchen"
    )
    first = factories.ModeratorDecisionFactory(content=content, moderator=alice, reasoning="Names the cook.")
    return factories.DoubleCaseFactory(first_decision=first)


@pytest.fixture
def neighbour(double, author):
    """A case about another content of the same author, in the same thread, that says nearly the same."""
    content = factories.InReviewContentFactory(client=author.client, author=author, conversation_id="kitchen")
    for row in (double.content, content):
        ContentFingerprint.objects.create(
            content=row, client=row.client, bits=7, cluster=double.content_id, submitted_at=row.created_at
        )
    return factories.CaseFactory(content=content, queue=double.queue)


def _page(client, name, *args, **query) -> str:
    return client.get(reverse(f"admin:{name}", args=args), query).content.decode()


def test_lists_tell_no_outcome_to_whom_it_may_be_offered(signed_in, double, bob):
    client = signed_in(bob)
    contents = _page(client, "moderation_content_changelist")
    assert double.content.external_id in contents
    assert "badge-reject" not in contents
    assert double.content.external_id not in _page(client, "moderation_content_changelist", decision__exact="reject")
    assert double.content.external_id not in _page(client, "moderation_decision_changelist")


def test_page_of_the_author_tells_no_outcome_before_or_while_it_is_answered(signed_in, double, author, bob):
    client = signed_in(bob)
    assert "badge-reject" not in _page(client, "moderation_author_change", author.pk)
    double.assigned_to, double.assigned_until = bob, double.due_at
    double.save()
    page = _page(client, "moderation_author_change", author.pk)
    assert "badge-reject" not in page
    assert "badge-review" in page


def test_first_person_leads_and_auditors_read_it(signed_in, double, alice, lead, auditor):
    for person in (alice, lead, auditor):
        assert "badge-reject" in _page(signed_in(person), "moderation_content_changelist"), person
        assert double.content.external_id in _page(signed_in(person), "moderation_decision_changelist"), person


def test_case_page_beside_it_tells_nothing(neighbour, double, bob, alice):
    page = keep_outcomes(read_case_page(neighbour.pk), bob)
    assert [item.outcome for item in (*page.before, *page.after, *page.history.items)] == [KEPT, KEPT]
    standing = page.history.standing
    assert (standing.total, standing.rejected, standing.waiting, standing.rejections) == (1, 0, 0, [])
    assert (page.similar.total, page.similar.rejected) == (1, 0)
    assert [(row.content.decision, row.decision) for row in page.similar.rows] == [(KEPT, None)]
    told = keep_outcomes(read_case_page(neighbour.pk), alice)
    assert (told.history.standing.rejected, told.similar.rejected) == (1, 1)


def test_desk_says_neither_rejected_nor_in_review_of_it(signed_in, neighbour, bob):
    page = _page(signed_in(bob), "review_read", neighbour.pk)
    people = page.partition('class="case-people"')[2].partition('id="keys"')[0]
    assert "badge" not in people
    assert "Names the cook." not in page


def test_whoever_looked_the_content_up_is_not_asked(signed_in, double, bob):
    assert "Names the cook." in _page(signed_in(bob), "moderation_content_change", double.content_id)
    assert offer_case(moderator=bob, queue=None) is None


def test_lead_is_asked_only_where_nobody_else_is_left(signed_in, double, bob, lead):
    assert offer_case(moderator=lead, queue=None) is None
    _page(signed_in(bob), "moderation_content_change", double.content_id)
    assert offer_case(moderator=lead, queue=None) == double


def _page_after(client, person) -> str:
    """What follows a rejection of the next case."""
    case = claim_next(moderator=person)
    facts = {"lease_token": case.lease_token, "content_version": 1, "outcome": "reject", "words": "Rude."}
    return VOLATILE.sub("", client.post(_desk("decide", case), facts, follow=True).content.decode())


def _desk(act, case) -> str:
    return reverse(f"admin:review_{act}", args=[case.pk])


@pytest.mark.parametrize(("reach", "seconds"), [(None, 10), (200_000, 10), (200_000, 0)])
def test_page_after_an_answer_is_the_page_after_a_decision(
    signed_in, double, author, alice, bob, review_options, reach, seconds
):
    review_options(undo_seconds=seconds)
    author.reach = reach
    author.save()
    client = signed_in(bob)
    after_answer = _page_after(client, bob)
    review = QualityReview.objects.get()
    QualityReview.objects.update(created_at=review.created_at - UNTIL_A_SECOND)
    content = factories.InReviewContentFactory(client=author.client, author=author)
    factories.CaseFactory(content=content, queue=double.queue)
    assert _page_after(client, bob) == after_answer
