"""Sign-in through an OpenID provider: a real one, on loopback, that knows two people and their groups.

Its users have only the claims of the standard's scopes, so their groups stand in ``nickname``.
"""

import base64
import hashlib
import io
import threading
from urllib.parse import parse_qs, urlsplit

import httpx
import oidc_provider_mock
import pytest
from django.contrib.auth.models import User
from django.test import override_settings
from django.urls import include, path
from oidc_provider_mock import User as Known
from werkzeug.serving import make_server

from moderation.models import AuditEntry
from reviewengine import urls as console
from reviewengine.access import oidc
from reviewengine.people_sections import Oidc
from tests import factories

pytestmark = pytest.mark.django_db
urlpatterns = [
    path("admin/oidc/sign-in/", oidc.SignInView.as_view(), name="oidc-sign-in"),
    path("admin/oidc/callback/", oidc.CallbackView.as_view(), name="oidc-callback"),
    path("", include(console)),
]
BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "reviewengine.access.oidc.ProviderBackend",
]


@pytest.fixture(scope="module")
def provider():
    """The provider's address, and the bodies that its token endpoint was sent."""
    people = [
        Known(sub="1", claims={"preferred_username": "olga", "nickname": ["trust", "choir"]}),
        Known(sub="2", claims={"preferred_username": "paul", "nickname": ["choir"]}),
        Known(sub="3", claims={"email": "nameless@example.org", "nickname": ["trust"]}),
    ]
    app, bodies = oidc_provider_mock.app(user_claims=people, require_nonce=True), []

    def listening(environ, start_response):
        if environ["PATH_INFO"] == "/oauth2/token":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            bodies.append(parse_qs(body.decode()))
            environ["wsgi.input"] = io.BytesIO(body)
        return app(environ, start_response)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        server = make_server("127.0.0.1", 0, listening, threaded=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", bodies
        server.shutdown()
        thread.join()


@pytest.fixture
def options(provider):
    return {
        "issuer": provider[0],
        "name": "Example Ltd",
        "client_id": "review-engine",
        "client_secret": "soup-soup-soup",
        "groups_claim": "nickname",
        "groups": {"trust": ["moderator"], "heads": ["lead"]},
    }


@pytest.fixture
def configured(options, access):
    """The console with the provider; ``configured(link_existing=True)`` changes an option."""
    access(oidc=Oidc(**options))
    with override_settings(ROOT_URLCONF=__name__, AUTHENTICATION_BACKENDS=BACKENDS):
        yield lambda **more: access(oidc=Oidc(**{**options, **more}))
    oidc._discovered.cache_clear()


def sign_in(client, sub: str, *, tamper=lambda query: query, next_page="/admin/review/"):
    """As a browser does it: to the provider, say yes there, and back."""
    there = client.get("/admin/oidc/sign-in/", {"next": next_page})
    agreed = httpx.post(there["Location"], data={"sub": sub})
    assert agreed.status_code == 302, agreed.text
    back = urlsplit(agreed.headers["Location"])
    return client.get(back.path, tamper({name: values[0] for name, values in parse_qs(back.query).items()}))


@pytest.mark.usefixtures("configured")
class TestComingIn:
    def test_a_person_of_a_mapped_group_comes_in_with_its_rights(self, client):
        assert sign_in(client, "1")["Location"] == "/admin/review/"
        assert client.get("/admin/review/").status_code == 200
        olga = User.objects.get(username="olga")
        assert (olga.is_staff, olga.is_superuser, olga.has_usable_password()) == (True, False, False)
        assert [group.name for group in olga.groups.all()] == ["moderator"]
        acts = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
        assert acts == ["user.added_by_provider", "user.roles_by_provider", "user.signed_in"]
        assert AuditEntry.objects.last().data["method"] == "oidc"

    def test_the_code_is_bound_to_this_browser(self, client, provider):
        there = parse_qs(urlsplit(client.get("/admin/oidc/sign-in/")["Location"]).query)
        assert there["code_challenge_method"] == ["S256"]
        assert there["response_type"] == ["code"]
        before = len(provider[1])
        agreed = client.get("/admin/oidc/sign-in/")["Location"]
        challenge = parse_qs(urlsplit(agreed).query)["code_challenge"][0]
        back = urlsplit(httpx.post(agreed, data={"sub": "1"}).headers["Location"])
        client.get(f"{back.path}?{back.query}")
        [sent] = provider[1][before:]
        digest = hashlib.sha256(sent["code_verifier"][0].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == challenge

    def test_a_page_that_was_wanted_elsewhere_is_not_gone_to(self, client):
        assert sign_in(client, "1", next_page="https://evil.example/")["Location"] == "/admin/"

    def test_signing_out_offers_to_sign_out_there_too(self, client, provider):
        sign_in(client, "1")
        page = client.post("/admin/logout/").content.decode()
        assert f"{provider[0]}/oauth2/end_session?id_token_hint=" in page
        assert client.get("/admin/review/").status_code == 302

    def test_the_sign_in_page_leads_there(self, client):
        assert "Sign in with Example Ltd" in client.get("/admin/login/").content.decode()


class TestStayingOut:
    @pytest.mark.usefixtures("configured")
    @pytest.mark.parametrize(("sub", "words"), [("2", "None of your groups"), ("3", "no name that can be used")])
    def test_who_has_no_mapped_group_or_no_name(self, client, sub, words):
        answer = sign_in(client, sub)
        assert answer["Location"] == "/admin/login/"
        assert words in client.get("/admin/login/").content.decode()
        assert not User.objects.exists()
        assert AuditEntry.objects.get().action == "user.sign_in_failed"

    @pytest.mark.usefixtures("configured")
    @pytest.mark.parametrize("change", [{"state": "forged"}, {"code": "forged"}])
    def test_a_forged_answer(self, client, change):
        assert sign_in(client, "1", tamper=lambda query: {**query, **change})["Location"] == "/admin/login/"
        assert "_auth_user_id" not in client.session

    @pytest.mark.usefixtures("configured")
    def test_an_answer_that_is_sent_twice(self, client):
        queries = []
        sign_in(client, "1", tamper=lambda query: queries.append(query) or query)
        client.post("/admin/logout/")
        client.get("/admin/oidc/callback/", queries[0])
        assert "_auth_user_id" not in client.session

    def test_an_account_with_a_password_of_its_own_unless_it_may_be_linked(self, client, configured):
        factories.UserFactory(username="olga", is_superuser=True)
        sign_in(client, "1")
        assert "_auth_user_id" not in client.session
        configured(link_existing=True)
        sign_in(client, "1")
        assert "_auth_user_id" in client.session

    @pytest.mark.usefixtures("configured")
    def test_a_switched_off_account_at_once(self, client):
        sign_in(client, "1")
        User.objects.update(is_active=False)
        assert client.get("/admin/review/").status_code == 302
        sign_in(client, "1")
        assert client.get("/admin/review/").status_code == 302

    def test_who_has_lost_the_groups_there(self, client, configured, options):
        sign_in(client, "1")
        configured(groups={"heads": ["lead"], "others": ["moderator"]})
        sign_in(client, "1")
        olga = User.objects.get(username="olga")
        assert (olga.is_staff, olga.groups.count()) == (False, 0)
        assert client.get("/admin/review/").status_code == 302

    def test_a_token_for_another_console(self, client, configured, monkeypatch):
        # The code is exchanged in the name it was given to: only the token's audience tells the consoles apart.
        monkeypatch.setattr(oidc.ProviderBackend, "OIDC_RP_CLIENT_ID", "review-engine", raising=False)
        there = client.get("/admin/oidc/sign-in/")["Location"]
        back = urlsplit(httpx.post(there, data={"sub": "1"}).headers["Location"])
        configured(client_id="another-console")
        client.get(f"{back.path}?{back.query}")
        assert "_auth_user_id" not in client.session

    def test_while_the_provider_is_away_people_are_told_so(self, client, configured):
        configured(issuer="http://127.0.0.1:9")
        oidc._discovered.cache_clear()
        assert client.get("/admin/oidc/sign-in/")["Location"] == "/admin/login/"
        assert "does not answer" in client.get("/admin/login/").content.decode()


class TestSecondFactor:
    def test_it_is_the_providers_unless_told_otherwise(self, client, configured, access, options):
        access(second_factor="required", oidc=Oidc(**options))
        sign_in(client, "1")
        assert client.get("/admin/review/").status_code == 200
        access(second_factor="required", oidc=Oidc(**options, second_factor_there=False))
        client.post("/admin/logout/")
        sign_in(client, "1")
        assert client.get("/admin/review/").status_code == 302
