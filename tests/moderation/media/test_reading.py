"""Images are read beside the text, and what cannot be read goes to a person with the reason."""

from unittest.mock import Mock

import pytest
from django.db import OperationalError

from moderation.detectors.base import Detection
from moderation.detectors.images.open_nsfw import OpenNsfwDetector
from moderation.media import reading
from moderation.media.reading import read_images
from moderation.media.store import media_storage
from moderation.models import ContentMedia, HashBank, HashBankEntry, ModerationResult
from moderation.pipeline import drain, moderate_now
from tests.images import encoded, pattern, photo
from tests.moderation.media.senders import Sender, claim_length, redirect

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender(configure_images):
    configure_images(fetch__allow_networks=["127.0.0.0/8"])
    running = Sender()
    yield running
    running.down()


@pytest.fixture
def image_scores(monkeypatch):
    """Puts what the image detector answers in its place: scores in their order, or an exception."""

    def use(*answers: float | Exception) -> None:
        left = list(answers)

        def detect(self, picture):
            answer = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(answer, Exception):
                raise answer
            return [Detection("nsfw_image", answer)]

        monkeypatch.setattr(OpenNsfwDetector, "detect", detect)

    return use


def bank(action: str, file, **more) -> HashBank:
    made = HashBank.objects.create(name=f"known-{action}", action=action, **more)
    HashBankEntry.objects.create(bank=made, perceptual_hash=file.perceptual_hash, created_by="lead")
    return made


def moderated(content) -> ModerationResult:
    drain()
    content.refresh_from_db()
    return ModerationResult.objects.get(content=content, content_version=content.version)


def test_a_harmless_image_is_scored_and_approved(kept, content_with):
    content = content_with(kept())
    result = moderated(content)
    media = ContentMedia.objects.get()
    assert content.decision == "approve"
    assert result.scores["nsfw_image"] == media.scores["nsfw_image"] < 0.2
    assert "open_nsfw" in result.detectors
    assert "nsfw_image" not in result.not_covered


def test_an_image_without_text_is_enough(kept, content_with):
    assert moderated(content_with(kept(), text="")).outcome == "approve"


def test_a_web_process_leaves_images_to_the_workers(kept, content_with):
    content = content_with(kept())
    moderate_now(content_id=content.pk, wait_seconds=0.01)
    content.refresh_from_db()
    assert (content.status, content.attempts) == ("pending", 0)


def test_text_alone_has_no_image_score(content_with):
    result = moderated(content_with())
    assert "nsfw_image" not in result.scores
    assert "nsfw_image" in result.not_covered


def test_the_worst_image_counts(kept, content_with, image_scores):
    image_scores(0.1, 0.9)
    content = content_with(kept(photo(1)), kept(photo(2)))
    result = moderated(content)
    assert (result.rule, result.scores["nsfw_image"]) == ("explicit-image", 0.9)
    assert [media.scores for media in content.media.order_by("position")] == [{"nsfw_image": 0.1}, {"nsfw_image": 0.9}]


def test_a_detector_that_breaks_sends_the_content_to_a_person(kept, content_with, image_scores):
    image_scores(RuntimeError("words of the picture"))
    result = moderated(content_with(kept()))
    assert (result.outcome, result.failures) == ("review", {"open_nsfw": "RuntimeError"})
    assert [(reason["code"], reason["category"]) for reason in result.reasons] == [
        ("reading_unavailable", "nsfw_image")
    ]


def test_a_lost_copy_sends_the_content_to_a_person(kept, content_with):
    file = kept()
    content = content_with(file)
    media_storage().delete(file.copy_name)
    assert moderated(content).outcome == "review"
    assert ContentMedia.objects.get().fault == "copy_lost"


def test_an_address_is_fetched_kept_and_scored(content_with, sender):
    sender.plan["/image"] = encoded(pattern(), "PNG")
    content = content_with(sender.url())
    assert moderated(content).outcome == "approve"
    media = content.media.get()
    assert (media.file.format, media.file.width, media.fault) == ("png", 320, "")


@pytest.mark.parametrize(
    ("body", "fault"),
    [(None, "status_4xx"), (b"<svg onload=alert(1)>", "vector_image"), (photo()[:-900], "broken_image")],
)
def test_an_address_without_an_image_sends_the_content_to_a_person(content_with, sender, body, fault):
    if body:
        sender.plan["/image"] = body
    content = content_with(sender.url())
    result = moderated(content)
    assert (result.outcome, result.failures["images"], content.media.get().fault) == ("review", fault, fault)


@pytest.mark.parametrize(
    ("behaviour", "fault"), [(claim_length("abc"), "not_http"), (redirect("http://["), "address_refused")]
)
def test_a_malformed_header_keeps_no_text_from_being_judged(content_with, sender, behaviour, fault):
    sender.plan["/image"] = behaviour
    content = content_with(sender.url(), text="You are a stupid idiot and nobody likes you.")
    result = moderated(content)
    assert (content.media.get().fault, content.attempts) == (fault, 1)
    assert result.scores["toxicity"] > 0.5
    assert result.failures == {"images": fault}


def raising(*_: object, **__: object) -> None:
    raise LookupError("words of the image")


@pytest.mark.parametrize("place", ["fetch_image", "keep_image", "read_copy"])
def test_whatever_breaks_over_an_image_is_the_fault_of_that_image(content_with, sender, monkeypatch, place):
    sender.plan["/image"] = photo()
    monkeypatch.setattr(reading, place, raising)
    content = content_with(sender.url())
    result = moderated(content)
    assert (content.media.get().fault, result.outcome) == ("LookupError", "review")
    assert result.failures == {"images": "LookupError"}
    assert "toxicity" in result.scores


def test_a_database_that_fails_is_no_fault_of_an_image(content_with, sender, monkeypatch):
    sender.plan["/image"] = photo()
    monkeypatch.setattr(reading, "keep_image", Mock(side_effect=OperationalError))
    with pytest.raises(OperationalError):
        read_images([content_with(sender.url())])


def test_without_a_bank_it_is_known_that_none_knows_the_image(content_with, sender):
    result = moderated(content_with(sender.url("/missing")))
    assert result.rule == "explicit-image"
    assert [(reason["code"], reason["category"]) for reason in result.reasons] == [
        ("reading_unavailable", "nsfw_image")
    ]


def test_with_a_bank_nobody_knows_whether_it_knows_the_image(kept, content_with, sender):
    bank("block", kept(photo(5)))
    result = moderated(content_with(sender.url("/missing")))
    assert result.failures == {"images": "status_4xx", "hash_banks": "no image"}
    assert "hash_banks" in [reason["category"] for reason in result.reasons]


def test_an_address_on_this_machine_is_never_asked(content_with):
    running = Sender()
    content = content_with(running.url())
    result = moderated(content)
    running.down()
    assert (result.outcome, content.media.get().fault) == ("review", "address_refused")
    assert running.asked == []


def test_one_bad_address_spoils_no_neighbour(kept, content_with, sender):
    bad, good = content_with(sender.url("/missing")), content_with(kept())
    drain()
    for content in (bad, good):
        content.refresh_from_db()
    assert (bad.decision, good.decision) == ("review", "approve")


def test_a_blocked_image_is_rejected_and_explained(kept, content_with):
    file = kept(photo(5))
    bank("block", file)
    result = moderated(content_with(kept(photo(5, quality=40))))
    assert (result.outcome, result.rule, result.scores["nsfw_image"]) == ("reject", "blocked-image", 1.0)
    assert result.evidence[0] == {
        "category": "nsfw_image", "start": 0, "end": 0, "detector": "hash_banks", "detail": "block:known-block"
    }  # fmt: skip
    (hit,) = ContentMedia.objects.get().hits
    assert (hit["bank"], hit["distance"] <= 6) == ("known-block", True)


def test_an_image_to_be_reviewed_goes_to_a_person(kept, content_with):
    file = kept(photo(5))
    bank("review", file)
    assert moderated(content_with(file)).rule == "known-image"


def test_an_allowed_image_is_harmless_whatever_the_model_says(kept, content_with, image_scores):
    image_scores(0.97)
    file = kept(photo(5))
    bank("allow", file)
    result = moderated(content_with(file))
    assert (result.outcome, result.scores["nsfw_image"]) == ("approve", 0.0)


def test_a_bank_is_in_force_with_the_next_batch_and_out_when_disabled(kept, content_with):
    file = kept(photo(5))
    assert moderated(content_with(file)).outcome == "approve"
    made = bank("block", file)
    assert moderated(content_with(file)).outcome == "reject"
    HashBank.objects.filter(pk=made.pk).update(enabled=False)
    assert moderated(content_with(file)).outcome == "approve"
