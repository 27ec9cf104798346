"""Sign-in through an OpenID provider: Authorization Code with PKCE; a person's groups there decide what they may here.

mozilla-django-oidc speaks the protocol. What it leaves open is closed here: issuer, audience and expiry of the token,
that the claims are of the same person, that a switched-off account stays out, and who gets which group.
"""

import logging
import time
from functools import lru_cache
from typing import Any

from django.contrib import messages
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from reviewengine import conf
from reviewengine.access import sessions
from reviewengine.access.doors import note_sign_in
from reviewengine.access.events import tell
from reviewengine.access.gate import FACTOR, GIVEN

try:
    import jwt
    import requests
    from mozilla_django_oidc.auth import OIDCAuthenticationBackend
    from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView
except ModuleNotFoundError as error:
    raise ImproperlyConfigured(
        "access.oidc is configured, but what it needs is not installed: pip install -r requirements-oidc.in"
    ) from error

logger = logging.getLogger(__name__)
WELL_KNOWN = "/.well-known/openid-configuration"
ENDPOINTS = {
    "OIDC_OP_AUTHORIZATION_ENDPOINT": "authorization_endpoint",
    "OIDC_OP_TOKEN_ENDPOINT": "token_endpoint",
    "OIDC_OP_USER_ENDPOINT": "userinfo_endpoint",
    "OIDC_OP_JWKS_ENDPOINT": "jwks_uri",
}
# A provider that is away, one that answers nonsense, and a token that is not for us: nobody comes in, nothing breaks.
FAULTS = (requests.RequestException, jwt.PyJWTError, SuspiciousOperation, LookupError, ValueError, TypeError)


class Refused(SuspiciousOperation):
    """The provider knows the person, and this console does not let them in; the words are for them."""


def discovered() -> dict[str, Any]:
    """What the provider says of itself; asked once an hour. Raises one of FAULTS where it does not answer."""
    oidc = conf.load().access.oidc
    return _discovered(oidc.issuer.rstrip("/"), oidc.timeout_seconds, int(time.time() // 3600))


@lru_cache(maxsize=4)
def _discovered(issuer: str, timeout: float, hour: int) -> dict[str, Any]:
    answer = requests.get(issuer + WELL_KNOWN, timeout=timeout)
    answer.raise_for_status()
    document: dict[str, Any] = answer.json()
    if str(document["issuer"]).rstrip("/") != issuer:
        raise SuspiciousOperation("The provider calls itself by another name than access.oidc.issuer.")
    return document


def option(name: str, *default: Any) -> Any:
    """What mozilla-django-oidc would look for in Django's settings."""
    oidc = conf.load().access.oidc
    known = {
        "OIDC_RP_CLIENT_ID": oidc.client_id,
        "OIDC_RP_CLIENT_SECRET": oidc.client_secret,
        "OIDC_RP_SIGN_ALGO": oidc.sign_algorithm,
        "OIDC_RP_SCOPES": " ".join(oidc.scopes),
        "OIDC_USE_PKCE": True,
        "OIDC_STORE_ID_TOKEN": True,
        "OIDC_TIMEOUT": oidc.timeout_seconds,
        "OIDC_AUTHENTICATION_CALLBACK_URL": "oidc-callback",
        "LOGIN_REDIRECT_URL": "admin:index",
    }
    if name in ENDPOINTS:
        return discovered()[ENDPOINTS[name]]
    return known.get(name, default[0] if default else None)


def sign_out_address(request: HttpRequest, id_token: str) -> str:
    """Where the person's session at the provider ends; empty where it has no such page, or does not answer."""
    try:
        endpoint = discovered().get("end_session_endpoint")
    except FAULTS:
        return ""
    back = request.build_absolute_uri(reverse("admin:login"))
    return f"{endpoint}?{urlencode({'id_token_hint': id_token, 'post_logout_redirect_uri': back})}" if endpoint else ""


class ProviderBackend(OIDCAuthenticationBackend):  # type: ignore[misc]
    """Who the provider says it is. Django makes one for every request: nothing is asked until somebody signs in."""

    get_settings = staticmethod(option)

    def __init__(self) -> None:
        self.UserModel = User

    def __getattr__(self, name: str) -> Any:
        if name.startswith("OIDC_"):
            return option(name)
        raise AttributeError(name)

    def get_user(self, user_id: int) -> User | None:
        """As for a password: an account that is switched off is nobody."""
        return ModelBackend.get_user(self, user_id)  # type: ignore[return-value]

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """Only for an answer of the provider: a password is none of its business."""
        if "code_verifier" not in credentials or not conf.load().access.oidc.issuer:
            return None
        return super().authenticate(request, **credentials)  # type: ignore[no-any-return]

    def verify_token(self, token: str, **kwargs: Any) -> dict[str, Any]:
        payload: dict[str, Any] = super().verify_token(token, **kwargs)
        oidc, audience = conf.load().access.oidc, payload.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        is_ours = oidc.client_id in audiences and payload.get("azp", oidc.client_id) == oidc.client_id
        if payload.get("iss") != discovered()["issuer"] or not is_ours or "exp" not in payload:
            raise SuspiciousOperation("The token was not made for this console.")
        return payload

    def retrieve_matching_jwk(self, token: str) -> jwt.PyJWK:
        """The key that the token names; one that names none is of the only key there is (OpenID Connect, 10.1)."""
        oidc, header = conf.load().access.oidc, jwt.get_unverified_header(token)
        answer = requests.get(option("OIDC_OP_JWKS_ENDPOINT"), timeout=oidc.timeout_seconds)
        answer.raise_for_status()
        keys = [key for key in answer.json()["keys"] if key.get("alg", oidc.sign_algorithm) == oidc.sign_algorithm]
        if "kid" in header:
            keys = [key for key in keys if key.get("kid") == header["kid"]]
        if len(keys) != 1:
            raise SuspiciousOperation("No key of the provider fits the token.")
        return jwt.PyJWK(keys[0], algorithm=oidc.sign_algorithm)

    def get_userinfo(self, access_token: str, id_token: str, payload: dict[str, Any]) -> dict[str, Any]:
        """The claims of both places, once they are of the same person."""
        said = super().get_userinfo(access_token, id_token, payload)
        if said.get("sub") != payload["sub"]:
            raise SuspiciousOperation("The claims are of another person than the token.")
        return {**payload, **said}

    def get_or_create_user(self, access_token: str, id_token: str, payload: dict[str, Any]) -> User:
        claims = self.get_userinfo(access_token, id_token, payload)
        try:
            return enter(name=_name_in(claims), email=str(claims.get("email") or "")[:254], groups=groups_for(claims))
        except Refused as refusal:
            self.request.oidc_refusal = str(refusal)  # the library swallows why
            raise


def groups_for(claims: dict[str, Any]) -> set[str]:
    """The console's groups that the claims lead to."""
    oidc = conf.load().access.oidc
    held = claims.get(oidc.groups_claim) or []
    held = [held] if isinstance(held, str) else held
    return {group for name in held for group in oidc.groups.get(str(name), [])}


def _name_in(claims: dict[str, Any]) -> str:
    name = claims.get(conf.load().access.oidc.username_claim)
    try:
        UnicodeUsernameValidator()(name)
    except ValidationError as error:
        raise Refused(_("Your account there has no name that can be used here.")) from error
    if not isinstance(name, str) or len(name) > 150:
        raise Refused(_("Your account there has no name that can be used here."))
    return name


def enter(*, name: str, email: str, groups: set[str]) -> User:
    """The account of this name, with the groups that the provider gives. Raises Refused for whoever has none."""
    person = _account(name, email, groups)
    if not groups:
        raise Refused(_("None of your groups there leads into this console. Ask an administrator."))
    return person


@transaction.atomic
def _account(name: str, email: str, groups: set[str]) -> User:
    """Groups that no provider group is mapped to were given here, and stay. Who has none left is staff no more."""
    oidc = conf.load().access.oidc
    person = User.objects.select_for_update().filter(username=name).first()
    if person is None:
        if not groups:
            raise Refused(_("None of your groups there leads into this console. Ask an administrator."))
        person = User.objects.create_user(name, email=email)
        tell("added_by_provider", person)
    elif person.has_usable_password() and not oidc.link_existing:
        raise Refused(_("An account of this name has a password of its own here. Ask an administrator to link them."))
    mapped = {group for names in oidc.groups.values() for group in names}
    before = set(person.groups.values_list("name", flat=True))
    after = (before - mapped) | groups
    staff = bool(groups)
    if (before, person.is_staff) != (after, staff):
        person.groups.set(Group.objects.filter(name__in=after))
        person.is_staff = staff
        person.save(update_fields=["is_staff"])
        tell("roles_by_provider", person, changes={"groups": [sorted(before), sorted(after)], "is_staff": staff})
    if not staff:
        sessions.end_all(person)
    return person


class SignInView(OIDCAuthenticationRequestView):  # type: ignore[misc]
    """To the provider."""

    get_settings = staticmethod(option)

    def __init__(self, **kwargs: Any) -> None:
        self.OIDC_RP_CLIENT_ID = option("OIDC_RP_CLIENT_ID")

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            self.OIDC_OP_AUTH_ENDPOINT = option("OIDC_OP_AUTHORIZATION_ENDPOINT")
        except FAULTS:
            name = conf.load().access.oidc.name
            messages.error(request, _("%(name)s does not answer. Try again in a moment.") % {"name": name})
            return HttpResponseRedirect(reverse("admin:login"))
        return super().get(request)  # type: ignore[no-any-return]


class CallbackView(OIDCAuthenticationCallbackView):  # type: ignore[misc]
    """Back from the provider."""

    get_settings = staticmethod(option)

    @property
    def failure_url(self) -> str:
        return reverse("admin:login")

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            answer: HttpResponse = super().get(request)
        except FAULTS as fault:
            logger.warning("access.oidc_refused", exc_info=fault)
            return self._refuse(request)
        return answer if request.user.is_authenticated else self._refuse(request)

    def login_success(self) -> HttpResponse:
        answer: HttpResponse = super().login_success()
        if conf.load().access.oidc.second_factor_there:
            self.request.session[FACTOR] = GIVEN
        note_sign_in(self.request, "oidc")
        return answer

    def _refuse(self, request: HttpRequest) -> HttpResponse:
        note_sign_in(request, "oidc")
        name = conf.load().access.oidc.name
        why = getattr(request, "oidc_refusal", "")
        messages.error(request, why or _("The sign-in with %(name)s did not work. Try again.") % {"name": name})
        return HttpResponseRedirect(self.failure_url)
