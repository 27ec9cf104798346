"""What people see when something is wrong: our own pages, in their language, with a way on."""

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation


def test_a_page_that_is_not_there(client, db):
    answer = client.get("/admin-of-old/", HTTP_X_REQUEST_ID="0" * 32)
    page = answer.content.decode()
    assert (answer.status_code, "There is no such page" in page, "0" * 32 in page) == (404, True, True)


def test_it_speaks_the_persons_language(lead):
    client = Client()
    client.force_login(lead)
    page = client.get("/admin/review/nothing/", HTTP_ACCEPT_LANGUAGE="de").content.decode()
    assert "Diese Seite gibt es nicht" in page


def test_a_form_that_expired_says_that_nothing_was_stored(db):
    answer = Client(enforce_csrf_checks=True).post(reverse("admin:login"), {"username": "x"})
    assert (answer.status_code, "Nothing was stored" in answer.content.decode()) == (403, True)


@pytest.mark.parametrize("name", ["400", "403", "404", "500", "403_csrf"])
def test_no_page_says_anything_inline(name):
    with translation.override("en"):
        page = render_to_string(f"{name}.html")
    assert "<style" not in page
    assert "style=" not in page
    assert "onclick" not in page
    assert 'href="/admin/"' in page
