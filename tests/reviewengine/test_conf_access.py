"""The section about access: what cannot work is said before the console starts."""

import pytest
from django.core.exceptions import ImproperlyConfigured

OIDC = {
    "REVIEWENGINE_ACCESS__OIDC__ISSUER": "https://id.example.org",
    "REVIEWENGINE_ACCESS__OIDC__CLIENT_ID": "review-engine",
    "REVIEWENGINE_ACCESS__OIDC__CLIENT_SECRET": "soup",
    "REVIEWENGINE_ACCESS__OIDC__GROUPS": '{"trust": ["moderator"]}',
}


def test_a_bare_off_is_off(read_config):
    assert read_config(REVIEWENGINE_ACCESS__SECOND_FACTOR="off").access.second_factor == "off"


def test_a_provider_is_read(read_config):
    oidc = read_config(**OIDC).access.oidc
    assert (oidc.groups, oidc.second_factor_there, oidc.link_existing) == ({"trust": ["moderator"]}, True, False)


@pytest.mark.parametrize("missing", ["CLIENT_ID", "CLIENT_SECRET", "GROUPS"])
def test_a_provider_that_cannot_be_asked_is_a_fault(read_config, missing):
    given = {name: value for name, value in OIDC.items() if not name.endswith(missing)}
    with pytest.raises(ImproperlyConfigured, match=missing.lower()):
        read_config(**given)


def test_a_provider_without_tls_is_for_ones_own_machine(read_config):
    plain = {**OIDC, "REVIEWENGINE_ACCESS__OIDC__ISSUER": "http://id.example.org"}
    assert read_config(**plain).access.oidc.issuer
    safe = {"REVIEWENGINE_ENV": "production", "SECRET_KEY": "x" * 60, "REVIEWENGINE_ALLOWED_HOSTS": '["a.example"]'}
    with pytest.raises(ImproperlyConfigured, match="https://"):
        read_config(**plain, **safe)


def test_a_console_that_nobody_can_enter_is_a_fault(read_config):
    with pytest.raises(ImproperlyConfigured, match="password_sign_in"):
        read_config(REVIEWENGINE_ACCESS__PASSWORD_SIGN_IN="false")
    assert not read_config(**OIDC, REVIEWENGINE_ACCESS__PASSWORD_SIGN_IN="false").access.password_sign_in


def test_no_fault_quotes_the_secret(read_config):
    with pytest.raises(ImproperlyConfigured) as fault:
        read_config(**{**OIDC, "REVIEWENGINE_ACCESS__OIDC__CLIENT_ID": ""}, REVIEWENGINE_ACCESS__SESSION_HOURS="0")
    assert "soup" not in str(fault.value)
