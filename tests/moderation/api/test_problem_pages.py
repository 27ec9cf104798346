"""Every problem's type leads to a page, for people and for machines; what Django answers by itself is a problem too."""

import re
from pathlib import Path

import pytest
from django.test import Client

from moderation.api.errors import PROBLEMS, Problem
from moderation.ingest.faults import FAULTS

pytestmark = pytest.mark.django_db
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
DOCUMENTATION = Path(__file__).parents[3] / "docs" / "api.md"


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_type_leads_to_its_page(client, code):
    address = f"/api/problems/{code}"
    described = client.get(address).json()
    assert (described["code"], described["type"]) == (code, Problem(code).body()["type"])
    page = client.get(address, headers=BROWSER)
    assert page["Content-Type"] == "text/html; charset=utf-8"
    assert f"<code>{code}</code>" in page.content.decode()
    assert "Accept" in page["Vary"]


def test_every_code_is_listed(client):
    assert {problem["code"] for problem in client.get("/api/problems/").json()["problems"]} == set(PROBLEMS)
    page = client.get("/api/problems/", headers=BROWSER).content.decode()
    assert set(re.findall(r'href="/api/problems/(\w+)"', page)) == set(PROBLEMS)


def test_the_pages_keep_to_the_policy(client):
    page = client.get("/api/problems/", headers=BROWSER)
    assert "style-src 'self'" in page["Content-Security-Policy"]
    assert "<script" not in page.content.decode()
    assert "style=" not in page.content.decode()


def test_no_other_code_has_a_page(client):
    answer = client.get("/api/problems/nonsense")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    page = client.get("/api/problems/nonsense", headers=BROWSER)
    assert (page.status_code, page["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "There is no problem of this name" in page.content.decode()
    assert "Accept" in page["Vary"]


@pytest.mark.parametrize("code", ["validation_failed", "invalid_parameter"])
def test_the_codes_in_errors_stand_on_the_page(client, code):
    assert client.get(f"/api/problems/{code}").json()["errors"] == FAULTS
    page = client.get(f"/api/problems/{code}", headers=BROWSER).content.decode()
    assert [fault for fault in FAULTS if f"<td><code>{fault}</code></td>" not in page] == []


def test_the_documentation_tells_every_code_in_errors():
    section = DOCUMENTATION.read_text().partition("\n### Codes in `errors`\n")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == list(FAULTS)


def test_the_documentation_lists_every_code():
    table = DOCUMENTATION.read_text().partition("\n## Errors\n")[2].partition("\n## ")[0]
    listed = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (?:\d[^|]*)\|(.*)$", table, re.MULTILINE))))
    assert set(PROBLEMS) - listed == set()


@pytest.mark.parametrize("path", ["/api/v1/content", "/api/nonsense"])
def test_a_foreign_host_is_a_problem(client, path):
    answer = client.get(path, headers={"Host": "evil.example", "X-Request-ID": "r1"})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert (answer.json()["code"], answer.json()["request_id"], answer["X-Request-ID"]) == ("bad_request", "r1", "r1")


def test_vendors_doors_keep_their_envelope(client):
    evil = {"Host": "evil.example"}
    assert client.get("/v1/models", headers=evil).json()["error"]["type"] == "invalid_request_error"
    assert client.get("/v1alpha1/comments:analyze", headers=evil).json()["error"]["status"] == "INVALID_ARGUMENT"


def test_people_get_a_page(client):
    assert client.get("/nonsense")["Content-Type"].startswith("text/html")


def test_what_no_door_catches_is_a_problem_too(monkeypatch):
    def explode(*_, **__):
        raise RuntimeError("no")

    monkeypatch.setattr("moderation.api.fallbacks.Problem", Problem)
    monkeypatch.setattr("reviewengine.middleware.HostMiddleware.process_request", explode)
    answer = Client(raise_request_exception=False).get("/api/v1/content")
    assert (answer.status_code, answer.json()["code"]) == (500, "server_error")
