"""The policy's answer in words, and scores against their thresholds."""

from moderation.admin.categories import category_title
from moderation.admin.readings import Ground, ScoreRow, readings_of
from moderation.models import ModerationResult, RejectionReason
from moderation.review.reasons import fitting_reason

REASONS = [RejectionReason(label="ads", text="Advertising", categories=["spam"])]


def _result(**facts) -> ModerationResult:
    return ModerationResult(**{"rule": "harassment", "reasons": [], "scores": {}, "matches": []} | facts)


def _reason(message, category="", score=None, threshold=None):
    return {"message": message, "category": category, "score": score, "threshold": threshold}


def _match(rule, *readings):
    keys = ("condition", "category", "score", "threshold")
    return {"rule": rule, "outcome": "review", "readings": [dict(zip(keys, r, strict=True)) for r in readings]}


def test_categories_read_as_words():
    titles = [category_title(name) for name in ("harassment/threatening", "severe_toxicity", "pii")]
    assert titles == ["Harassment: threatening", "Severe toxicity", "Personal information"]


def test_ground_names_the_message_once_with_the_rules_conditions():
    conditions = [("harassment at least 0.85", "harassment", 0.912, 0.85), ("has_url is true", "", None, None)]
    reasons = [_reason("Rude", "harassment", 0.912, 0.85), _reason("Rude", "insult", 0.9, 0.85)]
    readings = readings_of(_result(reasons=reasons, matches=[_match("harassment", *conditions)]))
    assert readings.grounds == [Ground("Rude", ("harassment at least 0.85: 0.91", "has_url is true"))]


def test_missing_readings_are_named():
    reasons = [_reason("A reading is missing", "hate"), _reason("A reading is missing", "spam")]
    readings = readings_of(_result(reasons=reasons))
    assert readings.grounds == [Ground("A reading is missing", ("no reading of Hate", "no reading of Spam"))]


def test_unsupported_language_is_named():
    result = _result(rule="unsupported-language", language="es", reasons=[_reason("No detector reads this language")])
    assert readings_of(result).grounds == [Ground("Written in Spanish, which no detector reads", ())]


def test_unsupported_language_without_a_name_keeps_the_words_of_the_policy():
    result = _result(rule="unsupported-language", reasons=[_reason("No detector reads this language")])
    assert readings_of(result).grounds == [Ground("No detector reads this language", ())]


def test_other_rules_that_matched_are_named():
    assert readings_of(_result(matches=[_match("harassment"), _match("insults")])).other_rules == ["insults"]


def test_scores_that_reached_a_threshold_come_first_then_those_asked_about():
    matches = [_match("insults", ("insult at least 0.95", "insult", 0.5, 0.95))]
    reasons = [_reason("Rude", "harassment", 0.6, 0.6)]
    scores = {"spam": 0.99, "insult": 0.5, "harassment": 0.6}
    readings = readings_of(_result(scores=scores, matches=matches, reasons=reasons))
    assert readings.scores == [
        ScoreRow("Harassment", 0.6, 0.6),
        ScoreRow("Insult", 0.5, 0.95),
        ScoreRow("Spam", 0.99, None),
    ]
    assert [row.reached for row in readings.scores] == [True, False, False]


def test_low_scores_are_folded_away():
    scores = {f"category-{n}": n / 100 for n in range(12)}
    readings = readings_of(_result(scores=scores))
    assert (len(readings.scores), len(readings.more_scores)) == (5, 7)
    assert readings.scores[0].shown_score == "0.11"


def test_reason_that_fits_the_rule_is_offered():
    assert fitting_reason(_result(reasons=[_reason("Ads", "spam", 0.9, 0.7)]), REASONS) == "ads"


def test_no_reason_is_offered_for_a_missing_reading_or_without_result():
    assert fitting_reason(_result(reasons=[_reason("A reading is missing", "spam")]), REASONS) == ""
    assert fitting_reason(None, REASONS) == ""


def test_what_was_not_read_of_a_content_without_text_is_left_out():
    result = _result(scores={"spam": 0.0, "nsfw_image": 0.0, "sexual": 0.2})
    titles = [row.title for row in readings_of(result, read={"nsfw_image"}).scores]
    assert titles == [category_title("sexual"), category_title("nsfw_image")]
