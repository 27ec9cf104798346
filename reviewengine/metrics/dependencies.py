"""What PostgreSQL and the broker tell of themselves: connections used, and messages and rows that wait."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django_redis import get_redis_connection
from prometheus_client.core import Metric

from reviewengine.health import DATABASE, REDIS
from reviewengine.metrics.backups import backups
from reviewengine.metrics.collectors import gauge, register_collector, rows_waiting

# Slots kept for superusers and for `pg_use_reserved_connections` are not ours to use; the latter exist from 16 on.
CONNECTIONS = """
    SELECT (SELECT sum(numbackends) FROM pg_stat_database),
           current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
             - coalesce(current_setting('reserved_connections', true)::int, 0)
"""


def connections() -> Iterator[Metric]:
    """Connections of the whole server, by whoever opened them: it is the server that runs out."""
    with connection.cursor() as cursor:
        cursor.execute(CONNECTIONS)
        used, size = cursor.fetchone()
    yield gauge("db_connection_pool_used", "Connections open on the database server.", [({}, used)])
    yield gauge("db_connection_pool_size", "Connections that the database server allows.", [({}, size)])


def queues() -> Iterator[Metric]:
    """Messages in the broker, and the rows in PostgreSQL that one message may stand for."""
    names = [queue.name for queue in settings.CELERY_TASK_QUEUES]
    pipeline = get_redis_connection("default").pipeline(transaction=False)
    for name in names:
        pipeline.llen(name)
    messages = dict(zip(names, pipeline.execute(), strict=True))
    yield gauge(
        "celery_queue_length",
        "Work that waits, by queue: messages in the broker and rows in the database.",
        [({"queue": name}, messages[name] + rows_waiting(name)) for name in names],
    )


def register() -> None:
    """Has every scrape ask for these."""
    register_collector(connections, needs=(DATABASE,))
    register_collector(queues, needs=(DATABASE, REDIS))
    register_collector(backups)
