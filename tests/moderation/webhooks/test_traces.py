"""A request is found again in the row, in the worker's log, and in what its platform is told."""

import logging

import pytest

from moderation import pipeline
from moderation.models import Content, WebhookEvent
from moderation.webhooks.delivery import drain

pytestmark = pytest.mark.django_db(transaction=True)
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CONTEXT = {"X-Request-ID": "req-7f3a", "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "tracestate": "a=1"}


@pytest.fixture
def submitted(api, endpoint) -> Content:
    api.client.post(
        "/api/v1/content",
        {"external_id": "c1", "text": "The soup was warm."},
        content_type="application/json",
        headers={**api.headers, **CONTEXT},
    )
    return Content.objects.get()


def test_the_row_names_its_request_and_its_trace(submitted):
    assert (submitted.request_id, submitted.trace_id) == ("req-7f3a", TRACE)


def test_a_new_version_names_the_request_that_brought_it(submitted, api):
    api.post("/api/v1/content", {"external_id": "c1", "text": "It was cold."}, **{"X-Request-ID": "second"})
    submitted.refresh_from_db()
    assert (submitted.version, submitted.request_id, submitted.trace_id) == (2, "second", "")


def test_the_worker_names_the_requests_that_it_settled(submitted, caplog):
    with caplog.at_level(logging.INFO, "moderation.pipeline"):
        pipeline.drain()
    line = next(record for record in caplog.records if record.message == "moderation.settled")
    assert (line.items, line.requests, line.traces) == (1, ["req-7f3a"], [TRACE])


def test_the_webhook_carries_both(submitted, endpoint, receiver):
    pipeline.drain()
    drain(endpoint.pk)
    told = receiver.requests[0]
    version, trace, span, flags = told.headers["traceparent"].split("-")
    assert (version, trace, flags) == ("00", TRACE, "01")
    assert len(span) == 16
    assert span != "00f067aa0ba902b7"
    assert "tracestate" not in told.headers
    assert told.verified(endpoint.secret)["data"]["request_id"] == "req-7f3a"
    assert "trace_id" not in told.verified(endpoint.secret)


def test_without_a_trace_there_is_none_to_tell(api, endpoint, receiver):
    api.post("/api/v1/content", {"external_id": "c1", "text": "The soup was warm."})
    pipeline.drain()
    drain(endpoint.pk)
    assert "traceparent" not in receiver.requests[0].headers
    assert "trace_id" not in WebhookEvent.objects.get().payload
