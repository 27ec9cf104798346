"""Notes at the desk: kept beside the case or along with any act, and shown to whom they name."""

import pytest

from moderation.models import Note, NoteMention
from moderation.review.claims import claim_next
from moderation.review.notes import add_note
from tests import factories

pytestmark = pytest.mark.django_db

NEXT, DESK = "/admin/review/next/", "/admin/review/"


@pytest.fixture
def case(alice):
    author = factories.AuthorFactory(display_name="Pat")
    factories.CaseFactory(content=factories.InReviewContentFactory(client=author.client, author=author))
    return claim_next(moderator=alice)


def _post(browser, case, act, **typed):
    claim = {"lease_token": case.lease_token, "content_version": case.content_version}
    return browser.post(f"/admin/review/case/{case.pk}/{act}/", {**claim, **typed})


def test_note_is_kept_and_everything_typed_stays(signed_in, alice, case):
    typed = {"note_text": "Third time.", "note_about": "author", "words": "Dear Pat", "private_note": "hm"}
    page = _post(signed_in(alice), case, "note", **typed).content.decode()
    assert Note.objects.get().author == case.content.author
    for kept in ("Third time.</p>", ">Dear Pat</textarea>", ">hm</textarea>"):
        assert kept in page
    assert ">Third time.</textarea>" not in page


def test_script_is_answered_the_list_alone(signed_in, alice, case):
    browser = signed_in(alice)
    address = f"/admin/review/case/{case.pk}/note/"
    response = browser.post(address, {"note_text": "<b>Hi</b> @nobody"}, headers={"X-Desk": "part"})
    page = response.content.decode()
    assert page.lstrip().startswith('<div id="notes-list"')
    assert "&lt;b&gt;Hi&lt;/b&gt;" in page
    assert "Nobody who may see cases is called @nobody." in page


@pytest.mark.parametrize(("act", "said"), [("skip", {}), ("decide", {"outcome": "approve"})])
def test_note_that_was_typed_is_kept_with_any_act(signed_in, alice, case, act, said):
    _post(signed_in(alice), case, act, note_text="Ask Jan.", note_about="content", **said)
    assert Note.objects.get().content == case.content


def test_note_that_is_too_long_is_told_and_stays_in_the_form(signed_in, alice, case):
    page = _post(signed_in(alice), case, "note", note_text="x" * 2001).content.decode()
    assert "The note has 2001 characters; up to 2000 are kept." in page
    assert f">{'x' * 2001}</textarea>" in page
    assert not Note.objects.exists()


def test_note_about_a_content_of_another_queue_is_refused(signed_in, alice):
    case = factories.CaseFactory(queue=factories.QueueFactory(slug="minors", group_names=["lead"]))
    response = signed_in(alice).post(f"/admin/review/case/{case.pk}/note/", {"note_text": "Hello"})
    assert (response.status_code, Note.objects.count()) == (403, 0)


def test_auditor_writes_no_note(signed_in, auditor, case):
    response = signed_in(auditor).post(f"/admin/review/case/{case.pk}/note/", {"note_text": "Hello"})
    assert (response.status_code, Note.objects.count()) == (403, 0)


def test_note_names_its_reader_once(signed_in, alice, lead, case):
    add_note(writer=lead, text="@alice look at plot nine", author=case.content.author)
    browser = signed_in(alice)
    assert "names you" in browser.get(NEXT).content.decode()
    assert not NoteMention.objects.filter(seen_at=None).exists()
    assert "names you" not in browser.get(NEXT).content.decode()


def test_start_page_tells_of_mentions_until_they_are_seen(signed_in, alice, lead, case):
    note, _ = add_note(writer=lead, text="@alice look at plot nine", author=case.content.author)
    browser = signed_in(alice)
    assert "look at plot nine" in browser.get(DESK).content.decode()
    browser.post("/admin/review/mentions/seen/", {"note": [str(note.pk), "no id"]})
    assert "look at plot nine" not in browser.get(DESK).content.decode()


def test_mention_leads_to_the_case_where_it_was_written(signed_in, alice, bob, case):
    _post(signed_in(alice), case, "note", note_text="@bob look at plot nine", note_about="author")
    assert f'href="/admin/review/case/{case.pk}/read/"' in signed_in(bob).get(DESK).content.decode()


def test_newest_note_is_in_sight_and_their_number_in_the_heading(signed_in, alice, lead, case):
    for text in ("First.", "Second.", "Third."):
        add_note(writer=lead, text=text, content=case.content)
    shown, folded = signed_in(alice).get(NEXT).content.decode().split("2 older notes")
    assert "3 notes" in shown
    assert ("Third." in shown, "Second." in shown, "First." in folded) == (True, False, True)
