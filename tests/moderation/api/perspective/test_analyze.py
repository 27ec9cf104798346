"""POST /v1alpha1/comments:analyze: what a comment scores."""

import pytest

from moderation.detectors.text.perspective import CATEGORY_OF
from moderation.in_force import detector_panel
from moderation.models import AdapterFeedback, Content

pytestmark = pytest.mark.django_db
RUDE, MILD = "You are a stupid idiot.", "The soup was warm and the bread was fresh."
SIX = ("TOXICITY", "SEVERE_TOXICITY", "IDENTITY_ATTACK", "INSULT", "PROFANITY", "THREAT")


def summary(answer, attribute: str = "TOXICITY") -> float:
    return answer.json()["attributeScores"][attribute]["summaryScore"]["value"]


def test_an_answer_has_the_vendors_shape(analyze):
    body = analyze(MILD, "TOXICITY", clientToken="c-1").json()
    score = {"value": body["attributeScores"]["TOXICITY"]["summaryScore"]["value"], "type": "PROBABILITY"}
    assert body == {
        "attributeScores": {
            "TOXICITY": {"spanScores": [{"begin": 0, "end": len(MILD), "score": score}], "summaryScore": score}
        },
        "languages": ["en"],
        "detectedLanguages": ["en"],
        "clientToken": "c-1",
    }


def test_a_rude_comment_scores_high_and_a_mild_one_low(analyze):
    assert summary(analyze(RUDE, "TOXICITY")) > 0.8
    assert summary(analyze(MILD, "TOXICITY")) < 0.2


def test_the_scores_are_those_of_the_detectors(analyze):
    (report,) = detector_panel().detect([RUDE])
    answer = analyze(RUDE, *CATEGORY_OF)
    assert {name: summary(answer, name) for name in CATEGORY_OF} == pytest.approx(
        {name: report.scores[category] for name, category in CATEGORY_OF.items()}, abs=1e-6
    )


def test_every_production_attribute_is_answered(analyze):
    assert set(analyze(RUDE, *SIX).json()["attributeScores"]) == set(SIX)


def test_an_attribute_below_its_threshold_is_left_out(analyze):
    wanted = {"TOXICITY": {"scoreThreshold": 0.5}, "THREAT": {"scoreThreshold": 0.99}, "INSULT": {"scoreThreshold": 0}}
    answer = analyze(RUDE, requestedAttributes=wanted)
    assert set(answer.json()["attributeScores"]) == {"TOXICITY", "INSULT"}


def test_names_may_be_written_as_in_the_proto_file(keyless, score_key):
    body = {"comment": {"text": MILD}, "requested_attributes": {"TOXICITY": {"score_type": "PROBABILITY"}}}
    answer = keyless.post(f"/v1alpha1/comments:analyze?key={score_key}", {**body, "client_token": "t"})
    assert (answer.status_code, answer.json()["clientToken"]) == (200, "t")


def test_null_is_as_if_it_were_not_there(analyze):
    wanted = {"TOXICITY": {"scoreThreshold": None}}
    assert analyze(MILD, requestedAttributes=wanted, languages=None, context=None, clientToken=None).status_code == 200


def test_what_is_not_used_is_accepted(analyze):
    context = {"entries": [{"text": "Before.", "type": "PLAIN_TEXT"}]}
    more = {"doNotStore": True, "sessionId": "s", "communityId": "c", "spanAnnotations": False}
    assert analyze(MILD, "TOXICITY", context=context, **more).status_code == 200


def test_nothing_is_stored(analyze):
    analyze(RUDE, *SIX, doNotStore=False)
    assert (Content.objects.count(), AdapterFeedback.objects.count()) == (0, 0)


def test_an_emoji_and_a_space_are_comments(analyze):
    for text in ("👍", " "):
        answer = analyze(text, "TOXICITY").json()
        assert answer["languages"] == ["en"]
        assert "detectedLanguages" not in answer


def test_tags_are_not_read(analyze):
    shown = summary(analyze("You are a <b>stu</b>pid idi&#111;t.", "TOXICITY", kind="HTML"))
    assert shown == pytest.approx(summary(analyze(RUDE, "TOXICITY")), abs=1e-6)
    hidden = '<p title="you stupid idiot">The soup was warm.</p><!-- you stupid idiot --><script>"idiot"</script>'
    assert summary(analyze(hidden, "TOXICITY", kind="HTML")) < 0.2
