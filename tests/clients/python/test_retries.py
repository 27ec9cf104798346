"""When the client tries again, with what, and when it gives up; at a real server that misbehaves."""

import json
import logging

import pytest
from reviewengine_client import (
    ApiError,
    AsyncClient,
    Client,
    Conflict,
    ConnectionFailed,
    NotFound,
    NotValid,
    RateLimited,
    ReviewEngineError,
    ServerError,
    TimedOut,
    Unavailable,
)

REPORT = {"external_id": "c1", "reporter": "u1", "reason": "spam"}
BUSY = (503, {"Retry-After": "2"}, {"code": "unavailable", "detail": "Try again."})
STORED = (201, {"ETag": '"a"'}, {"id": "r1"})
KEY = "re_0000_secret"


@pytest.fixture
def client(script):
    with Client(script.url, key=KEY) as made:
        yield made


def test_a_busy_server_is_asked_again_under_the_same_idempotency_key(client, script, waits):
    script.answers = [BUSY, None, STORED]
    assert client.reports.create(**REPORT) == {"id": "r1"}
    keys = {asked["headers"]["Idempotency-Key"] for asked in script.asked}
    assert (len(script.asked), len(keys)) == (3, 1)
    assert [json.loads(asked["body"]) for asked in script.asked] == [REPORT] * 3


def test_retry_after_is_heeded(client, script, waits):
    script.answers = [BUSY, STORED]
    client.reports.create(**REPORT)
    assert 2 <= waits[0] <= 2.3


def test_waits_grow_and_differ_where_nothing_is_asked_for(client, script, waits):
    script.answers = [None, None, None, STORED]
    client.reports.create(**REPORT)

    assert all(0.125 <= wait <= 2 for wait in waits)
    assert len(set(waits)) == 3


def test_each_call_has_a_key_of_its_own_and_one_may_be_chosen(client, script):
    script.answers = [STORED, STORED, STORED]
    client.reports.create(**REPORT)
    client.reports.create(**REPORT)
    client.using(idempotency_key="order-17").reports.create(**REPORT)
    keys = [asked["headers"]["Idempotency-Key"] for asked in script.asked]
    assert (len(set(keys)), keys[2]) == (3, '"order-17"')


def test_after_the_last_attempt_the_error_is_raised(client, script, waits):
    script.answers = [
        (429, {"Retry-After": "1", "X-Request-ID": "q1"}, {"code": "rate_limited", "detail": "Slow."})
    ] * 4
    with pytest.raises(RateLimited) as error:
        client.reports.create(**REPORT)
    assert (error.value.retry_after, error.value.request_id, len(script.asked)) == (1.0, "q1", 4)


def test_nobody_waits_longer_than_allowed(client, script, waits):
    script.answers = [(503, {"Retry-After": "3600"}, {"code": "unavailable"})]
    with pytest.raises(Unavailable):
        client.reports.get("r1")
    assert (waits, len(script.asked)) == ([], 1)


def test_what_another_attempt_is_still_doing_is_waited_for(client, script, waits):
    script.answers = [(409, {"Retry-After": "1"}, {"code": "idempotency_in_progress"}), STORED]
    assert client.reports.create(**REPORT) == {"id": "r1"}


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [(422, "validation_failed", NotValid), (409, "conflict", Conflict), (500, "server_error", ServerError)],
)
def test_what_would_fail_again_is_not_tried_again(client, script, waits, status, code, kind):
    fault = {"pointer": "/reason", "code": "unknown_value", "detail": "is a category, or 'other'"}
    script.answers = [(status, {}, {"code": code, "detail": "No.", "errors": [fault], "request_id": "q2"})]
    with pytest.raises(kind) as error:
        client.reports.create(**REPORT)
    assert (error.value.code, error.value.errors, error.value.request_id) == (code, [fault], "q2")
    assert "[/reason is a category, or 'other']" in str(error.value)
    assert len(script.asked) == 1


def test_no_connection_is_an_error_of_its_own(waits):
    with Client("http://127.0.0.1:1", key=KEY, retries=1) as client, pytest.raises(ConnectionFailed):
        client.stats.get()
    assert len(waits) == 1


def test_a_server_that_never_answers_is_timed_out(waits):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with Client(address, key=KEY, retries=0, timeout=0.2) as client, pytest.raises(TimedOut):
            client.stats.get()


def test_a_page_of_a_proxy_is_an_error_without_a_code(client, script):
    script.answers = [(404, {}, b"<html>nginx</html>")]
    with pytest.raises(ApiError) as error:
        client.content.get("c1")
    assert (error.value.status, error.value.code) == (404, "")


def test_what_is_no_json_is_told(client, script):
    script.answers = [(200, {}, b"<html>Sign in</html>")]
    with pytest.raises(ReviewEngineError, match="is the base URL right"):
        client.content.get("c1")


def test_a_stream_of_lines_can_be_sent_again(client, script, waits):
    script.answers = [None, (202, {}, b'{"line":1,"id":"a"}\n{"summary":{"lines":1}}\n')]
    results = client.content.stream({"external_id": f"c{n}", "text": "grüße"} for n in range(3))
    assert results.summary is None
    assert list(results) == [{"line": 1, "id": "a"}]
    assert results.summary == {"lines": 1}
    bodies = [asked["body"] for asked in script.asked]
    assert bodies[0] == bodies[1]
    assert [json.loads(line)["external_id"] for line in bodies[1].splitlines()] == ["c0", "c1", "c2"]


GONE = (404, {}, {"code": "not_found", "detail": "There is no such list."})


@pytest.mark.parametrize("lost", [None, (502, {}, b"<html>nginx</html>")])
def test_a_delete_whose_answer_was_lost_is_done_where_nothing_is_left(client, script, waits, lost):
    script.answers = [lost, BUSY, GONE]
    assert client.term_lists.delete("soups") is None
    assert len(script.asked) == 3


@pytest.mark.parametrize("answers", [[GONE], [BUSY, GONE], [None, (404, {}, b"<html>nginx</html>")]])
def test_a_delete_that_was_not_done_says_so(client, script, waits, answers):
    script.answers = [*answers]
    with pytest.raises(NotFound):
        client.term_lists.delete("soups")


def test_what_was_not_there_to_be_read_is_told_after_a_lost_answer_too(client, script, waits):
    script.answers = [None, GONE]
    with pytest.raises(NotFound):
        client.term_lists.get("soups")


def test_a_next_page_elsewhere_never_gets_the_key(client, script):
    script.answers = [
        (200, {}, {"results": [1], "next": "http://evil.example/x?cursor=abc&status=decided", "previous": None}),
        (200, {}, {"results": [2], "next": None, "previous": None}),
    ]
    assert list(client.content.list(status="decided")) == [1, 2]
    assert script.asked[1]["path"] == "/api/v1/content?cursor=abc&status=decided"


def test_ids_cannot_leave_their_place(client, script):
    script.answers = [(404, {}, {"code": "not_found"})]
    with pytest.raises(ApiError):
        client.content.get("../keys?x=1#")
    assert script.asked[0]["path"] == "/api/v1/content/..%2Fkeys%3Fx%3D1%23"
    with pytest.raises(ValueError, match="not empty"):
        client.content.erase("")


def test_the_key_stands_in_no_text_and_no_log(script, waits, caplog):
    caplog.set_level(logging.DEBUG)
    script.answers = [BUSY, (401, {}, {"code": "invalid_key"})]
    client = Client(script.url, key=KEY)
    with pytest.raises(ApiError) as error:
        client.stats.get()
    texts = [repr(client), repr(client._runner.options), str(error.value), repr(error.value), caplog.text]
    assert [text for text in texts if "secret" in text] == []


@pytest.mark.parametrize("key", ["", "a b", "a\nb", "schlüssel"])
def test_a_key_that_is_none_is_refused_without_being_quoted(key):
    with pytest.raises(ValueError, match="must be an API key") as error:
        Client("http://127.0.0.1", key=key)
    assert not key or key not in str(error.value)


@pytest.mark.parametrize("address", ["", "127.0.0.1:8000", "ftp://a.example", "https://a.example?x=1"])
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(ValueError, match="base_url must be"):
        Client(address, key=KEY)


def test_the_awaited_client_does_the_same(script, waits, awaited):
    script.answers = [BUSY, None, STORED, (200, {}, {"results": [1, 2], "next": None, "previous": None})]

    async def ask() -> tuple:
        async with AsyncClient(script.url, key=KEY) as client:
            return await client.reports.create(**REPORT), [one async for one in client.reports.list()]

    assert awaited(ask()) == ({"id": "r1"}, [1, 2])
    keys = {asked["headers"]["Idempotency-Key"] for asked in script.asked[:3]}
    assert (len(keys), len(waits)) == (1, 2)
