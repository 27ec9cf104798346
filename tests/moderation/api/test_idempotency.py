"""Idempotency-Key: one effect, and the same answer as often as it is asked for."""

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from moderation.api import idempotency
from moderation.api.errors import Problem
from moderation.enums import Scope
from moderation.models import ApiKey, Content, IdempotencyRecord
from moderation.retention import clean_up
from tests.reviewengine.backups.addresses import url_of

pytestmark = pytest.mark.django_db
ITEM = {"external_id": "c1", "text": "The soup was warm."}
PATH = "/api/v1/content"
KEY = {"Idempotency-Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}


def post(api, body=None, path: str = PATH, **headers):
    return api.post(path, ITEM if body is None else body, **{**KEY, **headers})


def test_a_repeated_request_is_given_the_first_answer(api):
    first = post(api)
    second = post(api)
    assert (first.status_code, "Idempotency-Replayed" in first) == (202, False)
    assert (second.status_code, second.content, second["Idempotency-Replayed"]) == (202, first.content, "true")
    assert second["Location"] == first["Location"] == f"{PATH}/{first.json()['id']}"
    assert second["Content-Type"] == first["Content-Type"]
    assert Content.objects.count() == 1


def test_a_refusal_is_repeated_too(api):
    refused = post(api, {"external_id": "c1"})
    again = post(api, {"external_id": "c1"})
    assert (again.status_code, again.content, again["Idempotency-Replayed"]) == (422, refused.content, "true")
    assert again["Content-Type"] == "application/problem+json"


def test_the_key_may_be_quoted_or_bare(api):
    post(api)
    bare = KEY["Idempotency-Key"].strip('"')
    assert post(api, **{"Idempotency-Key": bare})["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("header", ['""', "", " ", '"open', "a b", "a,b", "é", "a" * 256, '"a" b', "\x7f"])
def test_what_is_no_key_is_refused(header):
    with pytest.raises(Problem) as refusal:
        idempotency.read_key(header)
    assert (refusal.value.code, refusal.value.status) == ("invalid_idempotency_key", 400)


@pytest.mark.parametrize(
    ("header", "key"), [("abc", "abc"), ('"a\\"b\\\\"', 'a"b\\'), ('"a b"; q=1', "a b"), ("~" * 255, "~" * 255)]
)
def test_keys_are_read_as_structured_headers(header, key):
    assert idempotency.read_key(header) == key


def test_an_invalid_key_is_answered_as_a_problem(api):
    assert post(api, **{"Idempotency-Key": "a b"}).json()["code"] == "invalid_idempotency_key"
    assert not Content.objects.exists()


def test_another_payload_under_the_same_key_is_refused(api):
    post(api)
    other = post(api, {**ITEM, "text": "The soup was cold."})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert Content.objects.get().text == ITEM["text"]


def test_clients_and_addresses_do_not_share_keys(api, api_of, stranger):
    post(api)
    other = api_of(ApiKey.issue(client=stranger, scopes=list(Scope.values)))
    assert post(other).status_code == 202
    assert "Idempotency-Replayed" not in post(api, {"items": [ITEM]}, path=f"{PATH}/bulk")
    assert Content.objects.count() == 2


def test_while_it_runs_the_second_is_told_to_wait(api):
    post(api)
    IdempotencyRecord.objects.update(status=None)
    waiting = post(api)
    assert (waiting.status_code, waiting.json()["code"]) == (409, "idempotency_in_progress")
    assert waiting["Retry-After"] == "1"


def test_the_claim_of_a_dead_process_is_taken_over(api):
    post(api)
    Content.objects.all().delete()
    IdempotencyRecord.objects.update(status=None, lease_expires_at=timezone.now())
    assert post(api).status_code == 202
    assert Content.objects.count() == 1


def test_a_key_is_forgotten_after_its_lifetime(api):
    post(api)
    IdempotencyRecord.objects.update(expires_at=timezone.now())
    assert "Idempotency-Replayed" not in post(api, {**ITEM, "external_id": "c2"})


@pytest.mark.parametrize("status", [401, 403, 413, 415, 429, 500, 503])
def test_what_may_fare_better_next_time_frees_the_key(api, rf, platform, status):
    from django.http import HttpResponse

    from moderation.api.authentication import Principal

    request = rf.post("/x", b"{}", content_type="application/json", headers=KEY)
    caller = Principal(1, platform.pk, "re_test", frozenset(), None)
    idempotency.once(request, caller, lambda: HttpResponse(status=status))
    assert not IdempotencyRecord.objects.exists()


def test_a_key_without_the_scope_reads_no_answer(api, api_of, platform):
    post(api)
    other = api_of(ApiKey.issue(client=platform, scopes=["content:read"]))
    assert post(other).status_code == 403


def test_an_uploaded_image_is_known_again_under_another_boundary(api):
    def upload(boundary: str, data: bytes):
        body = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.gif"\r\n\r\n'.encode()
        body += data + f"\r\n--{boundary}--\r\n".encode()
        headers = {**api.headers, **KEY}
        form = f"multipart/form-data; boundary={boundary}"
        return api.client.post("/api/v1/media", body, content_type=form, headers=headers)

    gif = bytes.fromhex("47494638396101000100800000ffffff0000002c00000000010001000002024401003b")
    first = upload("first-try", gif)
    second = upload("second-try", gif)
    assert (first.status_code, second.status_code, second.content) == (201, 201, first.content)
    assert second["Idempotency-Replayed"] == "true"
    assert upload("third-try", gif[:-1]).json()["code"] == "idempotency_key_reused"


def test_a_client_that_waits_is_answered_and_replayed(api):
    first = post(api, {**ITEM, "mode": "sync"})
    second = post(api, {**ITEM, "mode": "sync"})
    assert (first.status_code, first.json()["status"]) == (200, "decided")
    assert (second.content, second["Preference-Applied"]) == (first.content, first["Preference-Applied"])


def test_records_are_erased_when_their_time_is_over(api):
    post(api)
    assert clean_up(dry_run=True).counts["idempotency records deleted"] == 0
    IdempotencyRecord.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert clean_up().counts["idempotency records deleted"] == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_have_one_effect(api, monkeypatch):
    inside, go_on = threading.Event(), threading.Event()
    from moderation.api import submit as module

    stored = module.submit_content

    def slow(**named):
        receipt = stored(**named)
        inside.set()
        go_on.wait(10)
        return receipt

    monkeypatch.setattr(module, "submit_content", slow)

    def first():
        try:
            return post(api)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(first)
        assert inside.wait(10)
        assert post(api).json()["code"] == "idempotency_in_progress"
        go_on.set()
        answer = running.result()
    assert (answer.status_code, post(api).content) == (202, answer.content)
    assert Content.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_lost_the_claim_changes_nothing(api, monkeypatch):
    from moderation.api import submit as module

    stored = module.submit_content

    def overtaken(**named):
        receipt = stored(**named)
        # Committed by another process while this one slept past its lease.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(_take_over).result()
        return receipt

    monkeypatch.setattr(module, "submit_content", overtaken)
    assert post(api).json()["code"] == "idempotency_in_progress"
    assert not Content.objects.exists()


def _take_over() -> None:
    from uuid import uuid4

    IdempotencyRecord.objects.update(lease_token=uuid4())
    connection.close()


# A process that ends itself right after the commit, before anything is answered: its wake-up comes there.
DIES = """
import json, os, sys
import django
django.setup()
from django.test import Client
from moderation import tasks
import moderation.ingest.store as store
store.wake_moderation = lambda: os.kill(os.getpid(), 9)
path, headers, body = json.loads(sys.argv[1])
Client().post(path, body, content_type="application/json", headers=headers)
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_process_killed_between_commit_and_answer_is_answered_for(api):
    call = json.dumps([PATH, {**api.headers, **KEY}, json.dumps(ITEM)])
    environment = {
        **os.environ,
        "DATABASE_URL": url_of(connection.settings_dict["NAME"]),
        "DJANGO_SETTINGS_MODULE": "reviewengine.settings",
    }
    died = subprocess.run([sys.executable, "-c", DIES, call], env=environment, capture_output=True, check=False)
    assert died.returncode == -9, died.stderr.decode()
    stored = Content.objects.get()
    again = Client().post(PATH, json.dumps(ITEM), content_type="application/json", headers={**api.headers, **KEY})
    assert (again.status_code, again["Idempotency-Replayed"]) == (202, "true")
    assert again.json() == {"id": str(stored.pk), "external_id": "c1", "version": 1, "status": "pending"}
    assert Content.objects.count() == 1
