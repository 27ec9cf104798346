"""/metrics: what Prometheus reads, with and without its dependencies."""

import pytest
import redis
from django.db import connection
from prometheus_client.parser import text_string_to_metric_families

from reviewengine import health
from reviewengine.metrics import collectors, dependencies, gauge, register_collector, register_queue_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    """No reading of an earlier test, and patience with a busy machine."""
    monkeypatch.setattr(health, "ANSWER_SECONDS", 60)
    monkeypatch.setattr(collectors, "_contributors", list(collectors._contributors))
    monkeypatch.setattr(collectors, "_queue_rows", dict(collectors._queue_rows))
    collectors.scrape_collector.forget()
    yield
    collectors.scrape_collector.forget()


@pytest.fixture
def scrape(client):
    """The page as a mapping of each sample, its name with its labels, to its value."""

    def read() -> dict[str, float]:
        page = client.get("/metrics").content.decode()
        samples = [sample for family in text_string_to_metric_families(page) for sample in family.samples]
        found = {(sample.name, *sorted(sample.labels.items())): sample.value for sample in samples}
        assert len(found) == len(samples), "a sample stands there twice"
        return found

    return read


def test_the_page_is_prometheus_text_that_is_not_kept(client):
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/plain; version=")
    assert response.headers["Cache-Control"] == "no-cache"


def test_the_names_that_the_alerts_use_are_there(client, scrape):
    client.get("/livez")
    names = {name for name, *_ in scrape()}
    assert {
        "http_requests_total", "http_request_duration_seconds_bucket", "celery_queue_length",
        "db_connection_pool_used", "db_connection_pool_size",
    } <= names  # fmt: skip


def test_both_dependencies_are_up(scrape):
    page = scrape()
    assert (page[("reviewengine_database_up",)], page[("reviewengine_redis_up",)]) == (1, 1)


def test_the_pool_is_the_servers_connections_against_its_limit(scrape):
    page = scrape()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('max_connections')::int")
        limit = cursor.fetchone()[0]
    assert 1 <= page[("db_connection_pool_used",)] < page[("db_connection_pool_size",)] < limit


def test_a_queues_length_is_its_messages_and_its_rows(scrape):
    broker = dependencies.get_redis_connection("default")
    register_queue_rows("webhooks", lambda: 5)
    broker.delete("webhooks")
    broker.rpush("webhooks", b"one", b"two")
    try:
        page = scrape()
    finally:
        broker.delete("webhooks")
    assert page[("celery_queue_length", ("queue", "webhooks"))] == 7


def test_every_queue_has_a_length(scrape):
    queues = {labels[0][1] for name, *labels in scrape() if name == "celery_queue_length"}
    assert queues == {"moderation_queue", "webhooks", "maintenance"}


def test_an_app_adds_its_own_numbers(scrape):
    def soup():
        yield gauge("soup_litres", "Soup.", [({"kind": "leek"}, 2.5), ({"kind": "pea"}, 1)])

    register_collector(soup)
    register_collector(soup)
    page = scrape()
    assert page[("soup_litres", ("kind", "leek"))] == 2.5
    assert page[("soup_litres", ("kind", "pea"))] == 1


def test_a_storm_of_scrapes_asks_once(client):
    asked = []

    def count():
        asked.append(1)
        return []

    register_collector(count)
    for _ in range(10):
        client.get("/metrics")
    assert len(asked) == 1


def test_a_collector_that_fails_costs_only_its_own_numbers(scrape):
    def broken():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        return []

    register_collector(broken)
    page = scrape()
    assert page[("reviewengine_collector_up", ("collector", "broken"))] == 0
    assert page[("reviewengine_collector_up", ("collector", "connections"))] == 1
    assert ("db_connection_pool_used",) in page


def test_a_query_that_hangs_is_cut_off(scrape, monkeypatch):
    monkeypatch.setattr(collectors, "STATEMENT_TIMEOUT_MS", 50)

    def endless():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(60)")
        return []

    register_collector(endless)
    assert scrape()[("reviewengine_collector_up", ("collector", "endless"))] == 0


def test_it_answers_without_the_database(scrape, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    page = scrape()
    assert (page[("reviewengine_database_up",)], page[("reviewengine_redis_up",)]) == (0, 1)
    assert page[("reviewengine_collector_up", ("collector", "connections"))] == 0
    assert "celery_queue_length" not in {name for name, *_ in page}
    assert "http_requests_total" in {name for name, *_ in page}


def test_it_answers_without_redis(scrape, monkeypatch):
    nobody = redis.Redis(unix_socket_path="/nowhere/valkey.sock")
    monkeypatch.setattr(health, "get_redis_connection", lambda alias: nobody)
    page = scrape()
    assert (page[("reviewengine_database_up",)], page[("reviewengine_redis_up",)]) == (1, 0)
    assert ("db_connection_pool_used",) in page
