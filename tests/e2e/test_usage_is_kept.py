"""Usage on a real gunicorn: several processes count, and what they counted is there in the end."""

import signal
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from moderation.enums import Scope
from moderation.models import ApiKey, ApiUsage
from tests.e2e.conftest import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
REQUESTS = 300


def use(url: str, platform) -> None:
    """Many callers at once, over both processes; every third request is refused."""
    key = ApiKey.issue(client=platform, scopes=[Scope.CONTENT_READ])
    headers = {"Authorization": f"Bearer {key}"}

    def call(number: int) -> None:
        page = "content/nothing" if number % 3 == 0 else "content"
        httpx.get(f"{url}/api/v1/{page}", headers=headers, timeout=60)

    with ThreadPoolExecutor(30) as pool:
        list(pool.map(call, range(REQUESTS)))


def counted() -> list[tuple[int, int]]:
    return list(ApiUsage.objects.values_list("requests", "refused"))


def test_processes_that_end_in_order_flush_what_they_counted(web, platform):
    running = web()
    use(running.url, platform)
    running.process.send_signal(signal.SIGTERM)
    running.process.wait(30)
    assert counted() == [(REQUESTS, REQUESTS // 3)]


def test_processes_that_go_on_flush_within_seconds(web, platform):
    use(web().url, platform)

    def all_counted() -> bool:
        return counted() == [(REQUESTS, REQUESTS // 3)]

    wait_until(all_counted, seconds=30)
