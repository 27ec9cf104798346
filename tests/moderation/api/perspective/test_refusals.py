"""What cannot be answered: its vendor's error types, in its vendor's envelope."""

import pytest

from moderation.detectors.base import DetectionReport
from moderation.detectors.text.perspective import CATEGORY_OF, NOT_OFFERED
from moderation.models import TermList
from tests.moderation.api.perspective.conftest import ANALYZE, SUGGEST, error_of, error_type

pytestmark = pytest.mark.django_db
MILD = "The soup was warm and the bread was fresh."
FRENCH = "Je pense que la soupe était chaude et que le pain était vraiment très bon aujourd'hui."


def test_a_comment_needs_a_text(analyze):
    for kind, text in (("PLAIN_TEXT", ""), ("HTML", "<p></p>".replace("p", "b")), ("HTML", "<!-- -->")):
        assert error_type(analyze(text, "TOXICITY", kind=kind)) == "COMMENT_EMPTY"


def test_a_comment_has_at_most_20480_bytes(analyze):
    full = "The café was warm. " * 1024
    assert len(full.encode()) == 20_480
    assert analyze(full, "TOXICITY").status_code == 200
    answer = analyze(full + "a", "TOXICITY")
    assert error_type(answer) == "COMMENT_TOO_LONG"
    assert error_of(answer)["status"] == "INVALID_ARGUMENT"


def test_attributes_must_be_named(analyze):
    assert error_type(analyze(MILD)) == "NO_REQUESTED_ATTRIBUTES"
    assert error_type(analyze(MILD, requestedAttributes={})) == "NO_REQUESTED_ATTRIBUTES"


@pytest.mark.parametrize("attribute", [*NOT_OFFERED, "JOY", "toxicity"])
def test_an_attribute_that_is_not_offered_is_refused_with_those_that_are(analyze, attribute):
    answer = analyze(MILD, "TOXICITY", attribute)
    assert error_type(answer) == "INVALID_REQUEST"
    message = error_of(answer)["message"]
    assert message.startswith(f"Unknown requested attribute: {attribute}.")
    assert message.endswith(f"Offered: {', '.join(CATEGORY_OF)}.")


def test_only_probabilities_are_answered(analyze):
    answer = analyze(MILD, requestedAttributes={"TOXICITY": {"scoreType": "PERCENTILE"}})
    assert error_type(answer) == "INVALID_REQUEST"


def test_a_context_of_both_kinds_is_refused(analyze):
    both = {"entries": [{"text": "a"}], "articleAndParentComment": {"article": {"text": "b"}}}
    assert error_type(analyze(MILD, "TOXICITY", context=both)) == "INVALID_REQUEST"


@pytest.mark.parametrize("languages", [None, ["fr"], ["fr-CA"], ["en"]])
def test_a_language_that_is_not_read_is_refused(analyze, languages):
    answer = analyze(FRENCH, "TOXICITY", languages=languages)
    told = {"attribute": "TOXICITY", "detectedLanguages": ["fr"]}
    told |= {"requestedLanguages": languages} if languages else {}
    assert error_type(answer) == "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"
    assert error_of(answer)["details"][0]["languageNotSupportedByAttributeError"] == told
    message = f"Attribute TOXICITY does not support request languages: {(languages or ['fr'])[0]}"
    assert error_of(answer)["message"] == message


def test_of_several_declared_languages_each_is_read_or_named(analyze):
    assert analyze(MILD, "TOXICITY", languages=["en", "en-GB"]).json()["languages"] == ["en", "en-GB"]
    answer = analyze(FRENCH, "TOXICITY", languages=["en", "fr"])
    assert error_type(answer) == "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"
    assert error_of(answer)["message"].endswith("request languages: en, fr")


def test_what_is_not_read_may_be_dropped(analyze):
    answer = analyze(FRENCH, "TOXICITY", dropUnsupportedAttributes=True)
    assert (answer.status_code, answer.json()) == (
        200,
        {"attributeScores": {}, "languages": ["fr"], "detectedLanguages": ["fr"]},
    )


@pytest.mark.parametrize("drop", [False, True])
def test_a_language_that_nobody_can_tell_is_told(analyze, drop):
    answer = analyze("ᚠᚢᚦᚨᚱᚲ ᚷᚹᚺᚾᛁᛃ", "TOXICITY", dropUnsupportedAttributes=drop)
    assert error_type(answer) == "LANGUAGE_DETECTION_FAILED"
    assert error_of(answer)["message"] == "Unable to detect language"


def test_a_declared_language_is_named_where_none_can_be_told(analyze):
    answer = analyze("ᚠᚢᚦᚨᚱᚲ ᚷᚹᚺᚾᛁᛃ", "TOXICITY", languages=["is"])
    assert error_type(answer) == "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"
    assert error_of(answer)["message"].endswith("request languages: is")


def test_a_sites_term_list_reads_every_language(analyze):
    TermList.objects.create(name="soup", category="toxicity", score=0.9, terms=["soupe"])
    answer = analyze(FRENCH, "TOXICITY")
    assert answer.json()["attributeScores"]["TOXICITY"]["summaryScore"]["value"] == 0.9


def test_a_detector_that_failed_is_no_zero(analyze, panel_that):
    failed = frozenset({"toxicity"})
    panel_that(lambda text: DetectionReport(scores={"spam": 0.1, "toxicity": 0.3}, unavailable=failed, language="en"))
    answer = analyze(MILD, "SPAM", "TOXICITY")
    assert (answer.status_code, error_of(answer)["status"]) == (503, "UNAVAILABLE")
    assert answer["Retry-After"] == "5"
    assert analyze(MILD, "SPAM").status_code == 200


def test_an_attribute_whose_detector_is_off_is_not_offered(analyze, panel_that):
    panel_that(lambda text: DetectionReport(scores={"spam": 0.1}, not_covered=("toxicity",), language="en"))
    assert error_type(analyze(MILD, "TOXICITY")) == "INVALID_REQUEST"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"doNotStor": True}, 'Unknown name "doNotStor": Cannot find field.'),
        ({"comment": {"text": "a", "lang": "en"}}, "Unknown name \"lang\" at 'comment': Cannot find field."),
        ({"comment": {"text": 5}}, "Invalid value at 'comment.text': must be a text."),
        ({"comment": []}, "Invalid value at 'comment'"),
        ({"requestedAttributes": ["TOXICITY"]}, "Invalid value at 'requestedAttributes'"),
        ({"requestedAttributes": {"TOXICITY": {"scoreThreshold": "high"}}}, "Invalid value at 'requestedAttributes.TO"),
        ({"spanAnnotations": "yes"}, "Invalid value at 'spanAnnotations'"),
        ({"languages": "en"}, "Invalid value at 'languages'"),
        ({"languages": ["not a language"]}, "Invalid value at 'languages.0'"),
        ({"clientToken": 7}, "Invalid value at 'clientToken'"),
    ],
)
def test_a_body_of_another_shape_is_refused_as_google_does(analyze, more, message):
    answer = analyze(MILD, "TOXICITY", **more)
    assert (answer.status_code, error_of(answer)["status"]) == (400, "INVALID_ARGUMENT")
    assert error_of(answer)["message"].startswith(f"Invalid JSON payload received. {message}")
    assert error_of(answer)["details"][0]["@type"] == "type.googleapis.com/google.rpc.BadRequest"


@pytest.mark.parametrize("path", [ANALYZE, SUGGEST])
def test_other_methods_and_parameters_are_refused(keyless, key, path):
    answer = keyless.get(f"{path}?key={key}")
    assert (answer.status_code, answer["Allow"], error_of(answer)["status"]) == (405, "POST", "UNIMPLEMENTED")
    assert error_of(keyless.post(f"{path}?key={key}&colour=red", {}))["message"].startswith('Unknown name "colour"')
    assert keyless.post(f"{path}?key={key}&alt=proto", {}).status_code == 400


def test_there_is_nothing_else_here(keyless, key):
    answer = keyless.post(f"/v1alpha1/comments:delete?key={key}", {})
    assert (answer.status_code, error_of(answer)["status"]) == (404, "NOT_FOUND")
