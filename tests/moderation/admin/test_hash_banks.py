"""Hash banks are kept in the console, with an audit entry for every change."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from moderation.detectors.images.hashes import sha256_of
from moderation.models import AuditEntry, HashBank, HashBankEntry
from tests.images import photo

pytestmark = pytest.mark.django_db
ADD = "admin:moderation_hashbankentry_add"


@pytest.fixture
def bank(db) -> HashBank:
    return HashBank.objects.create(name="known", action="block")


def add(client, bank, **fields):
    empty = {"sha256": "", "perceptual_hash": "", "note": ""}
    return client.post(reverse(ADD), {"bank": bank.pk, **empty, **fields})


def uploaded(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("anna.jpg", data)


def test_a_lead_makes_a_bank(signed_in, lead):
    fields = {"name": "logos", "action": "allow", "category": "nsfw_image", "max_distance": 4, "enabled": "on"}
    answer = signed_in(lead).post(reverse("admin:moderation_hashbank_add"), fields)
    assert answer.status_code == 302
    assert HashBank.objects.get().max_distance == 4
    assert AuditEntry.objects.get(action="hash_bank.added").actor == "user:lead"


def test_an_image_is_added_by_its_hashes_and_not_kept(signed_in, lead, bank):
    before = bank.updated_at
    assert add(signed_in(lead), bank, image=uploaded(photo())).status_code == 302
    entry = HashBankEntry.objects.get()
    bank.refresh_from_db()
    assert (entry.sha256, len(entry.perceptual_hash), entry.created_by) == (sha256_of(photo()), 16, "lead")
    assert bank.updated_at > before
    audit = AuditEntry.objects.get(action="hash_bank_entry.added")
    assert "anna" not in str(audit.data)


def test_a_hash_is_added_as_it_is_typed(signed_in, lead, bank):
    add(signed_in(lead), bank, perceptual_hash="00FF00FF00FF00FF", note="from another site")
    assert HashBankEntry.objects.get().perceptual_hash == "00ff00ff00ff00ff"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose an image, or type its SHA-256"),
        ({"sha256": "abc"}, "A SHA-256 is 64 digits"),
        ({"perceptual_hash": "xyz"}, "A perceptual hash is 16 digits"),
    ],
)
def test_a_bad_entry_is_refused_with_the_mend(signed_in, lead, bank, fields, words):
    answer = add(signed_in(lead), bank, **fields)
    assert words in answer.content.decode()
    assert not HashBankEntry.objects.exists()


def test_a_file_that_is_no_image_is_refused(signed_in, lead, bank):
    answer = add(signed_in(lead), bank, image=uploaded(b"<svg></svg>"))
    assert "SVG and other documents are not accepted" in answer.content.decode()
    assert "violated" not in answer.content.decode()


def test_the_same_image_twice_is_refused(signed_in, lead, bank):
    browser = signed_in(lead)
    add(browser, bank, image=uploaded(photo()))
    assert "already exists" in add(browser, bank, image=uploaded(photo())).content.decode()
    assert HashBankEntry.objects.count() == 1


def test_a_deleted_entry_is_out_of_force_at_once(signed_in, lead, bank):
    entry = HashBankEntry.objects.create(bank=bank, perceptual_hash="0" * 16, created_by="lead")
    before = bank.updated_at
    signed_in(lead).post(reverse("admin:moderation_hashbankentry_delete", args=[entry.pk]), {"post": "yes"})
    bank.refresh_from_db()
    assert bank.updated_at > before
    assert AuditEntry.objects.filter(action="hash_bank_entry.deleted").exists()


def test_a_moderator_looks_and_changes_nothing(signed_in, alice, bank):
    browser = signed_in(alice)
    assert browser.get(reverse("admin:moderation_hashbank_change", args=[bank.pk])).status_code == 200
    assert browser.get(reverse(ADD)).status_code == 403
