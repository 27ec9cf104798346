"""Limits and idempotency keys on a real gunicorn: several processes, many callers at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from moderation.enums import Scope
from moderation.models import ApiKey, IdempotencyRecord, Report
from tests import factories

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
# So long that nothing is regained while the test runs.
HOUR = {"REVIEWENGINE_API__RATE_LIMIT_SECONDS": "3600"}


def statuses(url: str, keys: list[str], count: int) -> Counter[int]:
    """What ``count`` callers at once are answered; each has a connection of its own."""

    def call(number: int) -> int:
        headers = {"Authorization": f"Bearer {keys[number % len(keys)]}"}
        return httpx.get(f"{url}/api/v1/content", headers=headers, timeout=60).status_code

    with ThreadPoolExecutor(50) as pool:
        return Counter(pool.map(call, range(count)))


def test_twenty_of_two_hundred_pass_a_limit_of_twenty(web, platform):
    key = ApiKey.issue(client=platform, scopes=["content:read"], rate_limit_requests=20)
    assert statuses(web(**HOUR).url, [key], 200) == {200: 20, 429: 180}


def test_the_limit_of_an_address_is_exact_whatever_the_keys(web, platform):
    keys = [ApiKey.issue(client=platform, scopes=["content:read"]) for _ in range(5)]
    running = web(**HOUR, REVIEWENGINE_API__RATE_LIMIT_ADDRESS_REQUESTS="20")
    assert statuses(running.url, keys, 200) == {200: 20, 429: 180}


def test_wrong_keys_are_refused_after_the_sixtieth(web, platform):
    answers = statuses(web(**HOUR).url, [f"re_00000000_{number}" for number in range(100)], 100)
    assert answers == {401: 60, 429: 40}


def test_one_report_comes_of_forty_requests_with_one_key(web, platform):
    content = factories.ContentFactory(client=platform)
    key = ApiKey.issue(client=platform, scopes=list(Scope.values))
    url = f"{web().url}/api/v1/reports"
    body = {"content_id": str(content.pk), "reason": "spam", "reporter": "u7"}
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": '"one"'}

    def send(_: int) -> httpx.Response:
        while (answer := httpx.post(url, json=body, headers=headers, timeout=60)).status_code == 409:
            assert answer.json()["code"] == "idempotency_in_progress"
        return answer

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, range(40)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert Report.objects.count() == IdempotencyRecord.objects.count() == 1
