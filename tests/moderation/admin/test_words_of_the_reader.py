"""What the console says follows the reader: numbers, languages, states and refusals, not the templates alone."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override

from moderation.admin import cells
from moderation.admin.languages import language_and_source, language_name
from moderation.admin.readings import ScoreRow
from moderation.enums import ContentStatus, HoldStatus, NoteSubject
from moderation.models import Content, Decision, DecisionHold, Note
from moderation.review.access import require_level


def test_a_score_is_written_as_the_reader_writes_numbers_and_plainly_for_an_attribute():
    row = ScoreRow("Spam", 0.906, 0.9)
    with override("de"):
        assert (row.shown_score, row.shown_threshold, row.plain_score) == ("0,91", "0,90", "0.91")
    assert (row.shown_score, row.shown_threshold) == ("0.91", "0.90")


def test_a_language_is_named_in_the_language_of_the_reader():
    with override("de"):
        assert [language_name(code) for code in ("es", "yi", "")] == ["Spanisch", "Jiddisch", "nicht erkannt"]
        assert language_and_source(declared="en", identified="fr") == "Französisch (erkannt; angegeben: Englisch)"


def test_states_are_said_in_words_and_in_the_language_of_the_reader():
    shown = [cells.effect_of(Decision(hold=DecisionHold(status=status))) for status in HoldStatus]
    assert shown == ["not in effect yet", "in effect", "taken back", "lapsed: never in effect"]
    content, note = Content(status=ContentStatus.IN_REVIEW), Note(subject=NoteSubject.AUTHOR)
    assert cells.status_of(content) == "In review"
    with override("de"):
        assert (cells.status_of(content), note.get_subject_display()) == ("In Prüfung", "Autor")


@pytest.mark.django_db
def test_a_refusal_is_said_in_the_language_of_the_reader(alice):
    with override("de"), pytest.raises(PermissionDenied, match="Dieser Fall wurde eskaliert"):
        require_level(moderator=alice, level=2)
