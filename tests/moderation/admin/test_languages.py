"""Languages by their names, and who says so."""

import pytest

from moderation.admin.languages import language_and_source, language_name
from moderation.detectors.scripts import SCRIPTS
from tests import factories


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("es", "Spanish"), ("pt-BR", "Brazilian Portuguese"), ("es-PE", "Spanish (es-PE)"), ("zh", "Chinese"),
        ("zh-CN", "Chinese (zh-CN)"), ("tlh", "tlh"), ("und", "not identified"), ("", "not identified"),
    ],
)  # fmt: skip
def test_language_is_called_by_its_name(code, name):
    assert language_name(code) == name


def test_every_language_that_is_told_apart_has_a_name():
    codes = {code for script in SCRIPTS.values() for code in script.languages}
    assert [code for code in sorted(codes) if language_name(code) == code] == []


@pytest.mark.parametrize(
    ("declared", "identified", "words"),
    [
        ("", "es", "Spanish (identified)"),
        ("de-DE", "de", "German (de-DE) (declared)"),
        ("de", "", "German (declared)"),
        ("en", "fr", "French (identified; declared: English)"),
        ("und", "", "not identified"),
    ],
)
def test_it_is_said_who_names_the_language(declared, identified, words):
    assert language_and_source(declared=declared, identified=identified) == words


@pytest.mark.django_db
def test_case_names_the_language_in_its_head(signed_in, alice):
    content = factories.InReviewContentFactory()
    factories.CaseFactory(content=content, result=factories.ResultFactory(content=content, language="es"))
    page = signed_in(alice).get("/admin/review/next/").content.decode()
    assert "<li>language: Spanish (identified)</li>" in page
