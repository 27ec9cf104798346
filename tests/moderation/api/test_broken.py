"""When something breaks on our side: a problem all the same, nothing stored, nothing told."""

import pytest
from django.db import OperationalError

from moderation.api import submit, views
from moderation.models import Content

pytestmark = pytest.mark.django_db
SOUP = {"external_id": "post-1", "text": "The soup was warm."}


@pytest.fixture(params=[(OperationalError("no"), 503, "unavailable"), (KeyError("soup"), 500, "server_error")])
def broken(request, monkeypatch):
    error, status, code = request.param

    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(submit, "submit_content", fail)
    monkeypatch.setattr(views, "represent", fail)
    return status, code


@pytest.mark.parametrize("method", ["post", "get"])
def test_it_is_answered_as_a_problem(api, broken, method):
    answer = api.post("/api/v1/content", SOUP) if method == "post" else api.get("/api/v1/content")
    assert (answer.status_code, answer.json()["code"]) == broken
    assert answer["Content-Type"] == "application/problem+json"
    assert "soup" not in answer.content.decode()
    assert not Content.objects.exists()


def test_a_database_that_is_away_says_when_to_come_back(api, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("no")

    monkeypatch.setattr(submit, "submit_content", away)
    assert api.post("/api/v1/content", SOUP)["Retry-After"] == "5"
