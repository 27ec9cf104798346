"""Hash banks over the API: one writer with the console, entries by hash or image, and the next batch sees them."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from moderation.detectors.images.hashes import sha256_of
from moderation.in_force import hash_banks
from moderation.media.store import keep_image
from moderation.models import ApiKey, AuditEntry, HashBank, HashBankEntry
from tests.images import photo

pytestmark = pytest.mark.django_db
BANKS = "/api/v1/hash-banks"
SAME_FILE = "ab" * 32


@pytest.fixture
def bank(db) -> HashBank:
    return HashBank.objects.create(name="known", action="block")


def upload(api, data: bytes):
    file = SimpleUploadedFile("anna.jpg", data)
    return api.client.post(f"{BANKS}/known/entries", {"file": file}, headers=api.headers)


def test_a_bank_is_made_and_read(api, platform):
    answer = api.post(BANKS, {"name": "logos", "action": "allow", "max_distance": 4})
    assert (answer.status_code, answer["Location"]) == (201, "/api/v1/hash-banks/logos")
    assert (answer.json()["category"], answer.json()["entry_count"]) == ("nsfw_image", 0)
    again = api.get(f"{BANKS}/logos")
    assert (again.json(), again["ETag"]) == (answer.json(), answer["ETag"])
    assert AuditEntry.objects.get().actor == f"key:{ApiKey.objects.get(client=platform).prefix}"


def test_banks_are_for_the_whole_site(api_of, stranger, bank):
    other = api_of(ApiKey.issue(client=stranger, scopes=["lists:read"]))
    assert [row["name"] for row in other.get(BANKS, action="block").json()["results"]] == ["known"]
    assert other.get(BANKS, enabled="false").json()["results"] == []


def test_a_name_is_given_once(api, bank):
    answer = api.post(BANKS, {"name": "known"})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_a_change_needs_the_state_that_was_read(api, bank):
    tag = api.get(f"{BANKS}/known")["ETag"]
    assert api.post(f"{BANKS}/known/entries", {"sha256": SAME_FILE}).status_code == 201
    late = api.patch(f"{BANKS}/known", {"enabled": False}, **{"If-Match": tag})
    assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")
    assert api.delete(f"{BANKS}/known", **{"If-Match": tag}).status_code == 412
    assert HashBank.objects.get().enabled


def test_a_change_is_written_down_with_what_was(api, bank):
    changed = api.patch(f"{BANKS}/known", {"action": "review", "max_distance": 6}).json()
    assert changed["action"] == "review"
    assert AuditEntry.objects.get().data == {"name": "known", "changes": {"action": ["block", "review"]}}
    api.patch(f"{BANKS}/known", {"action": "review"})
    assert AuditEntry.objects.count() == 1


def test_an_entry_by_hashes_is_kept_once(api, bank):
    body = {"sha256": SAME_FILE.upper(), "perceptual_hash": "00FF00FF00FF00FF", "note": "seen before"}
    first, again = api.post(f"{BANKS}/known/entries", body), api.post(f"{BANKS}/known/entries", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert (first.json()["sha256"], first.json()["perceptual_hash"]) == (SAME_FILE, "00ff00ff00ff00ff")
    assert api.get(first["Location"]).json() == first.json()
    assert AuditEntry.objects.filter(action="hash_bank_entry.added").count() == 1


def test_an_entry_by_an_uploaded_image_keeps_its_hashes_alone(api, bank):
    made = upload(api, photo())
    assert (made.status_code, made.json()["sha256"], len(made.json()["perceptual_hash"])) == (
        201,
        sha256_of(photo()),
        16,
    )
    assert "anna" not in str(AuditEntry.objects.get().data)


def test_an_upload_that_is_no_image_is_refused(api, bank):
    answer = upload(api, b"<svg></svg>")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "vector_image")
    assert not HashBankEntry.objects.exists()


def test_an_entry_by_an_image_of_the_clients_own(api, bank, platform, stranger):
    own, foreign = (keep_image(client_id=client.pk, data=photo(seed=n)) for n, client in ((1, platform), (2, stranger)))
    made = api.post(f"{BANKS}/known/entries", {"media_id": str(own.pk)})
    assert (made.status_code, made.json()["sha256"]) == (201, own.sha256)
    answers = [api.post(f"{BANKS}/known/entries", {"media_id": str(one)}) for one in (foreign.pk, uuid4())]
    assert {answer.json()["errors"][0]["pointer"] for answer in answers} == {"/media_id"}
    assert HashBankEntry.objects.count() == 1


def test_entries_are_paged_and_found_by_hash(api, bank):
    for n in range(3):
        api.post(f"{BANKS}/known/entries", {"perceptual_hash": f"{n:016x}"})
    first = api.get(f"{BANKS}/known/entries", limit=2).json()
    assert [row["perceptual_hash"][-1] for row in first["results"]] == ["2", "1"]
    assert [row["perceptual_hash"][-1] for row in api.get(first["next"]).json()["results"]] == ["0"]
    (found,) = api.get(f"{BANKS}/known/entries", perceptual_hash=f"{1:016x}").json()["results"]
    assert (found["sha256"], found["perceptual_hash"][-1]) == (None, "1")


def test_the_next_batch_sees_what_comes_and_goes(api, bank):
    def is_known():
        return bool(hash_banks().hits(sha256=SAME_FILE, perceptual=""))

    assert not is_known()
    entry = api.post(f"{BANKS}/known/entries", {"sha256": SAME_FILE}).json()
    assert is_known()
    api.patch(f"{BANKS}/known", {"enabled": False})
    assert not is_known()
    api.patch(f"{BANKS}/known", {"enabled": True})
    assert is_known()
    assert api.delete(f"{BANKS}/known/entries/{entry['id']}").status_code == 204
    assert not is_known()


def test_a_bank_is_deleted_with_its_entries(api, bank):
    api.post(f"{BANKS}/known/entries", {"sha256": SAME_FILE})
    assert api.delete(f"{BANKS}/known").status_code == 204
    assert (HashBank.objects.count(), HashBankEntry.objects.count()) == (0, 0)
    assert AuditEntry.objects.get(action="hash_bank.deleted").data == {"name": "known", "entries": 1}


def test_absent_is_absent(api, bank):
    other = HashBank.objects.create(name="other")
    entry = HashBankEntry.objects.create(bank=other, sha256=SAME_FILE, created_by="lead")
    entries = f"{BANKS}/known/entries"
    for answer in (
        api.get(f"{BANKS}/none"),
        api.patch(f"{BANKS}/none", {"enabled": True}),
        api.delete(f"{BANKS}/none"),
        api.post(f"{BANKS}/none/entries", {"sha256": SAME_FILE}),
        *(api.delete(f"{entries}/{one}") for one in (entry.pk, 9**17, "9" * 30, "x", "٣", "%00")),
        api.get(f"{BANKS}/a%00b"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_scopes_are_asked_for(api_of, platform, bank):
    reader = api_of(ApiKey.issue(client=platform, scopes=["lists:read"]))
    writer = api_of(ApiKey.issue(client=platform, scopes=["lists:write"]))
    for answer in (writer.get(BANKS), writer.get(f"{BANKS}/known/entries")):
        assert answer.json()["detail"] == "This needs the scope 'lists:read'."
    for answer in (reader.post(BANKS, {}), reader.delete(f"{BANKS}/known"), upload(reader, photo())):
        assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")


@pytest.mark.parametrize(
    "body",
    [
        b"\xff",
        b'{"note": "\\ud800"}',
        b"[" * 5000,
        {},
        {"note": "only words"},
        {"sha256": "abc"},
        {"sha256": SAME_FILE + "\n"},
        {"perceptual_hash": 5},
        {"sha256": SAME_FILE, "media_id": str(uuid4())},
        {"media_id": "x"},
        {"sha256": SAME_FILE, "note": "a\x00b"},
        {"sha256": SAME_FILE, "extra": 1},
        {"name": "x", "max_distance": 25},
        {"name": "x", "action": "burn"},
        {"name": "x y"},
    ],
)
def test_bad_bodies_are_refused_and_change_nothing(api, bank, body):
    for answer in (api.post(BANKS, body), api.patch(f"{BANKS}/known", body), api.post(f"{BANKS}/known/entries", body)):
        assert answer.status_code in (400, 422)
    assert (HashBank.objects.count(), HashBankEntry.objects.count()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_the_same_entry_at_once_is_kept_once(api):
    HashBank.objects.create(name="known")

    def add(_):
        try:
            return api.post(f"{BANKS}/known/entries", {"sha256": SAME_FILE}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(add, range(8))) == [200] * 7 + [201]


@pytest.mark.django_db(transaction=True)
def test_the_same_bank_at_once_is_made_once(api):
    def make(_):
        try:
            return api.post(BANKS, {"name": "known"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(make, range(8))) == [201] + [409] * 7


def test_an_image_for_a_bank_is_decoded_on_a_seat(api, bank, all_seats_taken):
    answer = upload(api, photo())
    assert (answer.status_code, answer.json()["code"]) == (503, "temporary")
    assert api.post(f"{BANKS}/known/entries", {"sha256": SAME_FILE}).status_code == 201
