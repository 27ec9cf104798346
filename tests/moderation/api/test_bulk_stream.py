"""POST /api/v1/content/bulk with a line for each submission."""

import base64
import gzip
import json

import pytest
from django.db import OperationalError

from moderation.api import stream
from moderation.api.body import CHUNK_BYTES
from moderation.api.errors import Problem
from moderation.models import ApiKey, Content
from reviewengine import conf
from tests.images import photo

pytestmark = pytest.mark.django_db
GOOD = {"external_id": "post-1", "text": "The soup was warm."}


def written(*items) -> bytes:
    return b"\n".join(item if isinstance(item, bytes) else json.dumps(item).encode() for item in items)


@pytest.fixture
def limit(monkeypatch):
    """Sets values of ``api`` in the configuration."""

    def change(**values):
        loaded = conf.load()
        changed = loaded.model_copy(update={"api": loaded.api.model_copy(update=values)})
        monkeypatch.setattr(conf, "load", lambda: changed)

    return change


@pytest.fixture
def send(api):
    """Sends a body as NDJSON; answers the status and the lines, or the problem."""

    def post(body: bytes, **headers):
        answer = api.client.post(
            "/api/v1/content/bulk", body, content_type="application/x-ndjson", headers={**api.headers, **headers}
        )
        return answer.status_code, [json.loads(line) for line in answer.getvalue().splitlines()]

    return post


def codes(lines) -> list[str]:
    return [line["error"]["code"] if "error" in line else line["status"] for line in lines[:-1]]


def test_a_faulty_line_spoils_only_itself(send):
    status, lines = send(
        written(GOOD, b"{", b"7", b"", {"external_id": "b", "text": ""}, {**GOOD, "external_id": "c", "policy": "no"})
    )
    assert status == 202
    assert [line["line"] for line in lines[:-1]] == [1, 2, 3, 5, 6]
    assert codes(lines) == ["pending", "invalid_json", *["validation_failed"] * 3]
    assert lines[3]["error"]["errors"] == [{"pointer": "/text", "code": "empty", "detail": "must not be empty"}]
    assert lines[-1]["summary"] == {"lines": 5, "stored": 1, "unchanged": 0, "refused": 4, "complete": True}


def test_an_id_that_comes_again_is_an_edit_or_a_repetition_as_in_two_calls(send):
    _, lines = send(written(GOOD, GOOD, {**GOOD, "text": "The rain was loud."}))
    assert len({line["id"] for line in lines[:-1]}) == 1
    assert (lines[-1]["summary"]["stored"], lines[-1]["summary"]["unchanged"]) == (2, 1)
    assert list(Content.objects.values_list("version", "text")) == [(2, "The rain was loud.")]


def test_a_packed_body_of_several_members_is_read_whole(send):
    one, two = gzip.compress(written(GOOD, b"")), gzip.compress(written({**GOOD, "external_id": "post-2"}))
    _, lines = send(one + two, **{"Content-Encoding": "gzip"})
    assert [line["external_id"] for line in lines[:-1]] == ["post-1", "post-2"]


@pytest.mark.parametrize("cut", [5, 20])
def test_a_packed_body_that_ends_early_is_told(send, cut):
    status, lines = send(gzip.compress(written(GOOD))[:cut], **{"Content-Encoding": "gzip"})
    assert (status, lines[0]["code"]) == (400, "incomplete_body")
    assert not Content.objects.exists()


def test_what_unpacks_to_too_much_stops_at_the_limit(send, limit):
    limit(max_stream_bytes=1_000_000, max_stream_items=10_000_000)
    status, lines = send(gzip.compress(b"\n" * 50_000_000), **{"Content-Encoding": "gzip"})
    assert (status, lines[0]["code"]) == (413, "body_too_large")


def test_a_packed_body_that_says_nothing_ends_at_the_limit(send, limit):
    limit(max_stream_bytes=100_000)
    status, lines = send(gzip.compress(b"") * 20_000, **{"Content-Encoding": "gzip"})
    assert (status, lines[0]["code"]) == (413, "body_too_large")


def test_a_huge_line_packed_small_is_unpacked_no_further_than_the_limit(rf):
    packed = gzip.compress(b"x" * 20_000_000)
    request = rf.post("/", packed, content_type=stream.NDJSON, headers={"Content-Encoding": "gzip"})
    unpacked = []
    with pytest.raises(Problem) as refusal:
        unpacked.extend(len(part) for part in stream._Body(request, 1_000_000).parts())
    assert (refusal.value.code, sum(unpacked) <= 1_000_000, max(unpacked)) == ("body_too_large", True, CHUNK_BYTES)


@pytest.mark.parametrize("depth", [255, 900])
def test_deep_metadata_spoils_only_its_line(send, depth):
    deep = b'{"external_id": "a", "text": "b", "metadata": {"a": ' + b"[" * depth + b"]" * depth + b"}}"
    status, lines = send(written(GOOD, deep, {**GOOD, "external_id": "post-2"}))
    assert (status, codes(lines)) == (202, ["pending", "validation_failed", "pending"])
    assert lines[1]["error"]["errors"][0]["code"] == "too_deep"
    assert Content.objects.count() == 2


def test_what_differs_beside_the_same_text_is_named_in_its_line(send):
    _, lines = send(written(GOOD, {**GOOD, "author": "u2", "metadata": {"topic": "soup"}}))
    assert [line.get("not_taken") for line in lines[:-1]] == [None, ["author", "metadata"]]
    assert Content.objects.get().metadata == {}


def test_a_packed_body_that_fills_the_last_part_exactly_is_whole(send):
    line = written(GOOD)
    body = gzip.compress(line + b"\n" * (CHUNK_BYTES - len(line)))
    assert codes(send(body, **{"Content-Encoding": "gzip"})[1]) == ["pending"]


def test_what_is_not_packed_as_it_says_is_refused(send):
    status, lines = send(written(GOOD), **{"Content-Encoding": "gzip"})
    assert (status, lines[0]["code"]) == (400, "invalid_encoding")
    status, lines = send(written(GOOD), **{"Content-Encoding": "br"})
    assert (status, lines[0]["code"]) == (415, "unsupported_media_type")


def test_a_long_line_is_refused_and_the_next_one_read(send, limit):
    limit(max_body_bytes=1024)
    _, lines = send(written({**GOOD, "text": "soup " * 50_000}, {**GOOD, "external_id": "post-2"}))
    assert codes(lines) == ["body_too_large", "pending"]


def test_more_lines_than_may_come_are_not_stored(send, limit):
    limit(max_stream_items=3, max_bulk_items=2)
    status, lines = send(written(*({**GOOD, "external_id": f"post-{n}"} for n in range(5))))
    assert (status, codes(lines)) == (202, ["pending"] * 3)
    assert (lines[-1]["summary"]["complete"], lines[-1]["summary"]["error"]["code"]) == (False, "too_many_items")
    assert Content.objects.count() == 3


def test_each_further_batch_counts_as_a_call(platform, api_of, limit):
    limit(max_bulk_items=2)
    key = ApiKey.issue(client=platform, scopes=["content:write"], rate_limit_requests=2)
    body = written(*({**GOOD, "external_id": f"post-{n}"} for n in range(6)))
    headers = api_of(key).headers
    answer = api_of("").client.post("/api/v1/content/bulk", body, content_type="application/x-ndjson", headers=headers)
    summary = json.loads(answer.getvalue().splitlines()[-1])["summary"]
    assert (summary["stored"], summary["complete"], summary["error"]["code"]) == (4, False, "rate_limited")


def test_images_within_a_stream_are_bounded(send, limit):
    limit(max_bulk_images=1)
    items = [{"external_id": f"p{n}", "images": [{"data": encoded(photo())}]} for n in range(2)]
    assert codes(send(written(*items))[1]) == ["pending", "too_many_items"]


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_a_database_that_goes_away_ends_the_stream_and_keeps_what_was_stored(send, limit, monkeypatch):
    limit(max_bulk_items=2)
    store, calls = stream.submit_contents, []

    def store_once(**named):
        calls.append(named)
        if len(calls) > 1:
            raise OperationalError("gone")
        return store(**named)

    monkeypatch.setattr(stream, "submit_contents", store_once)
    _, lines = send(written(*({**GOOD, "external_id": f"post-{n}"} for n in range(5))))
    assert codes(lines) == ["pending"] * 2
    assert lines[-1]["summary"]["error"]["code"] == "unavailable"


@pytest.mark.parametrize("body", [b"\n", b"\n \r\n"])
def test_an_empty_stream_is_answered(send, body):
    empty = {"lines": 0, "stored": 0, "unchanged": 0, "refused": 0, "complete": True}
    assert send(body) == (202, [{"summary": empty}])


def test_a_stream_needs_its_scope(platform, api_of):
    key = ApiKey.issue(client=platform, scopes=["content:read"])
    headers = api_of(key).headers
    answer = api_of("").client.post("/api/v1/content/bulk", b"", content_type="application/x-ndjson", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")
