"""Every view of the platform API honours Idempotency-Key, and an error leaves nothing half done."""

import pytest
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from moderation.api.errors import Problem
from moderation.api.platform import PlatformView
from moderation.enums import Scope
from moderation.models import ApiKey, Author, IdempotencyRecord, WebhookEndpoint

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "k1"}


class Halfway(PlatformView):
    """Writes, and then finds out that it must not have."""

    scopes = {"POST": Scope.AUTHORS_WRITE, "PATCH": Scope.AUTHORS_WRITE}
    calls = 0
    ends: Exception | None = None

    def post(self, request):
        type(self).calls += 1
        Author.objects.create(client_id=self.principal.client_id, external_id=f"u{self.calls}")
        if self.ends:
            raise self.ends
        return Response({"calls": self.calls}, status=201, headers={"Location": "/api/v1/authors/u1"})

    patch = post


@pytest.fixture
def halfway(key, monkeypatch):
    """Calls the view; ``ends`` is what it raises."""
    monkeypatch.setattr(Halfway, "calls", 0)

    def call(ends: Exception | None = None, method: str = "post"):
        monkeypatch.setattr(Halfway, "ends", ends)
        request = getattr(APIRequestFactory(), method)(
            "/api/v1/halfway", {}, format="json", headers={"Authorization": f"Bearer {key}", **KEY}
        )
        response = Halfway.as_view()(request)
        return response.render() if isinstance(response, Response) else response

    return call


@pytest.mark.parametrize("method", ["post", "patch"])
def test_a_view_runs_once(halfway, method):
    first, second = halfway(method=method), halfway(method=method)
    assert (first.status_code, first["Location"]) == (201, "/api/v1/authors/u1")
    assert (second.status_code, second.content, second["Location"]) == (201, first.content, first["Location"])
    assert (second["Idempotency-Replayed"], Halfway.calls) == ("true", 1)


def test_a_refusal_after_a_write_undoes_it_and_is_repeated(halfway):
    first, second = halfway(Problem("conflict")), halfway()
    assert (first.status_code, second.status_code, Halfway.calls) == (409, 409, 1)
    assert not Author.objects.exists()


def test_what_asks_to_come_again_is_tried_anew(halfway):
    assert halfway(Problem("conflict", headers={"Retry-After": "5"})).status_code == 409
    assert halfway().status_code == 201
    assert Author.objects.count() == 1


def test_a_breakdown_undoes_everything_and_is_tried_anew(halfway):
    assert halfway(RuntimeError("no")).status_code == 500
    assert not Author.objects.exists()
    assert not IdempotencyRecord.objects.exists()
    assert halfway().status_code == 201


def test_a_secret_is_answered_once_and_kept_nowhere(api, platform):
    made = api.post("/api/v1/keys", {"name": "importer", "scopes": ["content:write"]}, **KEY)
    again = api.post("/api/v1/keys", {"name": "importer", "scopes": ["content:write"]}, **KEY)
    assert (made.status_code, again.status_code, again.json()["code"]) == (201, 409, "answer_not_kept")
    record = IdempotencyRecord.objects.get()
    assert (record.status, bytes(record.body), record.headers) == (201, b"", {})
    assert ApiKey.objects.filter(name="importer").count() == 1


def test_a_refused_secret_is_repeated_like_any_refusal(api):
    first, second = (api.post("/api/v1/webhook-endpoints", {"url": "nonsense"}, **KEY) for _ in range(2))
    assert (first.status_code, second.content) == (422, first.content)
    assert not WebhookEndpoint.objects.exists()


def test_reading_takes_no_key(api):
    api.client.get("/api/v1/content", headers={**api.headers, **KEY})
    assert not IdempotencyRecord.objects.exists()
