"""Which request ids and trace ids are taken from the caller."""

import re

import pytest

from reviewengine.request_ids import accept_request_id, accept_trace_id

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"


@pytest.mark.parametrize("given", ["a", "req_01HZX.9-z", "x" * 128])
def test_a_sensible_id_is_kept(given):
    assert accept_request_id(given) == given


@pytest.mark.parametrize("given", [None, "", "x" * 129, "a b", "a\nb", "ä", 'a"', "<script>", "a\n"])
def test_anything_else_is_replaced_by_a_new_one(given):
    assert re.fullmatch("[0-9a-f]{32}", accept_request_id(given))


def test_new_ids_differ():
    assert accept_request_id(None) != accept_request_id(None)


@pytest.mark.parametrize("given", [f"00-{TRACE}-{PARENT}-01", f"01-{TRACE}-{PARENT}-03-later"])
def test_a_valid_traceparent_gives_its_trace_id(given):
    assert accept_trace_id(given) == TRACE


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"ff-{TRACE}-{PARENT}-01",
        f"00-{TRACE.upper()}-{PARENT}-01",
        f"00-{TRACE}-{PARENT}-01-later",
        f"00-{TRACE}-{PARENT}",
        TRACE,
    ],
)
def test_an_invalid_traceparent_is_ignored(given):
    assert accept_trace_id(given) == ""
