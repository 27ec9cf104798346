"""Production, and everything else that is not somebody's own machine, refuses to start unsafe."""

import pytest

from reviewengine import conf

SAFE = {"SECRET_KEY": "s" * 50, "REVIEWENGINE_ALLOWED_HOSTS": '["review.example.com"]'}


@pytest.mark.parametrize("env", ["staging", "production"])
@pytest.mark.parametrize(
    ("unsafe", "fault"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing or shorter than 50 characters: set SECRET_KEY or SECRET_KEY_FILE"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is missing or shorter than 50 characters"),
        ({"SECRET_KEY": conf.DEVELOPMENT_SECRET}, "SECRET_KEY is missing or shorter than 50 characters"),
        ({"REVIEWENGINE_DEBUG": "true"}, "debug is on: remove REVIEWENGINE_DEBUG"),
        ({"REVIEWENGINE_ALLOWED_HOSTS": ""}, "allowed_hosts is empty or open: set REVIEWENGINE_ALLOWED_HOSTS="),
        ({"REVIEWENGINE_ALLOWED_HOSTS": '["*"]'}, "allowed_hosts is empty or open"),
    ],
)
def test_it_refuses_to_start(env, unsafe, fault, read_config):
    with pytest.raises(conf.ImproperlyConfigured) as raised:
        read_config(REVIEWENGINE_ENV=env, **SAFE | unsafe)
    assert f"{env} refuses to start: {fault}" in str(raised.value)


def test_it_tells_every_reason_at_once(read_config):
    with pytest.raises(conf.ImproperlyConfigured) as raised:
        read_config(REVIEWENGINE_ENV="production", REVIEWENGINE_DEBUG="true")
    assert str(raised.value).count("production refuses to start: ") == 3


def test_it_starts_with_a_key_of_its_own_and_its_hosts(read_config):
    assert read_config(REVIEWENGINE_ENV="production", **SAFE).allowed_hosts == ["review.example.com"]


def test_a_secret_is_never_quoted(read_config):
    with pytest.raises(conf.ImproperlyConfigured) as raised:
        read_config(REVIEWENGINE_ENV="production", SECRET_KEY="hunter2")
    assert "hunter2" not in str(raised.value)


def test_the_public_secret_key_serves_no_other_machine(read_config):
    with pytest.raises(conf.ImproperlyConfigured, match="web.bind is 0.0.0.0, open to other machines, and SECRET_KEY"):
        read_config(REVIEWENGINE_WEB__BIND="0.0.0.0")


def test_a_development_server_with_a_key_of_its_own_may_serve_other_machines(read_config):
    assert read_config(REVIEWENGINE_WEB__BIND="0.0.0.0", SECRET_KEY="s" * 50).web.bind == "0.0.0.0"
