"""spanAnnotations: a score for each sentence, where it stands in what was sent."""

import pytest

from tests.moderation.api.perspective.test_offsets import cut

pytestmark = pytest.mark.django_db
TWO = "🙂 The soup was warm today.\r\nYou are a stupid idiot!"


def spans(answer, attribute: str = "TOXICITY") -> list[dict]:
    return answer.json()["attributeScores"][attribute].get("spanScores", [])


def test_each_sentence_has_its_score(analyze):
    first, second = spans(analyze(TWO, "TOXICITY", spanAnnotations=True))
    assert cut(TWO, first["begin"], first["end"]) == "🙂 The soup was warm today."
    assert cut(TWO, second["begin"], second["end"]) == "You are a stupid idiot!"
    assert first["score"]["value"] < 0.2 < 0.8 < second["score"]["value"]


def test_without_being_asked_the_comment_is_one_span(analyze):
    answer = analyze(TWO, "TOXICITY")
    (span,) = spans(answer)
    assert (span["begin"], span["end"]) == (0, len(TWO) + 1)
    assert span["score"] == answer.json()["attributeScores"]["TOXICITY"]["summaryScore"]


def test_one_sentence_scores_what_the_comment_does(analyze):
    answer = analyze("  You are a stupid idiot!  ", "INSULT", spanAnnotations=True)
    (span,) = spans(answer, "INSULT")
    assert (span["begin"], span["end"]) == (2, 25)
    assert span["score"] == answer.json()["attributeScores"]["INSULT"]["summaryScore"]


def test_a_sentence_below_the_threshold_has_no_span(analyze):
    wanted = {"TOXICITY": {"scoreThreshold": 0.3}}
    (span,) = spans(analyze(TWO, requestedAttributes=wanted, spanAnnotations=True))
    assert cut(TWO, span["begin"], span["end"]) == "You are a stupid idiot!"


def test_spans_of_html_lie_in_what_was_sent(analyze):
    sent = "<p>It rained &amp; <em>rained</em>.</p><p>You are a stu<wbr>pid idiot!</p>"
    found = spans(analyze(sent, "TOXICITY", kind="HTML", spanAnnotations=True))
    assert [cut(sent, one["begin"], one["end"]) for one in found] == [
        "It rained &amp; <em>rained</em>.",
        "You are a stu<wbr>pid idiot!",
    ]


def test_a_comment_of_only_space_has_one_span(analyze):
    (span,) = spans(analyze(" \n ", "TOXICITY", spanAnnotations=True))
    assert (span["begin"], span["end"]) == (0, 3)
