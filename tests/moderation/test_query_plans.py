"""The common queries use their indexes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from moderation.models import Content, ContentFingerprint, ModerationResult, ReviewCase
from moderation.near_duplicates.placement import place
from moderation.near_duplicates.reading import count_near_duplicates
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
        (
            lambda client: Content.objects.filter(client=client).order_by("updated_at", "id")[:50],
            "content_client_changed",
        ),
        (lambda client: Content.objects.order_by("-created_at")[:50], "content_created_at"),
        (lambda client: Content.objects.filter(status="pending").order_by("id")[:64], "content_waiting"),
    ],
    ids=["by-external-id", "by-external-id-alone", "newest-of-a-client", "changed-longest-ago", "newest", "waiting"],
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
        ReviewCase(
            content=content,
            client_id=content.client_id,
            content_version=1,
            queue=queue,
            due_at=timezone.now(),
            priority=n % 100,
        )
        for n, content in enumerate(Content.objects.all())
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    waiting = ReviewCase.objects.filter(queue=queue, level=1, status="open").order_by("rank", "id")[:1]
    assert "review_case_next" in plan(waiting)
    own = ReviewCase.objects.filter(client=many, status="open").order_by("rank", "id")
    for found in (plan(own.filter(queue=queue)[:1]), plan(own[:5])):
        assert "Index Cond: (client_id" in found.replace("((", "(")
        assert "Sort" not in found


@pytest.fixture
def many_fingerprints(platform):
    """Fifty thousand texts of one day that say nothing alike, their contents left out."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        constraints = connection.introspection.get_constraints(cursor, "content_fingerprint")
        for name, constraint in constraints.items():
            if constraint["foreign_key"]:
                cursor.execute(f'ALTER TABLE content_fingerprint DROP CONSTRAINT "{name}"')
        cursor.execute("SELECT setseed(0.3)")
        cursor.execute(
            """
            INSERT INTO content_fingerprint (content_id, client_id, bits, bands, cluster, submitted_at)
            SELECT gen_random_uuid(), %s, (random() * 1e18)::bigint,
                   ARRAY (SELECT (random() * 2e9)::int FROM generate_series(1, 8) WHERE n > 0), gen_random_uuid(), now()
            FROM generate_series(1, 50000) AS n
            """,
            [platform.pk],
        )
        cursor.execute("ANALYZE content_fingerprint")
    return platform


def plans_of(queries) -> list[str]:
    with connection.cursor() as cursor:
        plans = []
        for query in queries.captured_queries:
            cursor.execute("EXPLAIN " + query["sql"])
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
        return plans


@pytest.mark.parametrize("count", [1, 64])
def test_near_duplicates_are_looked_up_and_counted_by_index(many_fingerprints, count):
    text = "My neighbour cooks a fine soup of onions and leeks every Sunday."
    with CaptureQueriesContext(connection) as queries:
        place([ContentFactory.build(client=many_fingerprints, text=text)] * count)
    look_up, tally = plans_of(queries)
    assert "content_fingerprint_bands" in look_up
    assert "content_fingerprint_cluster" in tally
    assert "Seq Scan" not in look_up + tally


def test_the_near_duplicates_of_a_page_are_counted_by_index(many_fingerprints):
    page = list(ContentFingerprint.objects.values_list("content", flat=True)[:50])
    with CaptureQueriesContext(connection) as queries:
        assert count_near_duplicates(page) == dict.fromkeys(page, 0)
    (tally,) = plans_of(queries)
    assert "content_fingerprint_cluster" in tally
    assert "Seq Scan" not in tally
