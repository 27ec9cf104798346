"""Bodies that come as gzip, and those that only say so."""

import gzip
import json

import pytest

from moderation.models import Content

pytestmark = pytest.mark.django_db
ITEM = {"external_id": "c1", "text": "The soup was warm."}


def post(api, body: bytes, encoding: str = "gzip", path: str = "/api/v1/content"):
    return api.post(path, body, **{"Content-Encoding": encoding})


def test_a_packed_submission_is_read(api):
    assert post(api, gzip.compress(json.dumps(ITEM).encode())).status_code == 202
    assert Content.objects.get().text == "The soup was warm."


def test_members_one_after_the_other_are_one_body(api):
    body = json.dumps(ITEM).encode()
    assert post(api, gzip.compress(body[:9]) + gzip.compress(body[9:])).status_code == 202


def test_the_name_of_the_encoding_may_be_written_in_capitals(api):
    assert post(api, gzip.compress(json.dumps(ITEM).encode()), "GZIP").status_code == 202


def test_a_bomb_is_refused_by_its_unpacked_size(api):
    bomb = gzip.compress(b'{"text": "' + b"a" * 50_000_000)
    assert len(bomb) < 60_000
    answer = post(api, bomb)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("body", [b"no gzip at all", gzip.compress(b"{}", mtime=0)[:-8] + b"\0" * 8])
def test_what_is_no_gzip_is_refused(api, body):
    answer = post(api, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_encoding")


@pytest.mark.parametrize("body", [b"", gzip.compress(b"{}", mtime=0)[:-5], b"\x1f\x8b"])
def test_a_gzip_that_ends_early_is_refused(api, body):
    answer = post(api, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "incomplete_body")


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, gzip", "x"])
def test_other_encodings_are_refused_and_ours_is_named(api, encoding):
    answer = post(api, b"{}", encoding)
    assert (answer.status_code, answer["Accept-Encoding"]) == (415, "gzip")


def test_images_come_as_they_are(api):
    answer = api.client.post("/api/v1/media", {}, headers={**api.headers, "Content-Encoding": "gzip"})
    assert answer.status_code == 415


@pytest.mark.parametrize("cut", [5, 40])
def test_a_form_that_is_cut_off_before_its_end_is_refused(api, cut):
    gif = bytes.fromhex("47494638396101000100800000ffffff0000002c00000000010001000002024401003b")
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.gif"\r\n\r\n' + gif + b"\r\n--b--\r\n"
    form = "multipart/form-data; boundary=b"
    whole = api.client.post("/api/v1/media", body, content_type=form, headers=api.headers)
    broken = api.client.post("/api/v1/media", body[:-cut], content_type=form, headers=api.headers)
    assert (whole.status_code, broken.status_code, broken.json()["code"]) == (201, 400, "invalid_upload")


def test_no_other_packing_for_the_way_is_taken(api):
    answer = api.post("/api/v1/content", {}, **{"Transfer-Encoding": "gzip, chunked"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_encoding")
