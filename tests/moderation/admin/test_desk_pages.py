"""The desk's pages: who sees them, what stands on them, and that hostile text stays text."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from moderation.enums import Outcome
from moderation.models import ContentFingerprint, ContentMedia, ReviewCase
from moderation.review.claims import claim_next
from moderation.review.notes import add_note
from tests import factories

pytestmark = pytest.mark.django_db

DESK, NEXT = "/admin/review/", "/admin/review/next/"


def _page(client, address=NEXT) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_addresses_are_named():
    assert reverse("admin:review_desk") == DESK
    assert reverse("admin:review_next") == NEXT


def test_desk_tells_what_waits_and_leads_to_it(signed_in, alice):
    queue = factories.QueueFactory(name="Potato salad")
    factories.CaseFactory.create_batch(2, queue=queue, due_at=timezone.now() - timedelta(hours=1))
    page = _page(signed_in(alice), DESK)
    assert "2 cases are free for you" in page
    assert "2 overdue." in page
    assert 'href="/admin/review/queue/general/">Potato salad</a>' in page
    assert f'href="{NEXT}?queue=general"' in page


def test_auditor_sees_the_desk_and_no_way_in(signed_in, auditor):
    factories.CaseFactory()
    page = _page(signed_in(auditor), DESK)
    assert "You may look at the queues, and not decide." in page
    assert "Start reviewing" not in page


@pytest.mark.parametrize("address", [DESK, NEXT])
def test_staff_without_rights_are_refused(signed_in, charlie, address):
    factories.CaseFactory()
    assert signed_in(charlie).get(address).status_code == 403
    assert not ReviewCase.objects.filter(claimed_by__isnull=False).exists()


def test_auditor_claims_nothing(signed_in, auditor):
    factories.CaseFactory()
    assert signed_in(auditor).get(NEXT).status_code == 403
    assert not ReviewCase.objects.filter(claimed_by__isnull=False).exists()


def test_stranger_is_led_to_the_sign_in_page(client, db):
    assert client.get(NEXT).headers["Location"] == f"/admin/login/?next={NEXT}"


def test_next_claims_a_case_and_is_never_cached(signed_in, alice):
    case = factories.CaseFactory()
    response = signed_in(alice).get(NEXT)
    case.refresh_from_db()
    assert case.claimed_by == alice
    assert str(case.lease_token) in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]


def test_asked_queue_is_kept_for_the_next_case(signed_in, alice):
    factories.CaseFactory(queue=factories.QueueFactory(slug="spam", name="Spam"))
    page = _page(signed_in(alice), f"{NEXT}?queue=spam")
    assert '<input type="hidden" name="queue" value="spam">' in page


def test_held_case_of_another_queue_is_explained(signed_in, alice):
    factories.CaseFactory()
    factories.CaseFactory(queue=factories.QueueFactory(slug="spam", name="Spam"))
    browser = signed_in(alice)
    held = "You hold this case of Spam already: it comes before those of General."
    assert held not in _page(browser, f"{NEXT}?queue=spam")
    assert held in _page(browser, f"{NEXT}?queue=general")


@pytest.mark.parametrize("slug", ["no-such-queue", "minors"])
def test_queue_that_is_not_ours_is_not_found(signed_in, alice, slug):
    factories.QueueFactory(slug="minors", group_names=["lead"])
    assert signed_in(alice).get(NEXT, {"queue": slug}).status_code == 404


def test_empty_queue_says_what_others_hold(signed_in, alice, bob):
    factories.CaseFactory()
    claim_next(moderator=bob)
    assert "1 case is with other moderators." in _page(signed_in(alice))


def test_named_case_is_claimed_and_shown(signed_in, alice):
    case = factories.CaseFactory()
    assert case.content.external_id in _page(signed_in(alice), f"/admin/review/case/{case.pk}/")


def test_evidence_is_marked_and_named(signed_in, alice):
    factories.CaseFactory()
    assert '<mark title="Toxicity">soup<span class="visually-hidden"> [Toxicity] </span></mark>' in _page(
        signed_in(alice)
    )


def test_reason_of_the_rule_is_chosen_already(signed_in, alice):
    factories.CaseFactory()
    assert 'name="reason" value="harassment" data-key="1" aria-keyshortcuts="1" checked' in _page(signed_in(alice))


def test_hostile_text_stays_text(signed_in, alice):
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)> \u202egnp.exe"
    content = factories.InReviewContentFactory(
        text=hostile, external_id='"><script>', url="javascript:alert(3)", conversation_id="c"
    )
    factories.ContentFactory(client=content.client, text=hostile, conversation_id="c")
    factories.CaseFactory(content=content, result__evidence=[])
    page = _page(signed_in(alice))
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page
    assert '<code dir="ltr">javascript:alert(3)</code>' in page
    assert "<strong>1</strong> hidden text direction character" in page


def test_text_of_a_hiding_queue_is_covered(signed_in, alice):
    factories.CaseFactory(queue=factories.QueueFactory(hide_text=True))
    page = _page(signed_in(alice))
    assert '<details class="cover" id="cover">' in page
    assert page.index('id="cover"') < page.index('id="reading"') < page.index('id="case-text"')


def _page_of(text: str, *, signed_in, alice, evidence=(), **content) -> str:
    row = factories.InReviewContentFactory(text=text, **content)
    factories.CaseFactory(content=row, result=factories.ResultFactory(content=row, evidence=list(evidence)))
    return _page(signed_in(alice))


@pytest.mark.parametrize(
    ("detail", "name"),
    [("pii:card", "card number"), ("pii:iban", "bank account"), ("pii:national_id/x", "national id")],
)
def test_personal_numbers_are_covered(signed_in, alice, detail, name):
    span = {"category": "pii", "start": 5, "end": 9, "detector": "pii", "detail": detail}
    page = _page_of("pay: 4111", signed_in=signed_in, alice=alice, evidence=[span])
    covered = page.partition('<details class="private">')[2].partition("</details>")[0]
    assert name in covered
    assert '<mark title="Personal information">4111<' in covered
    assert page.count("4111") == 1


def test_other_personal_data_is_not_covered(signed_in, alice):
    span = {"category": "pii", "start": 0, "end": 13, "detector": "pii", "detail": "pii:email"}
    page = _page_of("sam@a.example", signed_in=signed_in, alice=alice, evidence=[span])
    assert '<mark title="Personal information">sam@a.example<' in page
    assert 'class="private"' not in page


def test_content_without_text_has_no_box_for_it(signed_in, alice):
    page = _page_of("", signed_in=signed_in, alice=alice, image_count=1)
    assert 'id="case-text"' not in page
    assert "The content has no text." in page


def test_image_that_nobody_can_look_at_asks_for_no_press(signed_in, alice):
    content = factories.InReviewContentFactory(text="", image_count=1)
    address = {"source": "url", "source_url": "https://a.example/soup.png", "fault": "status_4xx"}
    ContentMedia.objects.create(content=content, content_version=1, position=0, **address)
    factories.CaseFactory(content=content)
    page = _page(signed_in(alice))
    assert '1 image <span class="quiet">without a copy to look at</span>' in page
    assert "press and hold one" not in page


def test_case_without_result_author_or_text_is_shown(signed_in, alice):
    content = factories.InReviewContentFactory(text="")
    factories.CaseFactory(content=content, result=None, policy_decision__result=None)
    page = _page(signed_in(alice))
    assert "No detector has read this content." in page
    assert "The platform named no author." in page
    assert "The content has no text." in page


def _queries_of_a_case(browser, count: int) -> int:
    """How many queries show a case with so many others, notes, reports and near-duplicates around it."""
    author = factories.AuthorFactory()
    around = {"client": author.client, "author": author, "conversation_id": "c"}
    content = factories.InReviewContentFactory(**around, version=2)
    case = factories.CaseFactory(content=content)
    others = factories.DecidedContentFactory.create_batch(count, **around, decision=Outcome.REJECT)
    for number, other in enumerate([content, *others]):
        ContentFingerprint.objects.create(
            content=other, client=author.client, bits=1, cluster=content.pk, submitted_at=timezone.now()
        )
        if number:
            factories.ModeratorDecisionFactory(content=other, outcome=Outcome.REJECT)
        factories.ReportFactory(content=content, comment="Hm.", reporter_external_id=f"r{number}")
        add_note(writer=factories.ModeratorFactory(), text="Hm.", author=author)
    with CaptureQueriesContext(connection) as queries:
        _page(browser, f"/admin/review/case/{case.pk}/")
    return len(queries)


def test_queries_do_not_grow_with_what_surrounds_the_case(signed_in, alice):
    browser = signed_in(alice)
    _queries_of_a_case(browser, 1)  # what is asked once a session
    few, many = (_queries_of_a_case(browser, count) for count in (1, 30))
    # With everything that a page can show.
    assert few == many <= 36


def _queries_of_the_next_case(browser, **content) -> int:
    author = factories.AuthorFactory()
    around = {"client": author.client, "author": author, **content}
    own, other = factories.InReviewContentFactory(**around), factories.DecidedContentFactory(**around)
    if content:
        for row in (own, other):
            ContentFingerprint.objects.create(
                content=row, client=author.client, bits=1, cluster=own.pk, submitted_at=timezone.now()
            )
    case = factories.CaseFactory(content=own)
    with CaptureQueriesContext(connection) as queries:
        assert own.external_id in _page(browser)
    ReviewCase.objects.filter(pk=case.pk).delete()
    return len(queries)


def test_a_thread_and_near_duplicates_cost_the_next_case_no_query(signed_in, alice):
    browser = signed_in(alice)
    _queries_of_the_next_case(browser)  # what is asked once a session
    plain, rich = _queries_of_the_next_case(browser), _queries_of_the_next_case(browser, conversation_id="c")
    assert plain == rich <= 32


def test_case_that_another_holds_can_be_read(signed_in, alice, bob):
    case = factories.CaseFactory()
    claim_next(moderator=bob)
    page = _page(signed_in(alice), f"/admin/review/case/{case.pk}/read/")
    assert "and the rain was loud." in page
    assert 'id="decide"' not in page
    case.refresh_from_db()
    assert case.claimed_by == bob


def test_case_of_another_queue_is_not_read(signed_in, alice):
    case = factories.CaseFactory(queue=factories.QueueFactory(slug="minors", group_names=["lead"]))
    assert signed_in(alice).get(f"/admin/review/case/{case.pk}/read/").status_code == 404


def test_author_panel_tells_how_they_stand(signed_in, alice, lead):
    author = factories.AuthorFactory(
        reach=12400, trust="restricted", suspended_at=timezone.now(), suspension_reason="Third warning"
    )
    around = {"client": author.client, "author": author}
    rejected = factories.DecidedContentFactory(**around, decision=Outcome.REJECT)
    factories.ModeratorDecisionFactory(content=rejected, moderator=lead, label="spam", reasoning="Only adverts")
    factories.CaseFactory(content=factories.InReviewContentFactory(**around))
    page = _page(signed_in(alice))
    for said in ("12,400", "Restricted", "Suspended", "Third warning", "<b>spam</b>", "Only adverts"):
        assert said in page


def test_staying_shows_the_decided_case(signed_in, alice):
    factories.CaseFactory.create_batch(2)
    browser = signed_in(alice)
    case = claim_next(moderator=alice)
    claim = {"lease_token": case.lease_token, "content_version": 1, "outcome": "approve", "stay": "yes"}
    response = browser.post(f"/admin/review/case/{case.pk}/decide/", claim)
    assert response.headers["Location"] == f"/admin/review/case/{case.pk}/read/"
    assert "Next case" in _page(browser, response.headers["Location"])


def test_page_that_swaps_itself_is_answered_with_the_next_case(signed_in, alice):
    """What was typed for the decided case stays with it."""
    factories.CaseFactory.create_batch(2)
    case = claim_next(moderator=alice)
    claim = {"lease_token": case.lease_token, "content_version": 1, "outcome": "reject"}
    typed = {"words": "Dear Pat", "private_note": "Hm", "note_text": "Third time", "reason": "self-harm"}
    address = f"/admin/review/case/{case.pk}/decide/"
    response = signed_in(alice).post(address, {**claim, **typed}, headers={"X-Desk": "go"})
    assert (response.status_code, response.headers["X-Desk-Address"]) == (200, NEXT)
    page = response.content.decode()
    assert ReviewCase.objects.get(claimed_by=alice, status="open").content.external_id in page
    assert not any(f">{said}</textarea>" in page for said in typed.values())
    assert 'value="self-harm" data-key="6" aria-keyshortcuts="6">' in page
    assert 'id="header"' not in page  # the one that stands there is kept
