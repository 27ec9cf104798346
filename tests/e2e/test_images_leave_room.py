"""Large images sent by many callers at once: half of a process's threads stay free for everybody else."""

import base64
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.e2e.conftest import wait_until
from tests.images import huge_png

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
CALLERS, IMAGES, SIDE, PATIENCE = 12, 8, 3_500, 120


def test_surplus_calls_with_images_are_refused_while_texts_are_answered(web, key):
    running = web(REVIEWENGINE_WEB__WORKERS="1", REVIEWENGINE_WEB__THREADS="4")
    client = httpx.Client(base_url=running.url, headers={"Authorization": f"Bearer {key}"}, timeout=PATIENCE)
    image = {"url": "data:image/png;base64," + base64.b64encode(huge_png(SIDE, SIDE)).decode()}
    images = {"input": [{"type": "image_url", "image_url": image}] * IMAGES}
    assert client.post("/v1/moderations", json={"input": "warm soup"}).status_code == 200

    def send(_: int) -> httpx.Response:
        return client.post("/v1/moderations", json=images)

    with ThreadPoolExecutor(CALLERS) as pool:
        sent = [pool.submit(send, number) for number in range(CALLERS)]

        def one_is_refused() -> bool:
            return any(call.done() and call.result().status_code == 503 for call in sent)

        wait_until(one_is_refused)
        assert httpx.get(f"{running.url}/livez", timeout=PATIENCE).status_code == 200
        assert client.post("/v1/moderations", json={"input": "warm soup"}).status_code == 200
        assert not all(call.done() for call in sent), "the images were gone before the text was answered"
        answers = [call.result() for call in sent]
    assert Counter(answer.status_code for answer in answers).keys() == {200, 503}
    assert all("Retry-After" in answer.headers for answer in answers if answer.status_code == 503)
