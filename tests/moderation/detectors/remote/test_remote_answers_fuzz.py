"""Whatever a service answers: scores from 0 to 1 of the categories asked for, or the one known failure."""

import contextlib

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderation.detectors.remote.answers import read_answer
from moderation.detectors.remote.faults import RemoteFault
from moderation.detectors.remote.options import READS, read_options

BASE = {"base_url": "https://moderation.example/v1", "model": "m"}
MODERATIONS, CHAT = read_options(BASE), read_options({**BASE, "kind": "chat"})

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
number = st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
leaf = st.none() | st.booleans() | number | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
name = st.sampled_from([*READS, "results", "category_scores", "choices", "message", "content"]) | st.text(
    "ab/", max_size=3
)
anything = st.recursive(leaf, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(name, inner, max_size=6))
scores = st.dictionaries(name, number | leaf, max_size=8)


def read_safely(options, body):
    """Anything but RemoteFault, and any score that is none, fails the test."""
    found = {}
    with contextlib.suppress(RemoteFault):
        found = read_answer(options, body)
        assert found
    assert found.keys() <= set(READS)
    assert all(type(score) is float and 0 <= score <= 1 for score in found.values())


@unhurried
@given(st.binary(max_size=300))
def test_any_bytes(body):
    read_safely(MODERATIONS, body)
    read_safely(CHAT, body)


@unhurried
@given(anything)
def test_any_json(value):
    read_safely(MODERATIONS, orjson.dumps(value))
    read_safely(CHAT, orjson.dumps(value))


@unhurried
@given(scores)
def test_nearly_the_right_form(given_scores):
    read_safely(MODERATIONS, orjson.dumps({"results": [{"category_scores": given_scores}]}))
    content = orjson.dumps(given_scores).decode()
    read_safely(CHAT, orjson.dumps({"choices": [{"message": {"content": content}}]}))
