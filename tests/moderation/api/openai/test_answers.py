"""What POST /v1/moderations answers: OpenAI's shape, and ours beside it."""

import base64

import pytest

from moderation.api.openai.categories import IMAGE_THRESHOLDS, NAMES, THRESHOLDS
from moderation.api.vendor_doors import ModelsOut, ModerationOut
from moderation.detectors.base import Detection, DetectionReport
from moderation.detectors.images.open_nsfw import OpenNsfwDetector
from moderation.enums import Category
from moderation.in_force import SHIPPED_POLICY, apply_policy, forget_standing
from moderation.models import Content, HashBank, HashBankEntry
from moderation.policy.loader import load_policy
from tests.images import photo

pytestmark = pytest.mark.django_db
MILD = "The soup was warm and the rain was loud."
RUDE = "You are a stupid idiot and everybody hates you."
GERMAN = "Der Regen war laut und die Suppe war warm, das Wetter war schlecht."

LENIENT = """
version: 1
policy: lenient
rules:
  - {name: spam, when: {category: spam, at_least: 0.9}, then: reject, reason: Advertising}
default: approve
"""


def data_url(data: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(data).decode()


def image_part(url: str) -> dict:
    return {"type": "image_url", "image_url": {"url": url}}


@pytest.fixture
def ask(api):
    """Sends an input and answers its results, which are as the description of the API says."""

    def send(given, **more) -> list[dict]:
        response = api.post("/v1/moderations", {"input": given, **more})
        assert response.status_code == 200, response.content
        ModerationOut.model_validate_json(response.content)
        return response.json()["results"]

    return send


@pytest.fixture
def image_score(monkeypatch):
    """Puts a score, or an exception, in the place of what the image detector answers."""

    def use(answer: float | Exception) -> None:
        def detect(self, picture):
            if isinstance(answer, Exception):
                raise answer
            return [Detection("nsfw_image", answer)]

        monkeypatch.setattr(OpenNsfwDetector, "detect", detect)

    return use


def test_a_text_has_one_result_with_the_thirteen_categories(api):
    body = api.post("/v1/moderations", {"input": RUDE, "model": "omni-moderation-latest"}).json()
    assert sorted(body) == ["id", "model", "results"]
    assert (body["id"][:5], body["model"]) == ("modr-", "review-engine")
    (result,) = body["results"]
    assert set(result["categories"]) == set(result["category_scores"]) == set(NAMES)
    assert len(NAMES) == 13
    assert (result["flagged"], result["categories"]["harassment"]) == (True, True)
    assert result["category_applied_input_types"] == {name: ["text"] for name in NAMES}


def test_nothing_is_stored(ask):
    ask([MILD, RUDE])
    assert Content.objects.count() == 0


def test_each_of_several_texts_has_a_result_in_order(ask):
    assert [result["flagged"] for result in ask([MILD, RUDE, MILD])] == [False, True, False]


def test_our_own_member_says_what_theirs_have_no_place_for(ask):
    (result,) = ask(MILD)
    ours = result["review_engine"]
    assert sorted(ours) == ["any_harm", "decision", "language", "not_covered", "rule", "scores"]
    assert (ours["decision"], ours["rule"], ours["language"]) == ("approve", "default", "en")
    assert 0 <= ours["any_harm"] == ours["scores"]["any_harm"] < 0.5
    assert ours["not_covered"] == ["nsfw_image"]
    assert set(ours["scores"]) | set(ours["not_covered"]) == set(Category.values)


def test_a_language_that_nobody_reads_is_flagged_and_said(ask):
    (result,) = ask(GERMAN)
    assert result["flagged"] is True
    assert (result["category_scores"]["hate"], result["categories"]["hate"]) == (0.0, False)
    assert result["category_applied_input_types"]["hate"] == []
    ours = result["review_engine"]
    assert (ours["decision"], ours["rule"], ours["language"]) == ("review", "unsupported-language", "de")
    assert set(NAMES) <= set(ours["not_covered"])
    assert ours["any_harm"] is None


def test_a_detector_that_fails_is_flagged_and_its_categories_are_named(ask, panel_that):
    report = DetectionReport(scores={"spam": 0.1}, unavailable=frozenset(NAMES), failures={"text": "timeout"})
    panel_that(lambda text: report)
    (result,) = ask(MILD)
    assert (result["flagged"], result["review_engine"]["decision"]) == (True, "review")
    assert set(NAMES) <= set(result["review_engine"]["not_covered"])
    assert result["category_applied_input_types"]["violence"] == []


def test_what_the_policy_rejects_is_flagged_without_any_category(ask, panel_that):
    scores = dict.fromkeys(Category.values, 0.0) | {"spam": 0.99}
    panel_that(lambda text: DetectionReport(scores=scores))
    (result,) = ask(MILD)
    assert (result["flagged"], any(result["categories"].values())) == (True, False)
    assert (result["review_engine"]["decision"], result["review_engine"]["rule"]) == ("reject", "obvious-spam")


def test_a_category_is_flagged_where_the_own_policy_approves(ask, platform, panel_that):
    version, _ = apply_policy(source=LENIENT, actor="user:lead")
    platform.policy = version.policy
    platform.save()
    forget_standing()
    panel_that(lambda text: DetectionReport(scores=dict.fromkeys(Category.values, 0.0) | {"hate": 0.5}))
    (result,) = ask(MILD)
    assert (result["flagged"], result["review_engine"]["decision"]) == (True, "approve")
    assert [name for name, is_there in result["categories"].items() if is_there] == ["hate"]


@pytest.mark.parametrize("category", NAMES)
def test_a_category_is_true_from_its_threshold_on(ask, panel_that, category):
    least = THRESHOLDS[category]
    for score, is_there in ((least, True), (least - 0.0001, False)):
        scores = dict.fromkeys(Category.values, 0.0) | {category: score}
        panel_that(lambda text, scores=scores: DetectionReport(scores=scores))
        (result,) = ask(MILD)
        assert (result["categories"][category], result["category_scores"][category]) == (is_there, round(score, 4))


def test_the_thresholds_are_those_of_the_shipped_policy():
    policy = load_policy(SHIPPED_POLICY.read_text(), name="shipped")
    review: dict[str, float] = {}
    for rule in policy.rules:
        if rule.name == "known-offenders" or rule.effect.outcome != "review" or rule.when is None:
            continue
        for leaf in rule.when.leaves:
            if leaf.category and leaf.threshold is not None:
                review[leaf.category] = min(leaf.threshold, review.get(leaf.category, 1.0))
    assert {name: review[name] for name in NAMES} == THRESHOLDS
    assert dict(IMAGE_THRESHOLDS["sexual"])["nsfw_image"] == review["nsfw_image"]


def test_the_older_models_know_eleven_categories(ask):
    (result,) = ask(RUDE, model="text-moderation-stable")
    assert sorted(set(NAMES) - set(result["categories"])) == ["illicit", "illicit/violent"]
    assert len(result["category_scores"]) == 11
    assert "category_applied_input_types" not in result
    assert result["flagged"] is True


def test_any_other_name_of_a_model_is_taken(api):
    assert api.post("/v1/moderations", {"input": MILD, "model": "whatever-7b"}).json()["model"] == "review-engine"


def test_an_item_of_text_and_image_has_one_result(ask, image_score):
    image_score(0.6)
    (result,) = ask([{"type": "text", "text": MILD}, image_part(data_url(photo()))])
    assert (result["categories"]["sexual"], result["category_scores"]["sexual"]) == (True, 0.6)
    assert result["category_applied_input_types"]["sexual"] == ["text", "image"]
    assert result["category_applied_input_types"]["violence"] == ["text"]
    assert result["review_engine"]["rule"] == "suggestive-image"
    assert result["review_engine"]["not_covered"] == []


def test_an_image_alone_was_not_read_as_text(ask, image_score):
    image_score(0.1)
    (result,) = ask([image_part(data_url(photo()))])
    applied = result["category_applied_input_types"]
    assert {name: kinds for name, kinds in applied.items() if kinds} == {"sexual": ["image"]}
    assert (result["flagged"], result["category_scores"]["sexual"]) == (False, 0.1)


def test_an_image_that_cannot_be_read_is_flagged(ask, image_score):
    image_score(RuntimeError("no memory"))
    (result,) = ask([{"type": "text", "text": MILD}, image_part(data_url(photo()))])
    assert (result["flagged"], result["review_engine"]["decision"]) == (True, "review")
    assert result["review_engine"]["not_covered"] == ["nsfw_image"]
    assert result["category_applied_input_types"]["sexual"] == ["text"]


def test_an_image_that_a_bank_blocks_is_flagged(ask, image_score):
    from moderation.detectors.images.hashes import sha256_of

    image_score(0.0)
    bank = HashBank.objects.create(name="known", category="violence", action="block")
    HashBankEntry.objects.create(bank=bank, sha256=sha256_of(photo()), created_by="lead")
    (result,) = ask([image_part(data_url(photo()))])
    assert (result["category_scores"]["violence"], result["category_applied_input_types"]["violence"]) == (1, ["image"])
    assert (result["review_engine"]["decision"], result["review_engine"]["rule"]) == ("reject", "blocked-image")


def test_several_texts_of_an_item_are_read_as_one(ask, panel_that):
    seen = []
    panel_that(lambda text: seen.append(text) or DetectionReport(scores=dict.fromkeys(Category.values, 0.0)))
    assert len(ask([{"type": "text", "text": "One."}, {"type": "text", "text": "Two."}])) == 1
    assert seen == ["One.\nTwo."]


def test_the_models_are_listed_and_found(api):
    listed = api.get("/v1/models").json()
    ModelsOut.model_validate(listed)
    assert listed["object"] == "list"
    assert [model["id"] for model in listed["data"]][:2] == ["review-engine", "omni-moderation-latest"]
    assert api.get("/v1/models/omni-moderation-latest").json() == listed["data"][1]
    assert set(listed["data"][0]) == {"id", "object", "created", "owned_by"}
