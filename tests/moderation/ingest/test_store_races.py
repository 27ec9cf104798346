"""Many senders at once: one row, no deadlock, nothing lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from moderation.ingest.store import Submission, submit_content, submit_contents
from moderation.models import Author, Content, ContentVersion
from tests.factories import ApiClientFactory

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def in_threads(act, count: int) -> list:
    """``act(n)`` in as many threads, each with a connection of its own."""

    def one(number: int):
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_one_external_id_sent_twenty_times_at_once_is_one_content():
    client = ApiClientFactory()
    receipts = in_threads(lambda n: submit_content(client_id=client.pk, submission=Submission("a", "Soup")), 20)
    assert {receipt.id for receipt in receipts} == {Content.objects.get().pk}
    assert sum(receipt.accepted for receipt in receipts) == 1


def test_twenty_edits_at_once_make_twenty_versions():
    client = ApiClientFactory()
    in_threads(lambda n: submit_content(client_id=client.pk, submission=Submission("a", f"Soup {n}")), 20)
    assert Content.objects.get().version == 20
    assert sorted(ContentVersion.objects.values_list("version", flat=True)) == list(range(1, 20))


def test_bulk_calls_in_opposite_order_wait_for_each_other():
    client = ApiClientFactory()

    def send(number: int) -> int:
        ids = [f"post-{n}" for n in range(200)]
        ordered = ids if number % 2 else ids[::-1]
        submissions = [Submission(i, f"Soup {number}", author_external_id=f"by-{i}") for i in ordered]
        return len(submit_contents(client_id=client.pk, submissions=submissions))

    assert in_threads(send, 8) == [200] * 8
    assert Content.objects.count() == Author.objects.count() == 200
    assert set(Content.objects.values_list("version", flat=True)) == {8}
