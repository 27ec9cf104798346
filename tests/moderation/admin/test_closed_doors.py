"""Acts, late pages and what is decided anew: none of these doors opens to whom the case is closed."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from moderation.enums import HoldKind, Outcome
from moderation.models import AuditEntry, BulkRun, Decision, DecisionHold, Note, ReviewCase
from moderation.review.claims import claim_case
from moderation.review.holds import require_second
from moderation.review.override import decide_anew
from moderation.review.refusals import ActRefused
from tests import factories

pytestmark = pytest.mark.django_db
TEXT, NAME = "A very private soup.", "soup-7"
SAID = {"content_version": "1", "outcome": "reject", "words": "No.", "note": "Look.", "asked": "1"}
ACTS = ["decide", "skip", "release", "renew", "hold", "hand_over", "give_back", "escalate", "send_back", "undo", "note"]


@pytest.fixture
def closed(db):
    """A case in a queue for leads alone, whose content was edited since."""
    content = factories.InReviewContentFactory(text=TEXT, external_id=NAME)
    queue = factories.QueueFactory(slug="closed", group_names=["lead"])
    return factories.CaseFactory(content=content, queue=queue)


def form_of(**more) -> dict[str, str]:
    token = str(uuid.uuid4())
    hold = {"minutes": "30", "hold_reason": "Later.", "to": "bob", "hand_over_note": "Yours."}
    return {"lease_token": token, "decision": token, "note_text": "Hm.", **SAID, **hold, **more}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("is_bare", [True, False])
def test_no_act_tells_of_a_case_in_a_closed_queue(signed_in, closed, alice, bob, act, is_bare):
    token = form_of()
    form = {name: token[name] for name in ("lease_token", "decision", "note_text")} if is_bare else token
    answer = signed_in(alice).post(reverse(f"admin:review_{act}", args=[closed.pk]), form)
    page = answer.content.decode()
    assert (answer.status_code, TEXT in page, NAME in page) == (403, False, False)
    assert not Note.objects.exists()


@pytest.mark.parametrize("act", ["decide", "escalate", "send_back", "hold", "hand_over"])
def test_no_late_page_tells_of_an_escalated_case(signed_in, alice, bob, act):
    content = factories.InReviewContentFactory(text=TEXT, external_id=NAME)
    case = factories.CaseFactory(content=content, level=2)
    answer = signed_in(alice).post(reverse(f"admin:review_{act}", args=[case.pk]), form_of())
    assert (answer.status_code, NAME in answer.content.decode()) == (403, False)


def test_refusal_gives_back_what_was_typed(signed_in, closed, alice):
    answer = signed_in(alice).post(reverse("admin:review_decide", args=[closed.pk]), form_of(words="Mine to keep."))
    assert "Mine to keep." in answer.content.decode()


def test_late_page_is_recorded_as_a_look(signed_in, alice):
    case = factories.CaseFactory()
    answer = signed_in(alice).post(reverse("admin:review_escalate", args=[case.pk]), form_of())
    entry = AuditEntry.objects.get(action="content.viewed")
    assert (answer.status_code, entry.data["page"], entry.subject_id) == (409, "stale", str(case.content_id))


@pytest.fixture
def decided(db):
    """A decision of a lead, in a queue for leads alone."""
    content = factories.DecidedContentFactory(text=TEXT, external_id=NAME)
    queue = factories.QueueFactory(slug="closed", group_names=["lead"])
    return factories.ResolvedCaseFactory(content=content, queue=queue)


def test_closed_content_is_not_decided_anew(signed_in, decided, alice):
    for page in ("review_override", "review_override_done"):
        address = reverse(f"admin:{page}", args=[decided.content_id])
        answer = signed_in(alice).get(address)
        assert (answer.status_code, TEXT in answer.content.decode()) == (403, False)
    with pytest.raises(PermissionDenied):
        anew(decided, alice)
    assert not AuditEntry.objects.filter(action="content.viewed").exists()


def anew(case, person):
    seen = {"content_version": case.content.version, "expected_id": None}
    return decide_anew(content_id=case.content_id, person=person, outcome=Outcome.REJECT, reasoning="No.", **seen)


def test_what_seniors_decided_is_decided_anew_by_seniors(signed_in, alice, senior):
    case = factories.ResolvedCaseFactory(level=2)
    address = reverse("admin:review_override", args=[case.content_id])
    assert signed_in(alice).get(address).status_code == 403
    assert signed_in(senior).get(address).status_code == 200


def ask(double, person) -> None:
    """The double review is this person's to answer."""
    until = timezone.now() + timedelta(days=1)
    ReviewCase.objects.filter(pk=double.pk).update(assigned_to=person, assigned_until=until)


@pytest.fixture
def measured(bob):
    """Bob is asked a second time about what somebody else decided."""
    case = factories.ResolvedCaseFactory()
    double = factories.DoubleCaseFactory(first_decision=case.decision, decided=case)
    ask(double, bob)
    return case


def test_blind_reviewer_cannot_decide_anew_what_measures_them(signed_in, measured, bob):
    address = reverse("admin:review_override", args=[measured.content_id])
    form = {"content_version": 1, "words": "No.", "outcome": "reject"}
    for answer in (signed_in(bob).get(address), signed_in(bob).post(address, form)):
        page = answer.content.decode()
        assert (answer.status_code, "decide it there" in page, "In force" in page) == (409, True, False)
    with pytest.raises(ActRefused, match="decide it there"):
        anew(measured, bob)
    assert not Decision.objects.filter(moderator=bob).exists()


def test_blind_reviewer_is_not_shown_the_late_page(signed_in, measured, bob):
    for act in ("decide", "escalate", "skip"):
        answer = signed_in(bob).post(reverse(f"admin:review_{act}", args=[measured.pk]), form_of())
        assert answer.status_code == 403
        assert "approved" not in answer.content.decode()


@pytest.fixture
def held(alice):
    """Alice's rejection waits for a second person."""
    case = factories.ResolvedCaseFactory(status="decided", resolved_at=None, decision__moderator=alice)
    return DecisionHold.objects.create(decision=case.decision, case=case, kind=HoldKind.SECOND_PERSON)


def test_blind_reviewer_is_not_the_second_person(signed_in, held, senior):
    address = reverse("admin:review_second_person", args=[held.pk])
    assert signed_in(senior).get(address).status_code == 200
    double = factories.DoubleCaseFactory(first_decision=held.decision, decided=held.case)
    ask(double, senior)
    assert signed_in(senior).get(address).status_code == 403
    assert str(held.pk) not in signed_in(senior).get(reverse("admin:review_second")).content.decode()
    with pytest.raises(PermissionDenied):
        require_second(hold=held, case=held.case, person=senior)


def test_note_of_a_blind_reviewer_answers_no_notes_of_others(signed_in, alice, bob):
    double = factories.DoubleCaseFactory()
    ask(double, bob)
    Note.objects.create(subject="content", content=double.content, writer=alice, text="Clearly an insult.")
    address = reverse("admin:review_note", args=[double.pk])
    page = signed_in(bob).post(address, {"note_text": "Mine."}, headers={"X-Desk": "part"}).content.decode()
    assert ("Mine." in page, "Clearly an insult." in page) == (True, False)
    assert signed_in(alice).post(address, {"note_text": "Mine."}).status_code == 404


def test_presence_is_told_to_whoever_may_look(signed_in, measured, alice, bob):
    address = reverse("admin:review_presence", args=[measured.pk])
    assert (signed_in(alice).post(address).status_code, signed_in(bob).post(address).status_code) == (200, 403)


def test_skip_that_came_too_late_says_so(signed_in, alice, bob):
    case = factories.CaseFactory()
    claim_case(case_id=case.pk, moderator=bob)
    page = signed_in(alice).post(reverse("admin:review_skip", args=[case.pk]), form_of(), follow=True)
    assert "Not skipped" in page.content.decode()


@pytest.mark.parametrize("year", ["99999999999", "0"])
@pytest.mark.parametrize("row", ["content", "decision", "report", "auditentry"])
def test_year_of_no_calendar_is_a_wrong_filter(signed_in, boss, row, year):
    answer = signed_in(boss).get(f"/admin/moderation/{row}/", {"created_at__year": year})
    assert (answer.status_code, answer["Location"]) == (302, f"/admin/moderation/{row}/?e=1")


def test_signing_in_ends_in_the_console(client, boss):
    boss.set_password("a long word of mine")
    boss.save()
    form = {"username": "boss", "password": "a long word of mine", "next": "https://elsewhere.example/"}
    assert client.post("/admin/login/", form)["Location"] == "/admin/"


def test_double_click_starts_one_run(signed_in, senior):
    factories.CaseFactory.create_batch(2)
    desk, address = signed_in(senior), reverse("admin:review_bulk")
    initial = desk.get(address, {"queue": "general", "outcome": "reject"}).context["form"].initial
    form = {"queue": "general", "outcome": "reject", "reason": "spam", "words": ""}
    form |= {"seen_at": initial["seen_at"], "run": initial["run"]}
    first, second = desk.post(address, form), desk.post(address, form)
    assert first["Location"] == second["Location"]
    assert BulkRun.objects.count() == 1
    desk.post(address, {**form, "reason": "hate"})
    assert BulkRun.objects.count() == 2
