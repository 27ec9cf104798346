"""Images come in by upload, within a submission, or by their address."""

import base64
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from moderation import scoring
from moderation.models import ApiKey, Content, ContentMedia, MediaFile
from moderation.pipeline import drain
from tests.images import animation, encoded, huge_png, pattern, photo

pytestmark = pytest.mark.django_db
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def upload(api, data: bytes, name: str = "photo.jpg", **fields):
    return api.client.post(
        "/api/v1/media", {"file": SimpleUploadedFile(name, data, "image/jpeg"), **fields}, headers=api.headers
    )


def post(api, *images, external_id="post-1", **more):
    return api.post("/api/v1/content", {"external_id": external_id, "images": list(images), **more})


def inline(data: bytes) -> dict[str, str]:
    return {"data": base64.b64encode(data).decode()}


def error_of(answer) -> tuple[str, str]:
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    (error,) = answer.json()["errors"]
    return error["pointer"], error["code"]


def test_an_upload_is_described(api):
    answer = upload(api, photo())
    body = answer.json()
    assert answer.status_code == 201
    assert (body["format"], body["width"], body["height"], body["frames"]) == ("jpeg", 320, 240, 1)
    assert body["id"] == str(MediaFile.objects.get(sha256=body["sha256"]).pk)


def test_the_same_upload_has_the_same_id(api):
    assert upload(api, photo()).json() == upload(api, photo(), name="other.png").json()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (SVG, "vector_image"),
        (b"GIF89a", "unknown_format"),
        (photo()[:-900], "broken_image"),
        (huge_png(30_000, 30_000), "too_many_pixels"),
        (animation(1200, side=4), "too_many_frames"),
        (b"", "empty"),
        (b"not an image at all", "unknown_format"),
    ],
    ids=["svg", "header", "truncated", "bomb", "frames", "empty", "text"],
)
def test_a_bad_upload_is_a_clear_problem(api, data, code):
    answer = upload(api, data)
    assert answer.json()["code"] == "invalid_image"
    assert error_of(answer) == ("/file", code)
    assert not MediaFile.objects.exists()


@pytest.mark.parametrize(
    "image",
    [
        encoded(Image.new("RGB", (1, 1)), "PNG"),
        encoded(pattern().convert("CMYK"), "JPEG"),
        encoded(Image.new("I;16", (8, 8), 40_000), "PNG"),
        encoded(pattern(32, 32).quantize(8), "GIF", transparency=0),
        encoded(pattern(), "GIF") + b"<script>alert(1)</script>",
        encoded(pattern(), "WEBP"),
    ],
    ids=["pixel", "cmyk", "16 bit", "transparent palette", "polyglot", "webp named jpg"],
)
def test_odd_images_are_taken(api, image):
    assert upload(api, image).status_code == 201


def test_ten_megabytes_and_more_are_refused(api):
    answer = upload(api, bytes(10_485_761))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_what_is_no_form_is_refused(api):
    assert api.post("/api/v1/media", {"file": "x"}).json()["code"] == "unsupported_media_type"
    broken = api.client.post(
        "/api/v1/media", b"nonsense", content_type="multipart/form-data; boundary=x", headers=api.headers
    )
    assert broken.json()["code"] == "invalid_upload"
    assert upload(api, photo(), extra="field").json()["code"] == "invalid_upload"


def test_another_method_is_refused(api):
    answer = api.get("/api/v1/media")
    assert (answer.status_code, answer["Allow"]) == (405, "POST, OPTIONS")


def test_an_upload_needs_a_key_that_may_write(api_of, platform):
    assert upload(api_of(""), photo()).status_code == 401
    assert upload(api_of(ApiKey.issue(client=platform, scopes=["content:read"])), photo()).status_code == 403


def test_content_with_each_kind_of_image(api):
    media_id = upload(api, photo(1)).json()["id"]
    data_url = {"data": "data:image/png;base64," + base64.b64encode(encoded(pattern(), "PNG")).decode()}
    answer = post(api, {"media_id": media_id}, data_url, {"url": "https://images.example/a.jpg"}, text="Look")
    assert answer.status_code == 202
    rows = ContentMedia.objects.order_by("position").values_list("source", "file__format", "source_url")
    assert list(rows) == [
        ("upload", "jpeg", ""),
        ("base64", "png", ""),
        ("url", None, "https://images.example/a.jpg"),
    ]


def test_an_answer_shows_the_images_with_their_scores(api):
    identifier = post(api, inline(photo())).json()["id"]
    drain()
    (image,) = api.get(f"/api/v1/content/{identifier}").json()["images"]
    assert (image["source"], image["width"], image["fault"], image["hash_banks"]) == ("base64", 320, None, [])
    assert image["scores"].keys() == {"nsfw_image"}


def test_the_same_images_are_the_same_content(api):
    assert post(api, inline(photo(1))).status_code == 202
    drain()
    assert post(api, inline(photo(1))).status_code == 200
    assert Content.objects.get().version == 1


def test_another_image_makes_a_new_version(api):
    post(api, inline(photo(1)), text="Look")
    drain()
    post(api, inline(photo(2)), text="Look")
    content = Content.objects.get()
    assert (content.version, content.status, content.image_count) == (2, "pending", 1)
    assert [media.content_version for media in ContentMedia.objects.order_by("content_version")] == [1, 2]


def test_an_edit_can_take_the_images_away(api):
    post(api, inline(photo(1)), text="Look")
    post(api, text="Look")
    drain()
    content = Content.objects.get()
    assert (content.version, content.image_count, content.decision) == (2, 0, "approve")


@pytest.mark.parametrize(
    ("image", "pointer", "code"),
    [
        ({"data": "%%%"}, "/images/0/data", "invalid_format"),
        ({"data": "data:image/png,plain"}, "/images/0/data", "invalid_format"),
        ({"data": "äöü"}, "/images/0/data", "invalid_format"),
        ({"data": base64.b64encode(SVG).decode()}, "/images/0/data", "vector_image"),
        ({"media_id": "0192aaaa-0000-7000-8000-000000000000"}, "/images/0/media_id", "unknown_value"),
        ({"media_id": "garbage"}, "/images/0/media_id", "invalid_format"),
        ({"url": "http://127.0.0.1/a.jpg"}, "/images/0/url", "unsafe_url"),
        ({"url": "file:///etc/passwd"}, "/images/0/url", "unsafe_url"),
        ({"url": "https://a.example/" + "a" * 2048}, "/images/0/url", "too_long"),
        ({}, "/images/0", "invalid_format"),
        ({"url": "https://a.example/", "data": "aaaa"}, "/images/0", "invalid_format"),
        ({"path": "/etc/passwd"}, "/images/0/path", "unknown_field"),
    ],
)
def test_a_bad_image_is_refused_with_its_place(api, image, pointer, code):
    assert error_of(post(api, image)) == (pointer, code)
    assert not Content.objects.exists()


def test_too_many_images_are_refused(api):
    assert error_of(post(api, *[{"url": f"https://a.example/{n}"} for n in range(9)])) == ("/images", "too_many")


def test_neither_text_nor_image_is_refused(api):
    assert error_of(post(api)) == ("/text", "missing")
    assert error_of(post(api, text="")) == ("/text", "empty")


def test_another_clients_upload_is_as_good_as_absent(api, api_of, stranger):
    media_id = upload(api_of(ApiKey.issue(client=stranger, scopes=["content:write"])), photo()).json()["id"]
    assert error_of(post(api, {"media_id": media_id})) == ("/images/0/media_id", "unknown_value")


def test_each_item_of_a_bulk_has_its_own_images(api):
    items = [
        {"external_id": "a", "images": [inline(photo(1))]},
        {"external_id": "b", "images": [{"data": "%%%"}]},
        {"external_id": "c", "text": "words"},
    ]
    first, second, third = api.post("/api/v1/content/bulk", {"items": items}).json()["results"]
    assert (first["status"], third["status"]) == ("pending", "pending")
    assert second["error"]["errors"][0]["pointer"] == "/items/1/images/0/data"
    assert ContentMedia.objects.count() == 1


def test_an_erased_content_shows_no_image(api, django_capture_on_commit_callbacks):
    identifier = post(api, inline(photo(9))).json()["id"]
    with django_capture_on_commit_callbacks(execute=True):
        assert api.delete(f"/api/v1/content/{identifier}").status_code == 204
    assert api.get(f"/api/v1/content/{identifier}").json()["images"] == []
    assert not MediaFile.objects.exists()


def bulk(api, *images):
    items = [{"external_id": f"post-{n}", "images": [image]} for n, image in enumerate(images)]
    return api.post("/api/v1/content/bulk", {"items": items})


def test_a_bulk_call_decodes_no_more_images_than_configured(api):
    answer = bulk(api, *[inline(photo())] * 51)
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_items")
    assert answer.json()["detail"] == (
        "At most 50 images may be sent within one bulk call; these are 51. "
        "Send fewer at once, or upload them to /api/v1/media and name their ids."
    )
    assert not MediaFile.objects.exists()
    assert not Content.objects.exists()


def test_a_bulk_call_takes_as_many_images_as_configured_and_any_number_of_addresses(api):
    images = [*[inline(photo())] * 50, *[{"url": "https://images.example/a.jpg"}] * 10]
    assert {result["status"] for result in bulk(api, *images).json()["results"]} == {"pending"}
    assert (Content.objects.count(), ContentMedia.objects.count()) == (60, 60)


def test_images_that_are_no_list_do_not_break_the_counting(api):
    items = [{"external_id": "a", "text": "Soup", "images": 7}, {"external_id": "b", "images": [7, {"data": 7}]}]
    results = api.post("/api/v1/content/bulk", {"items": items}).json()["results"]
    assert [result["error"]["code"] for result in results] == ["validation_failed"] * 2


def test_an_address_of_another_scheme_is_told_which_are_taken(api):
    (error,) = post(api, {"url": "ftp://images.example/a.jpg"}).json()["errors"]
    assert (error["code"], error["detail"]) == ("unsafe_url", "The URL must begin with https:// or http://.")


def test_an_image_is_decoded_on_a_seat(api, all_seats_taken):
    answers = [upload(api, photo()), post(api, inline(photo()))]
    items = [{"external_id": "post-2", "images": [inline(photo())]}, {"external_id": "post-3", "text": "A lake."}]
    answers.append(api.post("/api/v1/content/bulk", {"items": items}))
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(503, "temporary")] * 3
    assert all(answer["Retry-After"] == "1" for answer in answers)
    assert not MediaFile.objects.exists()
    assert not Content.objects.exists()


def test_what_has_no_image_of_its_own_needs_no_seat(api, all_seats_taken):
    assert post(api, text="See you at the lake.").status_code == 202
    assert post(api, {"url": "https://example.com/lake.jpg"}, external_id="post-2").status_code == 202


def test_an_upload_waits_a_moment_for_its_seat(api, all_seats_taken, monkeypatch):
    monkeypatch.setattr("moderation.api.upload.SECONDS_FOR_A_SEAT", 30)
    soon = threading.Timer(0.2, scoring._seats().release)
    soon.start()
    assert upload(api, photo()).status_code == 201
    soon.join()
    assert scoring._seats().acquire(blocking=False)  # the one that the timer gave is free again
