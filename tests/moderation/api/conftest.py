"""A client of the API, as the platform uses it."""

import json

import pytest
from django.test import Client

from moderation import scoring
from moderation.api.authentication import forget_keys
from moderation.models import ReviewCase
from tests import factories


class Api:
    """Sends JSON with a key and reads JSON."""

    def __init__(self, key: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    def post(self, path: str, body, **headers):
        raw = body if isinstance(body, bytes | str) else json.dumps(body)
        return self.client.post(path, raw, content_type="application/json", headers={**self.headers, **headers})

    def get(self, path: str, **parameters):
        return self.client.get(path, parameters, headers=self.headers)

    def patch(self, path: str, body, **headers):
        raw = body if isinstance(body, bytes | str) else json.dumps(body)
        return self.client.patch(path, raw, content_type="application/json", headers={**self.headers, **headers})

    def delete(self, path: str, **headers):
        return self.client.delete(path, headers={**self.headers, **headers})


@pytest.fixture(autouse=True)
def _fresh_keys():
    forget_keys()


@pytest.fixture
def api(key) -> Api:
    return Api(key)


@pytest.fixture
def api_of():
    """An Api with another key, or none."""
    return Api


@pytest.fixture
def case(platform) -> ReviewCase:
    return factories.CaseFactory(content__client=platform)


@pytest.fixture
def foreign_case(stranger) -> ReviewCase:
    return factories.CaseFactory(content__client=stranger, priority=99)


@pytest.fixture
def all_seats_taken():
    """No thread of this process may begin what takes long."""
    scoring._seats.cache_clear()
    taken = 0
    while scoring._seats().acquire(blocking=False):
        taken += 1
    yield
    scoring._seats().release(taken)
