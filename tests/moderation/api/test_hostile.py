"""No input makes a 500: generated bodies, parameters, headers and ids."""

import json
from ipaddress import ip_address
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.django_db
callers = count()
quietly = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
anything = st.text(st.characters(codec=None, exclude_categories=())) | st.sampled_from(
    ["\x00", "\ud800", "\u202e", "́" * 99]
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | anything
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(anything, inner, max_size=4))
names = st.sampled_from(
    ["external_id", "text", "author", "context", "metadata", "language", "policy", "mode", "items", "more"]
)
bodies = st.dictionaries(names, values, max_size=6)


def refused_or_fine(answer) -> bool:
    return answer.status_code < 500 and "json" in answer["Content-Type"]


@quietly
@given(body=bodies | values)
@pytest.mark.parametrize("path", ["/api/v1/content", "/api/v1/content/bulk"])
def test_no_body_breaks_a_submission(api, path, body):
    assert refused_or_fine(api.post(path, json.dumps(body)))


@quietly
@given(items=st.lists(bodies | scalars, max_size=5))
def test_no_item_breaks_a_bulk_call(api, items):
    assert refused_or_fine(api.post("/api/v1/content/bulk", json.dumps({"items": items})))


@quietly
@given(raw=st.binary(max_size=200))
def test_no_bytes_break_a_submission(api, raw):
    assert refused_or_fine(api.post("/api/v1/content", raw))


@quietly
@given(
    parameters=st.dictionaries(
        st.sampled_from(["cursor", "limit", "status", "decision", "created_after", "external_id", "author", "more"]),
        st.text(max_size=40),
    )
)
def test_no_parameter_breaks_the_list(api, parameters):
    assert refused_or_fine(api.get("/api/v1/content", **parameters))


@quietly
@given(header=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60))
def test_no_header_breaks_the_door(api, header):
    for headers in ({"Authorization": header}, {"Authorization": f"Bearer {header}"}, {"X-Request-ID": header}):
        # Each from an address of its own: one that fails too often is limited.
        address = str(ip_address("198.18.0.0") + next(callers))
        answer = api.client.get("/api/v1/content", headers=headers, REMOTE_ADDR=address)
        assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
