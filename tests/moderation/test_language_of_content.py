"""The identified language: stored with each result, told outside, judged by the policy."""

import pytest

from moderation.models import AuditEntry, ModerationResult
from moderation.pipeline import drain
from moderation.policy.facts import language_of
from tests.factories import ContentFactory

pytestmark = pytest.mark.django_db

GERMAN = "Ich habe gestern einen Kuchen gebacken, aber der Ofen war viel zu heiß."
SOUP = "The soup was warm and the rain was loud, so we stayed in the kitchen."


def result_of(**content):
    ContentFactory(**content)
    drain()
    return ModerationResult.objects.get()


def test_a_language_that_no_detector_reads_goes_to_a_person():
    result = result_of(text=GERMAN)
    assert (result.language, result.outcome, result.rule) == ("de", "review", "unsupported-language")
    assert "toxicity" in result.not_covered
    assert "toxicity" not in result.scores


def test_english_is_read_and_approved():
    result = result_of(text=SOUP)
    assert (result.language, result.outcome) == ("en", "approve")
    assert "toxicity" in result.scores


def test_the_script_overrules_what_the_platform_declares():
    assert result_of(text="Вчера я сварила суп, но никто не захотел его попробовать.", language="en").language == "ru"


def test_a_text_too_short_to_tell_is_read_as_english():
    result = result_of(text="lol ok")
    assert (result.language, result.outcome) == ("", "approve")


def test_the_audit_names_the_language():
    result_of(text=GERMAN)
    assert AuditEntry.objects.get(action="decision.recorded").data["language"] == "de"


def test_the_declared_region_stays_for_the_rules():
    assert language_of("pt-BR", "pt") == "pt-BR"
    assert language_of("en", "ru") == "ru"
    assert language_of("", "de") == "de"
