"""What every request passes through, on real addresses."""

import re
from ipaddress import ip_network

import pytest
from django.test import Client
from prometheus_client import REGISTRY

from moderation.api import addresses

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
    before = counted(method="OTHER", status="405", view="livez")
    client.generic("BREW", "/livez")
    client.generic("WHEN", "/livez")
    assert counted(method="OTHER", status="405", view="livez") == before + 2


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


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "path", ["/api/", "/api/schema/", "/api/docs/", "/api/problems/", "/api/problems/decided", "/$discovery/rest",
             "/livez", "/readyz", "/health", "/metrics"],
)  # fmt: skip
def test_an_open_page_can_only_be_read(path, method):
    response = Client(enforce_csrf_checks=True).generic(method, path)
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")
    if path.startswith("/api/"):
        assert response.json()["code"] == "method_not_allowed"


@pytest.mark.parametrize("path", ["/$discovery/rest", "/discovery/v1/apis/commentanalyzer/v1alpha1/rest"])
def test_a_foreign_host_of_the_discovery_document_is_refused_as_its_vendor_would(path, client):
    response = client.get(path, headers={"Host": "evil.example"})
    assert (response.status_code, response.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_what_a_key_reads_is_kept_by_nobody_else(client, key):
    bearer = {"Authorization": f"Bearer {key}"}
    listed, refused = client.get("/api/v1/content", headers=bearer), client.get("/v1/models")
    scored = client.post(f"/v1alpha1/comments:analyze?key={key}", "{}", content_type="application/json")
    unknown = client.get("/api/v1/nothing")
    assert {one.headers["Cache-Control"] for one in (listed, refused, scored, unknown)} == {"no-store"}
    page = "/api/v1/keys/" + "_".join(key.split("_")[:2])
    read = client.get(page, headers=bearer)
    known = client.get(page, headers=bearer | {"If-None-Match": read.headers["ETag"]})
    assert known.status_code == 304
    assert {one.headers["Cache-Control"] for one in (read, known)} == {"private, no-cache"}
    assert client.get("/$discovery/rest").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("proxies", "peer", "is_secure"),
    [
        ([], "203.0.113.9", True),
        (["10.0.0.0/8"], "10.0.0.1", True),
        (["10.0.0.0/8"], "", True),  # a Unix socket
        (["10.0.0.0/8"], "203.0.113.9", False),
    ],
)
def test_the_scheme_is_told_by_proxies_of_ours_alone_once_they_are_named(
    proxies, peer, is_secure, settings, monkeypatch
):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    monkeypatch.setattr(addresses, "trusted_proxies", lambda: tuple(map(ip_network, proxies)))
    addresses._is_ours.cache_clear()
    document = Client(REMOTE_ADDR=peer).get("/$discovery/rest", headers={"X-Forwarded-Proto": "https"}).json()
    addresses._is_ours.cache_clear()
    assert document["rootUrl"].startswith("https:") is is_secure
