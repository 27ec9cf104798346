"""`manage.py check`: every fault of the installation has a sentence and a mend."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from reviewengine import checks, conf
from reviewengine.sections import MediaStorage


def ids(found) -> list[str]:
    assert all(message.hint for message in found)
    return [message.id for message in found]


def with_config(monkeypatch, **changes):
    changed = conf.load().model_copy(update=changes)
    monkeypatch.setattr(conf, "load", lambda: changed)


def test_django_finds_nothing_either():
    call_command("check", fail_level="WARNING")


def test_this_installation_is_sound():
    for check in (
        checks.check_home,
        checks.check_media_folder,
        checks.check_times,
        checks.check_static_files,
        checks.check_metrics_folder,
    ):
        assert check() == []


def test_a_home_below_a_file_is_an_error(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    with_config(monkeypatch, home=tmp_path / "file" / "home")
    assert ids(checks.check_home()) == ["reviewengine.E001"]


def test_a_home_that_does_not_exist_yet_is_fine_where_it_can_be_made(monkeypatch, tmp_path):
    with_config(monkeypatch, home=tmp_path / "not" / "yet")
    assert checks.check_home() == []


def test_a_media_folder_that_cannot_be_made_is_an_error(monkeypatch, tmp_path):
    (tmp_path / "media").touch()
    with_config(monkeypatch, home=tmp_path)
    (error,) = checks.check_media_folder()
    assert (error.id, error.msg) == (
        "reviewengine.E010",
        f"The folder of images {tmp_path / 'media'} cannot be written by this user.",
    )


def test_a_bucket_needs_no_folder(monkeypatch, tmp_path):
    (tmp_path / "media").touch()
    images = conf.load().images.model_copy(update={"storage": MediaStorage(kind="s3", bucket="images")})
    with_config(monkeypatch, home=tmp_path, images=images)
    assert checks.check_media_folder() == []


@override_settings(TIME_ZONE="Europe/Berlin")
def test_another_time_zone_is_an_error():
    assert ids(checks.check_times()) == ["reviewengine.E002"]


@override_settings(STATICFILES_FINDERS=[])
def test_missing_style_sheets_are_an_error():
    checks.finders.get_finder.cache_clear()
    assert ids(checks.check_static_files()) == ["reviewengine.E003"]


def test_a_metrics_folder_that_is_not_there_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "gone"))
    assert ids(checks.check_metrics_folder()) == ["reviewengine.E004"]


def test_a_deployment_without_tls_is_warned(monkeypatch):
    with_config(monkeypatch, behind_tls=False)
    assert ids(checks.check_tls()) == ["reviewengine.W005"]
    with_config(monkeypatch, behind_tls=True)
    assert checks.check_tls() == []


@pytest.mark.parametrize(
    ("web", "behind_tls", "found"),
    [
        ({"bind": "0.0.0.0"}, False, ["reviewengine.W011"]),
        ({"bind": "0.0.0.0", "trusted_proxies": ["10.0.0.0/8"]}, False, []),
        ({"bind": "0.0.0.0"}, True, []),
        ({"bind": "::1"}, False, []),
        ({}, False, []),
    ],
    ids=["open", "a named proxy", "a proxy that ends TLS", "loopback", "default"],
)
def test_strangers_shall_meet_a_proxy_first(monkeypatch, web, behind_tls, found):
    with_config(monkeypatch, web=conf.load().web.model_copy(update=web), behind_tls=behind_tls)
    assert ids(checks.check_proxy()) == found


@pytest.mark.django_db
def test_the_services_of_this_run_are_sound():
    assert checks.check_database(databases=["default"]) == []
    assert checks.check_redis(databases=["default"]) == []


def test_services_are_asked_only_when_the_operator_wants_it():
    """Without --database: a build has none to ask."""
    assert checks.check_database(databases=None) == checks.check_redis(databases=None) == []


@pytest.mark.django_db
def test_an_unreachable_database_is_an_error_without_its_password(monkeypatch):
    stranger = connection.copy()
    stranger.settings_dict |= {"HOST": "/nowhere", "PASSWORD": "hunter2"}
    monkeypatch.setattr(checks, "connections", {"default": stranger})
    found = checks.check_database(databases=["default"])
    assert ids(found) == ["reviewengine.E006"]
    assert "hunter2" not in found[0].msg + found[0].hint


@pytest.mark.django_db
def test_an_old_database_is_an_error(monkeypatch):
    monkeypatch.setattr(checks, "OLDEST_POSTGRES", 99)
    assert ids(checks.check_database(databases=["default"])) == ["reviewengine.E007"]


@pytest.mark.parametrize(("policy", "expected"), [("noeviction", []), ("allkeys-lru", ["reviewengine.W009"])])
def test_a_redis_that_forgets_is_warned_about(policy, expected):
    redis = checks.get_redis_connection("default")
    before = redis.config_get("maxmemory-policy")["maxmemory-policy"]
    redis.config_set("maxmemory-policy", policy)
    try:
        assert ids(checks.check_redis(databases=["default"])) == expected
    finally:
        redis.config_set("maxmemory-policy", before)
