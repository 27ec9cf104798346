"""A web process that is told to has its models before anybody asks."""

import httpx
import pytest

from tests.e2e.conftest import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
READ = 'reviewengine_detector_seconds_count{detector="text"}'


def test_the_text_model_has_read_before_the_first_call(web):
    running = web(REVIEWENGINE_WEB__WARM_UP="true", REVIEWENGINE_WEB__WORKERS="1")

    def it_has_read() -> bool:
        return READ in httpx.get(f"{running.url}/metrics").text

    wait_until(it_has_read)


def test_without_it_an_idle_process_loads_nothing(web):
    running = web(REVIEWENGINE_WEB__WORKERS="1")
    assert httpx.get(f"{running.url}/readyz").status_code == 200
    assert READ not in httpx.get(f"{running.url}/metrics").text
