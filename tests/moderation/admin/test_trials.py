"""Test boxes of term lists and hash banks: what would be found, and nothing kept."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from moderation.media.banks import hashes_of
from moderation.models import AuditEntry, HashBank, HashBankEntry, MediaFile, TermList
from tests.images import photo

pytestmark = pytest.mark.django_db


def try_text(client, row, text: str) -> str:
    return client.post(reverse("admin:moderation_termlist_try", args=[row.pk]), {"text": text}).content.decode()


@pytest.fixture
def soups() -> TermList:
    return TermList.objects.create(name="soups", category="spam", terms=["cold soup", "borscht"], enabled=False)


def test_a_text_is_tried_and_the_entry_named(signed_in, lead, soups):
    page = try_text(signed_in(lead), soups, "No b0rscht <b>today</b>, c o l d soup")
    assert "<bdi>b0rscht</bdi></mark></td><td><bdi>borscht</bdi>" in page
    assert "<bdi>cold soup</bdi></td>" in page
    assert "switched off" in page
    assert not AuditEntry.objects.exists()


def test_a_domain_is_named_by_its_entry(signed_in, lead):
    row = TermList.objects.create(name="bad", kind="blocked_domains", category="url_risk", terms=["gnomes.example"])
    assert "<bdi>gnomes.example</bdi></td>" in try_text(signed_in(lead), row, "see www.gnomes.example/win")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Lovely salad", "It does not match."),
        ("", "This field is required."),
        ("x" * 20_001, "at most 20000 characters"),
    ],
)
def test_what_does_not_match_or_is_no_text_is_said(signed_in, lead, soups, text, words):
    assert words in try_text(signed_in(lead), soups, text)


def test_the_box_stands_on_the_page_of_whoever_may_see_the_list(signed_in, lead, charlie, soups):
    page = signed_in(lead).get(reverse("admin:moderation_termlist_change", args=[soups.pk]))
    assert "Test box" in page.content.decode()
    assert signed_in(charlie).post(reverse("admin:moderation_termlist_try", args=[soups.pk])).status_code == 403


def test_an_image_is_tried_and_not_kept(signed_in, lead):
    bank = HashBank.objects.create(name="known", action="block", max_distance=4)
    hashes = hashes_of(photo(seed=3))
    HashBankEntry.objects.create(bank=bank, perceptual_hash=hashes.perceptual, note="A bowl")
    address = reverse("admin:moderation_hashbank_try", args=[bank.pk])
    known, other = (
        signed_in(lead).post(address, {"image": SimpleUploadedFile("a.jpg", photo(seed=seed))}).content.decode()
        for seed in (3, 8)
    )
    assert ("The bank knows this image." in known, "A bowl" in known) == (True, True)
    assert "The nearest entry is further away than 4 bits." in other
    assert not MediaFile.objects.exists()


def test_what_is_no_image_is_named(signed_in, lead):
    bank = HashBank.objects.create(name="known", action="block")
    address = reverse("admin:moderation_hashbank_try", args=[bank.pk])
    page = signed_in(lead).post(address, {"image": SimpleUploadedFile("a.jpg", b"soup")}).content.decode()
    assert 'role="alert"' in page
