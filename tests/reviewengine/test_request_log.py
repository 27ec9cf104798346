"""The request's line in the log, and what a failing request leaves there."""

import io
import json
import logging

import pytest
from django.test import Client

from reviewengine import logs

pytestmark = pytest.mark.django_db
SAID = "my aunt's secret soup recipe"


@pytest.fixture(params=["console", "json"])
def written(request):
    """Everything that the process would write to standard error."""
    root, out = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level
    logs.configure({"format": request.param, "level": "INFO"})
    root.handlers[-1].setStream(out)
    yield out
    root.handlers[:], root.level = before


def lines(out: io.StringIO) -> list[str]:
    return [line for line in out.getvalue().splitlines() if "reviewengine.requests" in line]


def test_a_request_leaves_one_line_with_its_answer_and_id(client, written):
    client.get("/admin/login/?next=/admin/", headers={"X-Request-ID": "order-66"})
    (line,) = lines(written)
    assert "GET /admin/login/ 200 " in line
    assert "order-66" in line
    assert "next=" not in line


def test_the_json_line_has_ecs_fields(client, written):
    client.get("/admin/login/")
    (line,) = lines(written)
    if line.startswith("{"):
        fields = json.loads(line)
        assert fields["http.request.method"] == "GET"
        assert fields["url.path"] == "/admin/login/"
        assert fields["http.response.status_code"] == 200
        assert fields["event.duration"] > 0


@pytest.mark.parametrize("path", ["/livez", "/healthz", "/readyz", "/readyz/redis", "/health", "/metrics"])
def test_probes_leave_no_line(path, client, written):
    client.get(path)
    assert lines(written) == []


def test_the_line_can_be_switched_off(written, settings):
    settings.REVIEWENGINE_LOG_REQUESTS = False
    Client().get("/admin/login/")
    assert lines(written) == []


def test_a_line_break_in_an_address_makes_no_second_line(client, written):
    client.get("/admin/x%0AGET /forged 200")
    (line,) = lines(written)
    assert "/admin/x%0AGET%20/forged%20200" in line


def test_a_request_that_breaks_leaves_neither_its_text_nor_its_key(key, written, monkeypatch):
    """The body, the key and the exception's words stay out; the place in the code is there."""

    def explode(*args: object, **kwargs: object) -> None:
        raise RuntimeError(f"failing row contains ({SAID})")

    from moderation.api import submit

    monkeypatch.setattr(submit, "submit_content", explode)
    response = Client(raise_request_exception=False).post(
        "/api/v1/content?note=soup",
        data=json.dumps({"external_id": "post-1", "text": SAID}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )
    assert response.status_code == 500
    assert "RuntimeError" in written.getvalue()
    assert "test_request_log.py" in written.getvalue()
    assert "soup" not in written.getvalue()
    assert key not in written.getvalue()
    assert "soup" not in response.content.decode()
