"""The console speaks to each person in their language; what machines read stays English."""

import pytest
from django.urls import reverse
from django.utils import translation

GERMAN = {"HTTP_ACCEPT_LANGUAGE": "de-DE,de;q=0.9"}


def test_the_sign_in_page_follows_the_browser(client, db):
    page = client.get(reverse("admin:login"), **GERMAN)
    assert (page.headers["Content-Language"], 'lang="de"' in page.content.decode()) == ("de", True)


@pytest.mark.parametrize("path", ["/api/v1/content/", "/v1/moderations", "/api/problems/not_found", "/readyz"])
def test_machines_are_answered_in_english(client, db, path):
    named = {"HTTP_X_REQUEST_ID": "0" * 32}
    english, german = client.get(path, **named), client.get(path, **named, **GERMAN)
    assert "Content-Language" not in german.headers
    assert english.content == german.content or path == "/readyz"


def test_the_language_ends_with_the_request(client, db):
    client.get(reverse("admin:login"), **GERMAN)
    assert translation.get_language() == "en"


def test_a_choice_is_remembered_and_leads_back(client, db):
    back = reverse("admin:login")
    answer = client.post(reverse("choose-language"), {"language": "de", "next": back})
    assert (answer.status_code, answer["Location"]) == (302, back)
    assert 'lang="de"' in client.get(back, HTTP_ACCEPT_LANGUAGE="en").content.decode()


@pytest.mark.parametrize("language", ["", "xx", "../de", "de\0"])
def test_an_unknown_language_changes_nothing(client, db, language):
    answer = client.post(reverse("choose-language"), {"language": language, "next": "//evil.example/"})
    assert (answer["Location"], answer.cookies.get("reviewengine_language")) == (reverse("admin:index"), None)


def test_a_choice_is_posted_only(client, db):
    assert client.get(reverse("choose-language")).status_code == 405
