"""The console serves images as pictures and nothing else, to those alone who review."""

from uuid import uuid4

import pytest
from django.urls import reverse

from moderation.admin.case_images import images_of
from moderation.media.store import keep_image, media_storage
from moderation.models import ContentMedia
from tests import factories
from tests.images import encoded, pattern, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(platform):
    return keep_image(client_id=platform.pk, data=encoded(pattern(seed=4), "PNG"))


@pytest.fixture
def case(platform, file, groups):
    """A case whose content has an image, and one that could not be fetched."""
    content = factories.InReviewContentFactory(client=platform, image_count=2)
    ContentMedia.objects.create(
        content=content, content_version=1, position=0, file=file, source="upload", scores={"nsfw_image": 0.91},
        hits=[{"bank": "known", "action": "review", "category": "nsfw_image", "distance": 2}],
    )  # fmt: skip
    ContentMedia.objects.create(
        content=content,
        content_version=1,
        position=1,
        source="url",
        source_url="https://a.example/<b>",
        fault="status_4xx",
    )
    return factories.CaseFactory(content=content)


def look(client, file_id):
    return client.get(reverse("admin:review_media", args=[file_id]))


def test_a_moderator_gets_the_copy_with_headers_that_make_it_inert(signed_in, alice, file):
    answer = look(signed_in(alice), file.pk)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.content.startswith(b"\xff\xd8")


def test_others_do_not(signed_in, charlie, client, file):
    assert look(signed_in(charlie), file.pk).status_code == 403
    assert look(client, file.pk).status_code == 302


def test_what_is_not_there_is_not_found(signed_in, alice, file):
    browser = signed_in(alice)
    assert look(browser, uuid4()).status_code == 404
    media_storage().delete(file.copy_name)
    assert look(browser, file.pk).status_code == 404
    assert browser.post(reverse("admin:review_media", args=[file.pk])).status_code == 405


def test_the_desk_shows_covered_images_scores_and_faults(signed_in, alice, case):
    page = signed_in(alice).get(reverse("admin:review_next")).content.decode()
    assert reverse("admin:review_media", args=[case.content.media.get(position=0).file_id]) in page
    assert "Sexual image 0.91 · known to known (review)" in page
    assert "its sender answered status 4xx" in page
    assert "https://a.example/&lt;b&gt;" in page


def test_a_case_without_images_costs_no_query_for_them(django_assert_num_queries):
    content = factories.CaseFactory().content
    with django_assert_num_queries(0):
        assert images_of(content, content.version) == []


def test_an_upload_is_never_served_as_it_came(signed_in, alice, platform):
    polyglot = encoded(pattern(seed=6), "GIF") + b"<script>alert(1)</script>"
    file = keep_image(client_id=platform.pk, data=polyglot)
    assert b"script" not in look(signed_in(alice), file.pk).content
    assert keep_image(client_id=platform.pk, data=photo()).copy_type == "image/jpeg"
