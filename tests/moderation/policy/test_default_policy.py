"""The shipped default policy keeps its promises."""

from pathlib import Path

import pytest

from moderation.enums import Category, Outcome
from moderation.policy.engine import evaluate
from moderation.policy.facts import AuthorFacts, Facts
from moderation.policy.loader import load_policy
from reviewengine.conf import CONFIG_DIR
from tests.moderation.policy.builders import read

SOURCE = Path(CONFIG_DIR / "policies" / "default.yml").read_text(encoding="utf-8")
SELF_HARM = ["self-harm", "self-harm/intent", "self-harm/instructions"]


@pytest.fixture(scope="module")
def default():
    return load_policy(SOURCE, name="default.yml")


def test_it_loads_without_a_warning(default):
    assert (default.slug, default.warnings) == ("default", ())


def test_it_uses_the_five_queues_that_exist(default):
    assert default.queues == {"general", "hate", "self-harm", "child-safety", "spam"}


def test_only_blocked_images_spam_and_sexual_are_ever_rejected(default):
    rejecting = [rule.needs for rule in default.rules if rule.effect.outcome is Outcome.REJECT]
    assert rejecting == [{"hash_banks"}, {"spam"}, {"sexual"}]


def test_harmless_text_is_approved(default):
    assert evaluate(default, read(text="See you at noon")).outcome == "approve"


@pytest.mark.parametrize("category", SELF_HARM)
def test_self_harm_goes_to_the_support_queue_even_when_it_reads_as_spam(default, category):
    verdict = evaluate(default, read({category: 0.9, "spam": 1.0, "sexual": 1.0}))
    assert (verdict.outcome, verdict.queue) == ("review", "self-harm")


def test_minors_come_first_of_all(default):
    verdict = evaluate(default, read(dict.fromkeys(Category.values, 1.0)))
    assert (verdict.outcome, verdict.queue, verdict.priority) == ("review", "child-safety", 100)


def test_certain_spam_is_rejected_but_not_of_a_trusted_author(default):
    spam = {"spam": 0.999}
    assert evaluate(default, read(spam)).rule == "obvious-spam"
    assert evaluate(default, read(spam, author=AuthorFacts(trust="trusted"))).outcome == "approve"


@pytest.mark.parametrize("category", ["hate", "harassment", "violence", "threat", "toxicity", "url_risk", "illicit"])
def test_other_harm_goes_to_a_person_and_is_never_rejected(default, category):
    assert evaluate(default, read({category: 1.0})).outcome == "review"


def test_a_weaker_sign_is_enough_for_a_known_offender(default):
    facts = read({"toxicity": 0.6}, author=AuthorFacts(prior_rejections=3))
    assert evaluate(default, facts).rule == "known-offenders"
    assert evaluate(default, read({"toxicity": 0.6}, author=AuthorFacts())).outcome == "approve"


def test_nothing_of_a_suspended_author_passes_unseen_and_what_is_worse_is_told_as_that(default):
    suspended = AuthorFacts(suspended=True)
    assert evaluate(default, read(author=suspended)).rule == "suspended-author"
    assert evaluate(default, read({"spam": 0.99}, author=suspended)).outcome == "reject"
    assert evaluate(default, read({"threat": 0.9}, author=suspended)).rule == "threats"


@pytest.mark.parametrize(("language", "outcome"), [("de", "review"), ("en-GB", "approve"), ("", "approve")])
def test_a_language_no_detector_reads_goes_to_a_person(default, language, outcome):
    assert evaluate(default, read(language=language)).outcome == outcome


def test_an_outage_of_every_detector_approves_nothing(default):
    verdict = evaluate(default, read(unavailable=frozenset(Category.values)))
    assert (verdict.outcome, verdict.queue, verdict.priority) == ("review", "general", 40)


def test_images_go_to_a_person_the_surest_first(default):
    explicit, suggestive = (evaluate(default, read({"nsfw_image": score})) for score in (0.9, 0.6))
    assert (explicit.rule, explicit.priority) == ("explicit-image", 60)
    assert (suggestive.rule, suggestive.priority) == ("suggestive-image", 40)


def test_an_image_that_nobody_could_look_at_goes_to_a_person(default):
    scores = dict.fromkeys(set(Category.values) - {"nsfw_image"}, 0.0)
    verdict = evaluate(default, Facts(scores, frozenset({"nsfw_image"}), hash_banks=None))
    assert verdict.outcome == "review"
    assert {reason.category for reason in verdict.reasons} == {"nsfw_image", "hash_banks"}


@pytest.mark.parametrize(("action", "outcome"), [("block", "reject"), ("review", "review"), ("allow", "approve")])
def test_a_known_image_is_dealt_with_as_its_bank_says(default, action, outcome):
    assert evaluate(default, read(hash_banks={"known": action})).outcome == outcome
