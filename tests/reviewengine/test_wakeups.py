"""A wake-up names the request that woke the worker."""

import logging

import pytest
from celery.app.task import Context
from kombu import Queue

from reviewengine.celery import app
from reviewengine.hints import hints
from reviewengine.logs import _name_task
from reviewengine.request_ids import request_id, trace_id
from reviewengine.wakeups import wake

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture(autouse=True)
def _no_context_is_left():
    yield
    request_id.set("")
    trace_id.set("")


@pytest.fixture
def woken():
    """The message of a wake-up that a request caused, as a worker receives it."""
    with hints() as redis:
        redis.delete("reviewengine:wake:tests.nothing")
    before = request_id.set("req-7f3a"), trace_id.set(TRACE)
    assert wake("tests.nothing", queue="tests")
    request_id.reset(before[0])
    trace_id.reset(before[1])
    with app.connection_for_read() as connection:
        return Queue("tests")(connection.default_channel).get(no_ack=True)


class Task:
    """What Celery hands to task_prerun: a task with its request."""

    def __init__(self, headers: dict) -> None:
        self.request = Context(headers)


def test_the_message_names_request_and_trace(woken):
    context = woken.headers["woken_by"]
    assert context["request_id"] == "req-7f3a"
    assert context["traceparent"].startswith(f"00-{TRACE}-")


def test_the_tasks_lines_belong_to_the_trace(woken, caplog):
    with caplog.at_level(logging.INFO, "reviewengine.logs"):
        _name_task("task-1", Task(woken.headers))
    assert (request_id.get(), trace_id.get()) == ("task-1", TRACE)
    assert next(r for r in caplog.records if r.message == "task.woken").woken_by == "req-7f3a"


def test_a_task_of_beat_belongs_to_none():
    _name_task("task-2", Task({}))
    assert (request_id.get(), trace_id.get()) == ("task-2", "")
