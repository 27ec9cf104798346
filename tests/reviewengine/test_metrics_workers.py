"""Tasks are counted in the worker that runs them."""

import pytest
from celery import shared_task
from prometheus_client import REGISTRY

from reviewengine.celery import app
from reviewengine.request_ids import request_id


@shared_task(name="tests.stir")
def stir(spoons: int) -> str:
    if spoons < 1:
        raise ValueError("no spoon")
    return request_id.get()


@pytest.fixture(autouse=True)
def _tasks_of_these_tests():
    app.finalize()


def sample(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_a_task_that_succeeds_is_counted_and_timed():
    before = sample("celery_tasks_total", task="tests.stir", state="SUCCESS")
    timed = sample("celery_task_duration_seconds_count", task="tests.stir")
    stir.apply(args=[1])
    assert sample("celery_tasks_total", task="tests.stir", state="SUCCESS") == before + 1
    assert sample("celery_task_duration_seconds_count", task="tests.stir") == timed + 1


def test_a_task_that_fails_is_counted_as_a_failure():
    before = sample("celery_tasks_total", task="tests.stir", state="FAILURE")
    stir.apply(args=[0])
    assert sample("celery_tasks_total", task="tests.stir", state="FAILURE") == before + 1


def test_no_task_is_active_when_all_have_ended():
    before = sample("celery_tasks_active")
    stir.apply(args=[1])
    stir.apply(args=[0])
    assert sample("celery_tasks_active") == before


def test_log_lines_of_a_task_carry_its_id():
    assert stir.apply(args=[1], task_id="t-42").result == "t-42"
