"""No page says its own words in English to whoever has chosen German: headings, columns, labels and buttons."""

from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.contrib import admin
from django.urls import reverse

from moderation.models import AuditEntry, WebhookEvent

pytestmark = pytest.mark.django_db

SAID_IN = {"h1", "h2", "h3", "th", "label", "legend", "button", "summary", "caption", "dt"}
# What both languages call the same.
ALIKE = {
    "API", "Bank", "CSV", "Client", "Crontabs", "Filter", "Name", "Perspective", "Python", "SHA-256", "Score", "Spam",
    "Status", "Text", "URL", "curl", "text",
}  # fmt: skip
# Pages of Django and of django-celery-beat, which bring translations of their own.
OTHERS = {"auth", "django_celery_beat"}


class OwnWords(HTMLParser):
    """What a page says by itself, as opposed to the rows that it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        names_a_row = ("scope", "row") in attrs or str(dict(attrs).get("class", "")).startswith("field-")
        self.open.append(f"{tag} of a row" if tag == "th" and names_a_row else tag)

    def handle_endtag(self, tag):
        while self.open and not self.open.pop().startswith(tag):
            pass

    def handle_data(self, data):
        if SAID_IN.intersection(self.open[-2:]) and "code" not in self.open and any(map(str.isalpha, data)):
            self.found.add(" ".join(data.split()).rstrip(":"))


def own_words(answer) -> set[str]:
    words = OwnWords()
    words.feed(answer.content.decode())
    return words.found


@pytest.fixture
def german(signed_in, boss):
    client = signed_in(boss)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    return client


@pytest.fixture
def said_alike(signed_in, boss, german):
    """``said_alike(address)`` are the page's own words that are the same in English and in German."""
    english = signed_in(boss)

    def of(page: str, posted: dict[str, str] | None = None) -> set[str]:
        answers = [client.post(page, posted) if posted else client.get(page) for client in (english, german)]
        return set.intersection(*map(own_words, answers)) - ALIKE

    return of


def test_lists_and_pages_are_german_throughout(furnished, said_alike):
    rows = {model._meta: list(model.objects.all()) for model in admin.site._registry}
    names = {str(row) for found in rows.values() for row in found}
    pages = [reverse("admin:index"), reverse("admin:dashboard")]
    for meta, found in rows.items():
        if meta.app_label not in OTHERS:
            name = f"admin:{meta.app_label}_{meta.model_name}"
            pages += [reverse(f"{name}_changelist"), *(reverse(f"{name}_change", args=[row.pk]) for row in found[:1])]
    english = {page: said_alike(page) - names for page in pages}
    assert {page: words for page, words in english.items() if words} == {}


def test_the_playground_is_german_throughout(furnished, german, said_alike):
    page, asked = reverse("admin:playground"), {"text": "You are a complete id1ot, Jan. jan@example.com"}
    detectors = set(german.post(page, asked).context["reading"].report.versions)
    names = detectors | {"boss"}
    assert (said_alike(page) - names, said_alike(page, asked) - names) == (set(), set())
    assert {"Regeln, die zutrafen", "Belege", "Wie er gelesen wurde"} <= own_words(german.post(page, asked))


def test_an_act_is_answered_in_german_and_recorded_in_english(furnished, german):
    event = WebhookEvent.objects.get()
    WebhookEvent.objects.update(status="dead")
    answer = german.post(reverse("admin:moderation_webhookevent_redeliver", args=[event.pk]), follow=True)
    assert "Ereignisse, die erneut zugestellt werden: 1." in answer.content.decode()
    assert AuditEntry.objects.filter(action="webhook_events.redelivered").exists()
