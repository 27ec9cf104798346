"""The common queries use their indexes."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from moderation.models import Content, ContentFingerprint, ModerationResult, ReviewCase
from moderation.near_duplicates import place
from tests.factories import ApiClientFactory, ContentFactory, QueueFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(platform):
    other = ApiClientFactory()
    Content.objects.bulk_create(
        ContentFactory.build(
            client=platform if n % 30 == 7 else other, external_id=f"post-{n}", status="decided", decision="approve"
        )
        for n in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return platform


def plan(queryset) -> str:
    return queryset.explain()


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (lambda client: Content.objects.filter(client=client, external_id="post-7"), "content_external_id_unique"),
        (lambda client: Content.objects.filter(external_id="post-7"), "content_external_id_unique"),
        (
            lambda client: Content.objects.filter(client=client).order_by("-created_at", "-id")[:50],
            "content_client_newest",
        ),
        (lambda client: Content.objects.order_by("-created_at")[:50], "content_created_at"),
        (lambda client: Content.objects.filter(status="pending").order_by("id")[:64], "content_waiting"),
    ],
    ids=["by-external-id", "by-external-id-alone", "newest-of-a-client", "newest", "waiting"],
)
def test_a_common_query_uses_its_index(many, query, index):
    assert index in plan(query(many))


def test_results_are_found_by_their_content(many):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "content_id" in plan(ModerationResult.objects.filter(content=Content.objects.first()))


def test_the_next_case_comes_from_an_index(many):
    queue = QueueFactory()
    ReviewCase.objects.bulk_create(
        ReviewCase(content=content, content_version=1, queue=queue, due_at=timezone.now(), priority=n % 100)
        for n, content in enumerate(Content.objects.all())
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    waiting = ReviewCase.objects.filter(queue=queue, status="open").order_by("-priority", "opened_at", "id")[:1]
    assert "review_case_next" in plan(waiting)


@pytest.fixture
def many_fingerprints(many):
    """Three thousand contents that say nothing alike, with keys as they would have."""
    chance = random.Random(3)
    ContentFingerprint.objects.bulk_create(
        ContentFingerprint(
            content=content,
            client=many,
            bits=chance.getrandbits(63),
            bands=[chance.getrandbits(31) for _ in range(8)],
            cluster=content.pk,
            submitted_at=timezone.now(),
        )
        for content in Content.objects.all()
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return many


@pytest.mark.parametrize("count", [1, 64])
def test_near_duplicates_are_looked_up_and_counted_by_index(many_fingerprints, count):
    text = "My neighbour cooks a fine soup of onions and leeks every Sunday."
    with CaptureQueriesContext(connection) as queries:
        place([ContentFactory.build(client=many_fingerprints, text=text)] * count)
    look_up, tally = (query["sql"] for query in queries.captured_queries)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # so few rows are read through faster for a single text
        for statement, index in ((look_up, "content_fingerprint_bands"), (tally, "content_fingerprint_cluster")):
            cursor.execute("EXPLAIN " + statement)
            assert index in str(cursor.fetchall())
