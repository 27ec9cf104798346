"""A service that misbehaves: the local scores stand, what only it reads is unavailable, and it ends in time."""

import pytest

from tests.moderation.detectors.remote import stand_in

DOUBTFUL = "50 is what the local detector makes of this English text."
NAN = b'{"results": [{"category_scores": {"hate": NaN}}]}'

MISBEHAVIOUR = {
    "slow": (stand_in.is_slow, "timeout"),
    "hanging half-way": (stand_in.hangs_half_way, "timeout"),
    "dripping headers": (stand_in.drips_headers, "timeout"),
    "dripping body": (stand_in.drips_body, "timeout"),
    "busy": (stand_in.sends(b"", 429), "rate_limited"),
    "busy for a while": (stand_in.sends(b"", 429, Retry_After="7"), "rate_limited"),
    "broken": (stand_in.sends(b"<h1>Oh no</h1>", 500), "status_500"),
    "down for maintenance": (stand_in.sends(b"", 503, Retry_After="soon"), "status_503"),
    "key refused": (stand_in.sends(b"{}", 401), "status_401"),
    "text refused": (stand_in.sends(b"{}", 400), "status_400"),
    "nothing": (stand_in.sends(b""), "not_json"),
    "garbage": (stand_in.sends(b"\xff\x00 garbage {"), "not_json"),
    "deep": (stand_in.sends(b"[" * 100_000), "not_json"),
    "not a number": (stand_in.sends(NAN), "not_json"),
    "infinite": (stand_in.sends(NAN.replace(b"NaN", b"1e999")), "not_json"),
    "no object": (stand_in.sends(b"[1, 2]"), "wrong_shape"),
    "no results": (stand_in.sends(b'{"results": []}'), "wrong_shape"),
    "results of a wrong type": (stand_in.sends(b'{"results": {"0": 1}}'), "wrong_shape"),
    "no known category": (stand_in.says(rudeness=0.4), "wrong_shape"),
    "words for numbers": (stand_in.says(hate="0.9"), "wrong_shape"),
    "truth for numbers": (stand_in.says(hate=True), "wrong_shape"),
    "null for numbers": (stand_in.says(hate=None), "wrong_shape"),
    "huge": (stand_in.sends(b" " * 1_048_577), "too_large"),
    "without end": (stand_in.sends_without_end, "too_large"),
    "closed": (stand_in.closes, "not_reached"),
    "broken off": (stand_in.breaks_off, "cut_off"),
    "another protocol": (stand_in.speaks_no_http, "not_http"),
}


@pytest.mark.parametrize(("behaviour", "kind"), MISBEHAVIOUR.values(), ids=MISBEHAVIOUR)
def test_a_failure_leaves_the_local_scores_and_hides_nothing(service, remote, beside_local, behaviour, kind):
    service.behaviour = behaviour
    (report,) = beside_local(remote(request_seconds=5 if kind == "too_large" else 0.5)).detect([DOUBTFUL])
    assert report.failures == {"remote": kind}
    assert report.scores == {"hate": 0.5, "harassment": 0.0}
    assert report.unavailable == {"illicit"}


def test_a_redirect_is_not_followed(service, remote, beside_local):
    elsewhere = stand_in.Server()
    service.behaviour = stand_in.sends(b"", 307, Location=f"{elsewhere.url}/moderations")
    (report,) = beside_local(remote()).detect([DOUBTFUL])
    elsewhere.stop()
    assert (report.failures, elsewhere.asked) == ({"remote": "status_307"}, [])


def test_nobody_at_the_address(service, remote, beside_local):
    detector = remote()
    service.stop()
    (report,) = beside_local(detector).detect([DOUBTFUL])
    assert (report.failures, report.scores["hate"]) == ({"remote": "not_reached"}, 0.5)


def test_a_host_without_an_address(remote, beside_local):
    (report,) = beside_local(remote(base_url="https://nobody.invalid/v1")).detect([DOUBTFUL])
    assert report.failures == {"remote": "not_reached"}


def test_a_service_without_tls_is_no_partner_for_https(service, remote, beside_local):
    detector = remote(base_url=service.url.replace("http://", "https://"))
    (report,) = beside_local(detector).detect([DOUBTFUL])
    assert report.failures == {"remote": "not_reached"}


def test_the_batch_ends_in_its_time_with_what_was_answered(service, remote, beside_local):
    def slow_for_one(handler):
        slow = "honey" in service.asked[-1][2]["input"]
        (stand_in.is_slow if slow else stand_in.says(hate=0.9, illicit=0.0))(handler)

    service.behaviour = slow_for_one
    panel = beside_local(remote(concurrency=1), seconds=1.0)
    first, late, later = panel.detect([DOUBTFUL, f"{DOUBTFUL} With honey.", f"{DOUBTFUL} With jam."])
    assert (first.scores["hate"], first.failures) == (0.9, {})
    assert [late.failures, later.failures] == [{"remote": "timeout"}] * 2
    assert [late.scores["hate"], later.scores["hate"]] == [0.5, 0.5]


def test_a_partial_answer_counts_and_the_rest_is_unavailable(service, remote, beside_local):
    service.behaviour = stand_in.says(hate=0.9, rudeness=7)
    (report,) = beside_local(remote()).detect([DOUBTFUL])
    assert report.scores == {"hate": 0.9, "harassment": 0.0}
    assert (report.unavailable, report.failures) == ({"illicit"}, {})


def test_scores_out_of_range_are_set_to_its_ends(service, remote, beside_local):
    service.behaviour = stand_in.says(hate=17, illicit=-3)
    (report,) = beside_local(remote()).detect([DOUBTFUL])
    assert (report.scores["hate"], report.scores["illicit"]) == (1.0, 0.0)
