"""The site's lists: what they find in which script, where, and what they refuse."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.detectors.base import DetectorConfigError, Sample, TermListSpec
from moderation.detectors.normalise import normalise
from moderation.detectors.term_lists import TermListsDetector


def spec(*terms, whole_word=True, name="house", category="insult", score=0.8):
    return TermListSpec(name, category, score, terms, whole_word)


def found(text, *lists):
    """Pairs of list name and matched text."""
    (detections,) = TermListsDetector.build({}, lists).detect([Sample(text, normalise(text))])
    return [(e.detail, text[e.start : e.end]) for detection in detections for e in detection.evidence]


@pytest.mark.parametrize(
    ("text", "term", "match"),
    [
        ("you numpty!", "numpty", "numpty"),
        ("you NUMPTY", "Numpty", "NUMPTY"),
        ("n.u.m.p.t.y", "numpty", "n.u.m.p.t.y"),
        ("nuumptyyy", "numpty", "nuumptyyy"),
        ("пumpty".replace("п", "n\u0336"), "numpty", "n\u0336umpty"),
        ("free\n  money", "free money", "free\n  money"),
        ("ну ты балда", "балда", "балда"),
        ("ты БАЛДА", "балда", "БАЛДА"),
        ("你是笨蛋吗", "笨蛋", "笨蛋"),
        ("あのばかもの", "ばか", "ばか"),
        ("คนโง่มาก", "โง่", "โง่"),
        ("والغبي هنا", "الغبي", "الغبي"),
        ("바보야", "바보", "바보"),
        ("that 🤡 again", "🤡", "🤡"),
        ("straße", "STRASSE", "straße"),
        ("wow c++ wow", "c++", "c++"),
    ],
)
def test_term_is_found_where_it_stands(text, term, match):
    assert found(text, spec(term)) == [("house", match)]


@pytest.mark.parametrize(("text", "term"), [("class", "ass"), ("numptyish", "numpty"), ("обалдать", "балда")])
def test_whole_word_terms_keep_to_word_edges(text, term):
    assert found(text, spec(term)) == []
    assert found(text, spec(term, whole_word=False)) == [("house", term)]


def test_a_longer_term_does_not_hide_a_shorter_one():
    assert found("cat apple", spec("cat", "cat a")) == [("house", "cat")]


def test_every_list_that_matches_answers_with_its_own_score():
    lists = [spec("numpty"), spec("numpty", name="second", category="harassment", score=0.5)]
    (detections,) = TermListsDetector.build({}, lists).detect([Sample("numpty", normalise("numpty"))])
    assert [(d.category, d.score) for d in detections] == [("insult", 0.8), ("harassment", 0.5)]


def test_a_match_across_the_pieces_of_a_long_text_is_found_once():
    text = "x " * 4_094 + "numpty" + " x" * 5_000
    assert found(text, spec("numpty")) == [("house", "numpty")]


def test_no_lists_find_nothing():
    detector = TermListsDetector.build({}, [])
    assert detector.categories == frozenset()
    assert detector.detect([Sample("x", normalise("x"))]) == [[]]


def test_the_version_follows_the_terms():
    first, second = (TermListsDetector.build({}, [spec(term)]).version for term in ("one", "two"))
    assert first != second == TermListsDetector.build({}, [spec("two")]).version


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (spec("fine", ""), "Term list 'house': term 2 is empty or invisible: remove it."),
        (spec("\u200b"), "Term list 'house': term 1 is empty or invisible: remove it."),
        (spec("a" * 201), "Term list 'house': term 1 is longer than 200 characters: shorten it."),
        (spec("a\ud800"), "Term list 'house': term 1 holds half a character (a lone surrogate): type it again."),
        (spec("x", score=1.5), "Term list 'house': the score must lie between 0 and 1, not 1.5."),
        (spec("x", score=float("nan")), "Term list 'house': the score must lie between 0 and 1, not nan."),
        (spec("x", category="rude"), "Term list 'house': there is no category 'rude'. See the glossary for the names."),
    ],
)
def test_an_unusable_list_is_refused_by_name(bad, message):
    with pytest.raises(DetectorConfigError) as refused:
        TermListsDetector.build({}, [bad])
    assert str(refused.value) == message


def test_too_many_terms_are_refused():
    with pytest.raises(DetectorConfigError, match="more than 200,000 terms"):
        TermListsDetector.build({}, [spec(*(["x"] * 200_001))])


def test_a_hundred_thousand_terms_work():
    many = spec(*(f"zq{number}x" for number in range(100_000)))
    assert found("see zq99999x here", many) == [("house", "zq99999x")]


def test_terms_nested_in_each_other_on_a_long_run_are_survived():
    nested = spec(*("a" * length for length in range(1, 201)), whole_word=False)
    assert len(found("a" * 20_000, nested)) == 20


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text(max_size=8), max_size=6), st.text(st.characters(codec=None, exclude_categories=()), max_size=80)
)
def test_any_list_either_is_refused_or_matches_inside_the_text(terms, text):
    try:
        detector = TermListsDetector.build({}, [spec(*terms, whole_word=False)])
    except DetectorConfigError:
        return
    (detections,) = detector.detect([Sample(text, normalise(text))])
    for detection in detections:
        assert all(0 <= e.start < e.end <= len(text) for e in detection.evidence)


def test_a_blocked_domain_matches_links_to_it_and_below():
    domains = TermListSpec(
        "scam-sites", "url_risk", 0.9, ("bad.example", "xn--e1afmkfd.xn--p1ai"), kind="blocked_domains"
    )
    text = "see https://a.bad.example/x, notbad.example and https://пример.рф/"
    (detections,) = TermListsDetector.build({}, [domains]).detect([Sample(text, normalise(text))])
    (detection,) = detections
    assert (detection.category, detection.score) == ("url_risk", 0.9)
    found = [(text[e.start : e.end], e.detail) for e in detection.evidence]
    assert found == [("https://a.bad.example/x", "scam-sites"), ("https://пример.рф/", "scam-sites")]


def test_domains_that_are_allowed_are_no_terms():
    domains = TermListSpec("friends", "url_risk", 1.0, ("good.example",), kind="allowed_domains")
    detector = TermListsDetector.build({}, [domains])
    assert detector.detect([Sample("good.example", normalise("good.example"))]) == [[]]
    assert detector.categories == frozenset()
