"""Fixed words of a template are looked up once a language; nothing that may change is remembered."""

import pytest
from django.template import Context, Template
from django.utils import translation

HEAD = "{% load i18n %}"


def said(page: Template, language: str, **context) -> str:
    with translation.override(language):
        return page.render(Context(context))


@pytest.mark.parametrize("tag", ["translate", "trans"])
def test_words_follow_the_language_of_each_reader(tag):
    page = Template(HEAD + f'<b>{{% {tag} "Approve" %}}</b>')
    assert [said(page, language) for language in ("en", "de", "en", "de")] == ["<b>Approve</b>", "<b>Freigeben</b>"] * 2


def test_words_are_looked_up_once_a_language(monkeypatch):
    page, asked = Template(HEAD + '{% translate "Approve" %}'), []
    gettext = translation._trans.gettext
    monkeypatch.setattr(translation._trans, "gettext", lambda words: asked.append(words) or gettext(words))
    assert [said(page, "en") for _ in range(3)] == ["Approve"] * 3
    assert asked == ["Approve"]


def test_what_stands_in_a_variable_is_said_anew():
    page = Template(HEAD + "{% translate word %}")
    assert [said(page, "de", word=word) for word in ("Approve", "Reject")] == ["Freigeben", "Ablehnen"]


def test_a_hostile_variable_stays_inert():
    assert said(Template(HEAD + "{% translate word %}"), "en", word="<script>") == "&lt;script&gt;"


def test_a_context_that_varies_is_asked_each_time():
    page = Template(HEAD + '{% translate "Hold" context about %}')
    assert said(page, "de", about="act") != said(page, "de", about="nothing")


def test_a_context_with_a_filter_is_asked_each_time():
    page = Template(HEAD + '{% translate "Hold" context "a"|add:about %}')
    assert said(page, "de", about="ct") != said(page, "de", about="nother")


def test_words_that_are_marked_already_are_said_as_django_says_them():
    assert said(Template(HEAD + '{% translate _("Approve") %}'), "de") == "Freigeben"


def test_words_kept_for_later_are_there_each_time():
    page = Template(HEAD + '{% translate "Approve" as word %}{{ word }}')
    assert [said(page, "de"), said(page, "de")] == ["Freigeben"] * 2


def test_filters_work_on_the_words():
    assert said(Template(HEAD + '{% translate "Approve"|upper %}'), "de") == "FREIGEBEN"
