"""The answers that docs/api.md shows are those that the API gives."""

import json
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from moderation.pipeline import drain
from tests.images import photo

pytestmark = pytest.mark.django_db
PAGE = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text()
BULK, RESULTS, ANSWER = (
    json.loads(re.search(rf"^<!-- example: {shape} -->\n```json\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)[1])
    for shape in ("BulkIn, with a faulty item", "BulkOut", "ContentDetailOut")
)


def read_again(api) -> dict:
    """Submits what the documented answer was given for, after another one like it, and reads the answer."""
    uploaded = SimpleUploadedFile("photo.jpg", photo(), "image/jpeg")
    media = api.client.post("/api/v1/media", {"file": uploaded}, headers=api.headers).json()
    body = {name: ANSWER[name] for name in ("text", "author", "metadata", "language")}
    body |= {"images": [{"media_id": media["id"]}], "context": {"conversation_id": "thread-7"}}
    api.post("/api/v1/content", {**body, "external_id": "comment-17"})
    sent = api.post("/api/v1/content", {**body, "external_id": ANSWER["external_id"]}).json()
    drain()
    return api.get(f"/api/v1/content/{sent['id']}").json()


def test_the_bulk_answer_is_the_documented_one(api):
    answer = api.post("/api/v1/content/bulk", BULK)
    given = answer.json()
    given["results"][0]["id"] = RESULTS["results"][0]["id"]
    assert (answer.status_code, given) == (202, RESULTS)


def test_the_decided_answer_has_the_documented_fields(api):
    given = read_again(api)
    assert set(given) == set(ANSWER)
    assert set(ANSWER["scores"]) < set(given["scores"])
    assert set(ANSWER["detectors"]) == set(given["detectors"])
    for name in ("reasons", "evidence", "matches", "images"):
        assert set(ANSWER[name][0]) == set(given[name][0]), name
    assert set(ANSWER["matches"][0]["readings"][0]) == set(given["matches"][0]["readings"][0])


def test_the_decided_answer_says_what_is_documented(api):
    given = read_again(api)
    told = (
        "status",
        "decision",
        "rule",
        "source",
        "reasoning",
        "masked_text",
        "identified_language",
        "near_duplicates",
    )
    assert {name: given[name] for name in told} == {name: ANSWER[name] for name in told}


def test_as_many_scores_spans_and_matches_are_left_out_as_the_page_says(api):
    given = read_again(api)
    shown = [len(ANSWER[name]) for name in ("scores", "evidence", "matches")]
    assert shown == [9, 4, 1]
    assert (len(given["scores"]), len(given["matches"])) == (24, 2)
