"""Links: how they are found and what speaks against them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.detectors.base import DetectorConfigError, Sample
from moderation.detectors.links import find_links
from moderation.detectors.normalise import normalise
from moderation.detectors.urls import UrlsDetector


def detect(text, **options):
    (detections,) = UrlsDetector.build(options, []).detect([Sample(text, normalise(text))])
    return detections[0] if detections else None


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://example.com/a?b=c, then", ["https://example.com/a?b=c"]),
        ("(www.example.com)", ["www.example.com"]),
        ("go to example.com/path!", ["example.com/path"]),
        ("пример: https://пример.рф/х", ["https://пример.рф/х"]),
        ("two: a.com b.org", ["a.com", "b.org"]),
        ("mail me@example.com", []),
        ("open report.zip and main.py", []),
        ("end of one.start of two", []),
        ("version 1.2.3 of 10.5", []),
        ("", []),
    ],
)
def test_links_are_found_with_their_places(text, links):
    assert [text[link.start : link.end] for link in find_links(text)] == links


@pytest.mark.parametrize(
    ("text", "reasons", "score"),
    [
        ("http://192.168.0.1/login", "numeric host", 0.6),
        ("http://3232235521/", "numeric host", 0.6),
        ("http://0x7f.0.0.1/", "numeric host", 0.6),
        ("http://[2001:db8::1]/", "numeric host", 0.6),
        ("https://example.com@evil.example.net/", "name before the host", 0.8),
        ("https://exаmple.com/", "letters of several scripts", 0.8),
        ("https://xn--exmple-4nf.com/", "letters of several scripts, punycode host", 0.89),
        ("https://xn--mnchen-3ya.de/", "punycode host", 0.45),
        ("bit.ly/abc", "link shortener", 0.35),
        ("javascript:alert(1)", "script or data address", 0.9),
        ("data:text/html;base64,AAAA", "script or data address", 0.9),
        ("https://example.com/setup.exe", "program to download", 0.5),
        ("hxxp://example.com/", "disguised scheme", 0.25),
        ("https://example.com:4444/", "unusual port", 0.2),
        ("https://prize.top/", "cheap domain ending", 0.3),
        ("https://bank-verify.top/", "cheap domain ending, bait words", 0.475),
    ],
)
def test_a_suspicious_link_is_scored_with_its_reasons(text, reasons, score):
    detection = detect(text)
    assert [(e.start, e.end, e.detail) for e in detection.evidence] == [(0, len(text), reasons)]
    assert detection.score == score


@pytest.mark.parametrize("text", ["https://example.com/", "see docs.example.org/a/b#c", "no link", "a.b", "1.5"])
def test_ordinary_text_has_no_finding(text):
    assert detect(text) is None


def test_many_links_are_suspicious_by_their_number():
    assert detect(" ".join(f"https://example.com/{n}" for n in range(5))).score == 0.35
    assert detect(" ".join(f"https://example.com/{n}" for n in range(15))).score == 0.6


def test_the_site_s_lists_cover_subdomains():
    options = {"block_domains": ["bad.example"], "allow_domains": ["bit.ly"]}
    assert detect("http://a.bad.example/", **options).score == 1.0
    assert detect("http://notbad.example/", **options) is None
    assert detect("bit.ly/abc", **options) is None


@pytest.mark.parametrize("value", ["example.com", [1], [""]])
def test_a_domain_list_of_the_wrong_shape_is_refused(value):
    with pytest.raises(DetectorConfigError, match="block_domains must be a list of domain names"):
        UrlsDetector.build({"block_domains": value}, [])


def test_an_unknown_option_is_refused():
    with pytest.raises(DetectorConfigError, match="Detector urls has no option 'blocked'. It knows: allow_domains"):
        UrlsDetector.build({"blocked": []}, [])


@pytest.mark.parametrize(
    "text",
    [
        "a." * 25_000,
        "http://" * 7_000,
        "http://a" + ".a" * 25_000,
        "www." * 12_000,
        "a-" * 25_000,
        "http://@" * 6_000,
        "javascript:" * 4_500,
        "http://[" + ":" * 49_000,
        "\ud800.com " * 6_000,
        "a.com " * 8_000,
    ],
)
def test_hostile_texts_are_survived(text):
    detect(text)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("htp:/.@[]%?#\\a1xn-wcom \ud800а。\u202e"), max_size=120))
def test_links_lie_inside_the_text(text):
    assert all(0 <= link.start < link.end <= len(text) for link in find_links(text))
    detect(text)
