"""Notes: what is kept, whom they follow, and who is told of them."""

import pytest
from django.core.exceptions import PermissionDenied

from moderation.models import AuditEntry, Note, NoteMention
from moderation.review.notes import MOST_CHARACTERS, BadNote, add_note, notes_about, see_mentions, unseen_mentions
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return factories.AuthorFactory()


def _content_of(author):
    return factories.ContentFactory(client=author.client, author=author)


def test_note_about_an_author_follows_them_to_every_content(alice, author):
    note, _ = add_note(writer=alice, text="Second warning.", author=author)
    for content in (_content_of(author), _content_of(author)):
        assert notes_about(content=content) == [note]


def test_note_about_a_content_stays_with_it(alice, author):
    add_note(writer=alice, text="Quoted from a book.", content=_content_of(author))
    assert notes_about(content=_content_of(author)) == []


def test_newest_note_comes_first(alice, author):
    content = _content_of(author)
    first, _ = add_note(writer=alice, text="One.", author=author)
    second, _ = add_note(writer=alice, text="Two.", content=content)
    assert notes_about(content=content) == [second, first]


def test_mentioned_person_finds_the_note_until_they_have_seen_it(alice, bob, author):
    note, unknown = add_note(writer=alice, text="@bob, please look. Thanks @bob!", author=author)
    assert unknown == []
    assert [mention.note for mention in unseen_mentions(bob)] == [note]
    assert see_mentions(person=bob, note_ids=[note.pk]) == 1
    assert unseen_mentions(bob) == []


def test_seeing_is_each_persons_own(alice, bob, lead, author):
    note, _ = add_note(writer=alice, text="@bob @lead", author=author)
    see_mentions(person=bob, note_ids=[note.pk])
    assert len(unseen_mentions(lead)) == 1


@pytest.mark.parametrize(
    "text", ["mail me at x@bob", "bob", "@bobby", "@@bob"], ids=["mail", "no sign", "longer name", "two signs"]
)
def test_what_is_no_mention_tells_nobody(alice, bob, author, text):
    add_note(writer=alice, text=text, author=author)
    assert not NoteMention.objects.exists()


@pytest.mark.parametrize("text", ["@bob.", "(@bob)", "@bob, look", "look\n@bob"])
def test_marks_around_a_mention_are_not_of_the_name(alice, bob, author, text):
    add_note(writer=alice, text=text, author=author)
    assert [mention.person for mention in NoteMention.objects.all()] == [bob]


def test_names_of_nobody_who_sees_cases_are_answered(alice, charlie, author):
    factories.ModeratorFactory(username="gone", is_active=False)
    _, unknown = add_note(writer=alice, text="@charlie @gone @nobody @alice", author=author)
    assert unknown == ["charlie", "gone", "nobody"]
    assert not NoteMention.objects.exists()


@pytest.mark.parametrize("text", ["", "  \n ", "\0", "x" * (MOST_CHARACTERS + 1)])
def test_empty_and_too_long_notes_are_refused(alice, author, text):
    with pytest.raises(BadNote):
        add_note(writer=alice, text=text, author=author)
    assert not Note.objects.exists()


def test_line_breaks_of_browsers_count_once(alice, author):
    note, _ = add_note(writer=alice, text="\r\n".join(["x" * 999, "y" * 1000]), author=author)
    assert len(note.text) == MOST_CHARACTERS


def test_note_that_is_sent_twice_is_kept_once(alice, bob, author):
    first, second = (add_note(writer=alice, text="Look, @bob", author=author)[0] for _ in range(2))
    assert first == second
    assert NoteMention.objects.count() == AuditEntry.objects.filter(action="note.added").count() == 1


@pytest.mark.parametrize("who", ["charlie", "auditor"])
def test_who_may_not_write_notes_writes_none(request, author, who):
    with pytest.raises(PermissionDenied):
        add_note(writer=request.getfixturevalue(who), text="Hello", author=author)


def test_note_is_about_one_thing(alice, author):
    with pytest.raises(ValueError, match="about a content or about an author"):
        add_note(writer=alice, text="Hello", author=author, content=_content_of(author))


def test_audit_names_the_mentioned_and_not_the_text(alice, bob, author):
    add_note(writer=alice, text="Keep an eye on them, @bob", author=author)
    entry = AuditEntry.objects.get(action="note.added")
    assert (entry.actor, entry.subject_type, entry.data["mentions"]) == ("user:alice", "author", ["bob"])
    assert "eye" not in str(entry.data)
