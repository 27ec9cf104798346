"""Answers that are written without pydantic between are what their shapes say, to the last member."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from moderation.api import vendor_doors
from moderation.api.content_shapes import (
    BulkOut,
    ContentDetailOut,
    ContentPage,
    MediaOut,
    ReceiptOut,
    StreamLineOut,
)
from moderation.models import Content
from moderation.pipeline import drain
from tests import factories
from tests.images import photo

pytestmark = pytest.mark.django_db
SPAM = "FREE entry! Claim your prize now at http://bit.ly/x7, write to anna@example.com"


@pytest.fixture
def media(api) -> dict:
    sent = SimpleUploadedFile("photo.jpg", photo(), "image/jpeg")
    return api.client.post("/api/v1/media", {"file": sent}, headers=api.headers).json()


def detail(api, content: Content) -> ContentDetailOut:
    return ContentDetailOut.model_validate_json(api.get(f"/api/v1/content/{content.pk}").content)


def test_an_upload(media):
    assert MediaOut.model_validate(media).format == "jpeg"


def test_content_in_every_state(api, media):
    sent = {"external_id": "a", "text": SPAM, "author": "u1", "images": [{"media_id": media["id"]}]}
    receipt = ReceiptOut.model_validate_json(api.post("/api/v1/content", sent).content)
    content = Content.objects.get(pk=receipt.id)
    assert detail(api, content).decision is None
    drain()
    read = detail(api, content)
    assert (read.decision, len(read.images), bool(read.reasons and read.evidence and read.matches)) == (
        "reject", 1, True,
    )  # fmt: skip
    api.delete(f"/api/v1/content/{content.pk}")
    assert detail(api, content).text is None


def test_pages_of_content_in_review_and_decided(api, platform):
    factories.CaseFactory(content=factories.InReviewContentFactory(client=platform))
    factories.ResolvedCaseFactory(content=factories.DecidedContentFactory(client=platform))
    page = ContentPage.model_validate_json(api.get("/api/v1/content").content)
    assert {one.status for one in page.results} == {"in_review", "decided"}


def test_bulk_and_stream(api):
    items = [{"external_id": "a", "text": "The soup was warm."}, {"external_id": "b"}]
    answer = BulkOut.model_validate_json(api.post("/api/v1/content/bulk", {"items": items}).content)
    body = "\n".join(map(json.dumps, items))
    streamed = api.client.post(
        "/api/v1/content/bulk", body, content_type="application/x-ndjson", headers=api.headers
    ).getvalue()
    lines = [StreamLineOut.model_validate_json(line).root for line in streamed.splitlines()]
    assert (len(answer.results), [type(line).__name__ for line in lines]) == (
        2, ["StreamReceiptOut", "StreamRefusedOut", "StreamSummaryOut"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "body", "shape"),
    [
        ("/v1/moderations", {"input": [SPAM, "The soup was warm."]}, vendor_doors.ModerationOut),
        ("/v1/moderations", {"input": SPAM, "model": "text-moderation-latest"}, vendor_doors.ModerationOut),
        ("/v1/moderations", {"input": ""}, vendor_doors.OpenAIError),
        ("/v1alpha1/comments:analyze", vendor_doors.WANTED, vendor_doors.AnalysisOut),
        ("/v1alpha1/comments:analyze", {**vendor_doors.WANTED, "clientToken": "7"}, vendor_doors.AnalysisOut),
        ("/v1alpha1/comments:analyze", {"comment": {"text": ""}}, vendor_doors.GoogleErrorOut),
        ("/v1alpha1/comments:suggestscore", vendor_doors.BELIEVED, vendor_doors.SuggestionOut),
    ],
)
def test_the_compatible_doors(api, path, body, shape):
    given = api.post(path, body).content
    assert json.loads(shape.model_validate_json(given).model_dump_json(exclude_unset=True)) == json.loads(given)


@pytest.mark.parametrize(("path", "shape"), [("", vendor_doors.ModelsOut), ("/review-engine", vendor_doors.ModelOut)])
def test_the_models(api, path, shape):
    assert shape.model_validate_json(api.get(f"/v1/models{path}").content)
