"""What every request passes through, on real addresses."""

import re

import pytest
from django.test import Client
from prometheus_client import REGISTRY

pytestmark = pytest.mark.django_db


def counted(**labels: str) -> float:
    return REGISTRY.get_sample_value("http_requests_total", labels) or 0.0


def test_the_callers_request_id_comes_back(client):
    assert client.get("/livez", headers={"X-Request-ID": "order-66"}).headers["X-Request-ID"] == "order-66"


def test_a_request_without_an_id_gets_one(client):
    assert re.fullmatch("[0-9a-f]{32}", client.get("/admin/login/").headers["X-Request-ID"])


def test_an_error_answer_carries_the_id_too(client):
    assert client.get("/no-such-page", headers={"X-Request-ID": "lost"}).headers["X-Request-ID"] == "lost"


def test_a_request_is_counted_by_method_status_and_view(client):
    before = counted(method="GET", status="200", view="livez")
    client.get("/livez")
    assert counted(method="GET", status="200", view="livez") == before + 1


def test_unknown_addresses_share_one_name(client):
    before = counted(method="GET", status="404", view="unknown")
    client.get("/no/such/1")
    client.get("/no/such/2")
    assert counted(method="GET", status="404", view="unknown") == before + 2


def test_invented_methods_share_one_name(client):
    before = counted(method="OTHER", status="200", view="livez")
    client.generic("BREW", "/livez")
    client.generic("WHEN", "/livez")
    assert counted(method="OTHER", status="200", view="livez") == before + 2


def test_an_unhandled_exception_counts_as_500(client, monkeypatch):
    def explode(request):
        raise RuntimeError("no")

    from reviewengine.urls import urlpatterns

    livez = next(pattern for pattern in urlpatterns if getattr(pattern, "name", "") == "livez")
    monkeypatch.setattr(livez, "callback", explode)
    before = counted(method="GET", status="500", view="livez")
    assert Client(raise_request_exception=False).get("/livez").status_code == 500
    assert counted(method="GET", status="500", view="livez") == before + 1


def test_requests_are_timed_by_view(client):
    labels = {"method": "GET", "view": "livez"}
    before = REGISTRY.get_sample_value("http_request_duration_seconds_count", labels) or 0.0
    client.get("/livez")
    assert REGISTRY.get_sample_value("http_request_duration_seconds_count", labels) == before + 1


def test_a_page_for_people_has_a_policy_for_content_and_for_permissions(client):
    headers = client.get("/admin/login/").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_an_unknown_page_has_them_too(client):
    assert "Content-Security-Policy" in client.get("/no-such-page").headers
    assert "Content-Security-Policy" in client.get("/api/no-such-page").headers


def test_the_api_keeps_no_session_and_says_its_length(client, key):
    response = client.get("/api/v1/content", headers={"Authorization": f"Bearer {key}"})
    assert response.status_code == 200
    assert not hasattr(response.wsgi_request, "session")
    assert response.headers["Content-Length"] == str(len(response.content))
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_the_api_reads_no_cookie(client, key, lead):
    """A person who is signed in to the console has no more rights on the API than a stranger."""
    client.force_login(lead)
    assert client.get("/api/v1/content").status_code == 401


def test_a_foreign_host_is_refused(client):
    assert client.get("/admin/login/", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/api/v1/content", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("path", ["/livez", "/healthz", "/readyz", "/readyz/redis", "/health", "/metrics"])
def test_a_probe_may_ask_by_address_and_without_tls(path, client, settings):
    settings.SECURE_SSL_REDIRECT = True
    response = Client().get(path, headers={"Host": "10.1.2.3:8000"})
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-cache"
