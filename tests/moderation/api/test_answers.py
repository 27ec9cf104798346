"""How answers travel: packed where that is asked for, marked where a call is on its way out."""

import gzip
from datetime import UTC, datetime

import pytest
from pydantic import BaseModel
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from moderation.api.platform import PlatformView
from reviewengine.middleware import MachineGZipMiddleware
from tests import factories

pytestmark = pytest.mark.django_db
ASKED = {"Accept-Encoding": "br, gzip"}


class Thing(BaseModel):
    """A resource that is large enough to be packed."""

    words: str = "soup " * 400


class Things(PlatformView):
    """A call that will go."""

    authentication_classes = ()
    permission_classes = ()
    deprecated = datetime(2026, 11, 22, tzinfo=UTC)
    sunset = datetime(2027, 5, 22, 12, tzinfo=UTC)

    def get(self, request):
        return self.tagged(Thing())

    def put(self, request):
        self.require_match(Thing())
        return Response({})


def answer(method: str = "get", **headers):
    request = getattr(APIRequestFactory(), method)("/api/v1/things", headers=headers)
    return MachineGZipMiddleware(lambda request: _rendered(Things.as_view()(request)))(request)


def _rendered(response):
    return response.render() if isinstance(response, Response) else response


@pytest.fixture
def many(platform):
    for _ in range(3):
        factories.ContentFactory(client=platform)


def test_a_large_answer_is_packed_if_asked_for(api, many):
    plain = api.get("/api/v1/content")
    packed = api.client.get("/api/v1/content", headers={**api.headers, **ASKED})
    assert gzip.decompress(packed.content) == plain.content
    assert (packed["Content-Encoding"], packed["Content-Length"]) == ("gzip", str(len(packed.content)))
    assert "Accept-Encoding" in packed["Vary"]
    assert "Accept-Encoding" in plain["Vary"]


@pytest.mark.parametrize("accepted", ["", "br", "identity", "gzip;q=0", "gzip; q=0.000, br"])
def test_nothing_is_packed_that_was_not_asked_for(api, many, accepted):
    plain = api.client.get("/api/v1/content", headers={**api.headers, "Accept-Encoding": accepted})
    assert "Content-Encoding" not in plain.headers


def test_small_answers_and_pages_for_people_stay_as_they_are(api, client):
    assert "Content-Encoding" not in api.client.get("/api/v1/content", headers={**api.headers, **ASKED}).headers
    assert "Content-Encoding" not in client.get("/admin/login/", headers=ASKED).headers


def test_a_packed_answers_tag_is_its_own_and_is_understood():
    tag = answer()["ETag"]
    packed = answer(**ASKED)["ETag"]
    assert packed == tag[:-1] + '-gzip"'
    assert answer(**{"If-None-Match": packed}).status_code == 304
    assert answer("put", **{"If-Match": packed}).status_code == 200
    assert answer("put", **{"If-Match": f"W/{tag}"}).status_code == 412


def test_a_call_that_will_go_says_so():
    told = answer()
    assert told["Deprecation"] == "@1795305600"
    assert told["Sunset"] == "Sat, 22 May 2027 12:00:00 GMT"
