"""The playground: everything that is read of a text or an image, shown to whoever may ask, and nothing stored."""

from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from moderation import scoring
from moderation.admin.playground.groups import GROUPS
from moderation.detectors.worker import DetectorTimeout, DetectorWorker
from moderation.enums import Category
from moderation.in_force import apply_policy
from moderation.models import AuditEntry, Content, Decision, MediaFile, ModerationResult
from reviewengine import conf
from tests import factories
from tests.images import photo
from tests.moderation.admin.conftest import POLICY

INSULT = "You are a complete id1ot, Jan."
TRUSTING = """\
version: 1
policy: trusting
rules:
  - name: friends
    when: {author.trusted: true}
    then: approve
default: {then: review}
"""


@pytest.fixture
def page(signed_in, alice):
    """``page(text=...)`` is the playground as alice sees it after she has posted that."""
    client = signed_in(alice)

    def ask(**posted):
        return client.post(reverse("admin:playground"), {"text": "", **posted})

    return ask


def text_of(response) -> str:
    return unescape(response.content.decode())


def test_everything_that_was_read_is_shown(page):
    shown = text_of(page(text=f"{INSULT} Write to jan@example.com or win a FREE prize!!!"))
    assert "you are a complete <mark" in shown
    assert "idiot<span" in shown
    assert "language: English (identified)" in shown
    assert "[email]" in shown
    for title in ("Insult", "Toxicity", "Personal information", "Rules that held", "Versions that produced"):
        assert title in shown
    for name in ("default, version 1", "linear-", "pii-2"):
        assert name in shown


def test_the_decision_names_its_rule_and_its_threshold(page, policy_version):
    shown = page(text=INSULT, policy=str(policy_version.pk))
    verdict = shown.context["reading"].verdict
    assert (verdict.outcome, verdict.rule) == ("reject", "toxic")
    assert shown.context["reading"].deciding_rows[0].shown_threshold == "0.90"
    assert "quiet-town, version 1" in text_of(shown)


def test_a_version_that_is_not_in_force_can_judge(page, policy_version):
    apply_policy(source=POLICY.replace("0.9}", "0.99999}"), actor="user:lead")
    assert page(text=INSULT, policy=str(policy_version.pk)).context["reading"].verdict.outcome == "reject"


def test_what_is_known_of_the_author_counts(page):
    version, _ = apply_policy(source=TRUSTING, actor="user:lead")
    asked = {"text": "Good soup.", "policy": str(version.pk)}
    assert page(**asked).context["reading"].verdict.outcome == "review"
    shown = page(**asked, trust="trusted", prior_approvals="3", age_days="2.5")
    assert shown.context["reading"].verdict.rule == "friends"
    assert shown.context["reading"].question.author.prior_approvals == 3


def test_a_named_language_is_believed(page):
    reading = page(text="ok", language="de").context["reading"]
    assert reading.language == "German (declared)"
    assert "Toxicity" in reading.not_covered


def test_nothing_is_stored(page):
    page(text=INSULT, image=SimpleUploadedFile("soup.jpg", photo()))
    assert [model.objects.count() for model in (Content, ModerationResult, Decision, MediaFile)] == [0] * 4
    assert not AuditEntry.objects.exclude(action__startswith="policy.").exists()


def test_an_image_is_read_and_shown_covered(page):
    response = page(image=SimpleUploadedFile("soup.jpg", photo()))
    shown, reading = text_of(response), response.context["reading"]
    assert reading.report.scores["nsfw_image"] < 0.5
    assert 'class="veil veil-blur veil-grey"' in shown
    assert '<img src="data:image/jpeg;base64,' in shown
    assert "Perspective's request carries texts, not images." in shown
    assert "JPEG, 320 × 240" in shown


def test_hostile_text_is_inert(page):
    hostile = """</textarea><script>alert(1)</script>"'><img src=x onerror=alert(1)> {{ 7|add:7 }} \u202eevil"""
    raw = page(text=hostile, image=SimpleUploadedFile("<b>'x.jpg", photo())).content.decode()
    assert "<script>alert" not in raw
    assert "<img src=x" not in raw
    assert "<b>'x" not in raw
    assert "1</strong> hidden text direction character" in raw


@pytest.mark.parametrize(
    ("posted", "fault"),
    [
        ({"text": " \n "}, "Write a text, or choose an image."),
        ({"text": "a" * 50_001}, "The text may have 50,000 characters; this one has 50,001."),
        ({"text": "a\0b"}, "Null characters are not allowed."),
        ({"text": "a", "policy": "999999"}, "Select a valid choice."),
        ({"text": "a", "language": "<b>"}, "Select a valid choice."),
        ({"text": "a", "prior_rejections": "-1"}, "greater than or equal to 0"),
        ({"text": "a", "age_days": "inf"}, "Enter a number."),
        ({"text": "a", "image": SimpleUploadedFile("a.svg", b"<svg/>")}, "SVG and other documents are not accepted"),
        ({"image": SimpleUploadedFile("a.jpg", photo()[:500])}, "The file is damaged or ends early."),
    ],
)
def test_bad_input_gets_a_clear_error_and_keeps_what_was_typed(page, posted, fault):
    response = page(**posted)
    assert (response.status_code, response.context.get("reading")) == (400, None)
    assert fault in text_of(response)
    assert response.context["form"]["text"].value() == posted.get("text", "")


def test_what_is_far_too_large_is_refused_in_words(page, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = page(text="a" * 2000)
    assert (response.status_code, "paste a shorter text" in text_of(response)) == (413, True)


def test_an_image_that_is_too_large_is_refused(page, monkeypatch):
    options = conf.load()
    changed = options.model_copy(update={"images": options.images.model_copy(update={"max_bytes": 100})})
    monkeypatch.setattr(conf, "load", lambda: changed)
    response = page(text="a", image=SimpleUploadedFile("a.jpg", photo()))
    assert (response.status_code, "The image may have 100 bytes" in text_of(response)) == (400, True)


def test_line_breaks_count_once_and_blanks_stay(page):
    assert page(text="  a\r\nb ").context["reading"].question.text == "  a\nb "


def test_a_detector_that_is_too_slow_is_named(page, monkeypatch):
    def hang(self, call, seconds):
        raise DetectorTimeout

    monkeypatch.setattr(DetectorWorker, "run", hang)
    response = page(text=INSULT)
    assert response.context["reading"].verdict.outcome == "review"
    assert "it took too long; try again in a moment" in text_of(response)


def test_busy_detectors_are_told_and_keep_what_was_typed(page, monkeypatch):
    def refuse(texts, languages):
        raise scoring.Busy

    monkeypatch.setattr(scoring, "read_texts", refuse)
    response = page(text=INSULT)
    assert (response.status_code, response.context["form"]["text"].value()) == (503, INSULT)
    assert "The detectors are busy" in text_of(response)


def test_whoever_neither_reviews_nor_reads_policies_is_refused(signed_in, charlie, alice):
    address = reverse("admin:playground")
    assert signed_in(charlie).get(address).status_code == 403
    assert signed_in(charlie).post(address, {"text": "a"}).status_code == 403
    assert address not in signed_in(charlie).get(reverse("admin:index")).content.decode()
    assert address in signed_in(alice).get(reverse("admin:index")).content.decode()


def test_reading_policies_is_enough(signed_in, db):
    reader = factories.UserFactory(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_policy"))
    response = signed_in(reader).get(reverse("admin:playground"))
    assert (response.status_code, 'aria-current="page">Playground</a>' in text_of(response)) == (200, True)


def test_a_forged_post_is_refused(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.post(reverse("admin:playground"), {"text": "a"}).status_code == 403


def test_a_visitor_has_to_sign_in(client, db):
    response = client.post(reverse("admin:playground"), {"text": "a"})
    assert (response.status_code, response["Location"].startswith(reverse("admin:login"))) == (302, True)


def test_every_category_stands_in_one_group():
    assert sorted(name for _, names in GROUPS for name in names) == sorted(Category)
