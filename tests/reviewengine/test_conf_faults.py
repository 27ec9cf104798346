"""A fault of the configuration is one clear line: which value, what is wrong, how it is mended. Never a secret."""

import os
import subprocess
import sys

import pytest

from reviewengine import conf


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (
            "REVIEWENGINE_PIPELINE__BATCH_SIZ",
            "5",
            "pipeline.batch_siz (REVIEWENGINE_PIPELINE__BATCH_SIZ): there is no such value. Did you mean 'batch_size'?",
        ),
        ("REVIEWENGINE_FOO", "1", "foo (REVIEWENGINE_FOO): there is no such value; remove it"),
        (
            "REVIEWENGINE_PIPELINE__BATCH_SIZE",
            "0",
            "pipeline.batch_size (REVIEWENGINE_PIPELINE__BATCH_SIZE): has to be greater than or equal to 1",
        ),
        (
            "REVIEWENGINE_PIPELINE__LEASE_SECONDS",
            "40",
            "images.batch_seconds is 30, more than half of pipeline.lease_seconds (40): another worker could take the "
            "batch over meanwhile. Set REVIEWENGINE_IMAGES__BATCH_SECONDS to 20 or less, or "
            "REVIEWENGINE_PIPELINE__LEASE_SECONDS to 60 or more",
        ),
        ("PORT", "http", "port (PORT): has to be a valid integer"),
        ("PORT", "70000", "port (PORT): has to be less than or equal to 65535"),
        (
            "REVIEWENGINE_ALLOWED_HOSTS",
            "a.example",
            'allowed_hosts (REVIEWENGINE_ALLOWED_HOSTS): has to be a list: write it like ["a", "b"]',
        ),
        ("REVIEWENGINE_ALLOWED_HOSTS", "[a", "REVIEWENGINE_ALLOWED_HOSTS begins like a list or a mapping, but is not"),
        (
            "REVIEWENGINE_LOGGING__FORMAT",
            "xml",
            "logging.format (REVIEWENGINE_LOGGING__FORMAT): has to be 'console' or",
        ),
        (
            "REVIEWENGINE_WEBHOOKS__ALLOW_NETWORKS",
            "[10.0.0.0/33]",
            "webhooks.allow_networks.0 (REVIEWENGINE_WEBHOOKS__ALLOW_NETWORKS): '10.0.0.0/33' does not appear to be",
        ),
        (
            "REVIEWENGINE_SCHEDULE__BACKUP_DAILY__CRON",
            "daily",
            "schedule.backup-daily (REVIEWENGINE_SCHEDULE__BACKUP_DAILY): 'daily' is not a cron line of five fields",
        ),
        (
            "REVIEWENGINE_SCHEDULE__BACKUP_DAILY__EVERY_SECONDS",
            "60",
            "schedule.backup-daily (REVIEWENGINE_SCHEDULE__BACKUP_DAILY): give either 'cron' (five fields, UTC) or 'ev",
        ),
        (
            "DATABASE_URL",
            "mysql://root:hunter2@db/x",
            "DATABASE_URL is not an address that can be used: it has to begin",
        ),
        ("REDIS_URL", "localhost:6379", "REDIS_URL is not an address that can be used: it has to begin with redis://"),
    ],
)
def test_the_fault_names_the_value_and_the_mend(name, value, sentence, read_config):
    with pytest.raises(conf.ImproperlyConfigured) as raised:
        read_config(**{name: value})
    assert sentence in str(raised.value)
    assert "hunter2" not in str(raised.value)


def test_every_fault_is_told_at_once(read_config):
    with pytest.raises(conf.ImproperlyConfigured) as raised:
        read_config(PORT="0", REVIEWENGINE_WEB__THREADS="0", REVIEWENGINE_DEBUGG="1")
    assert [line.split(" ")[2] for line in str(raised.value).splitlines()[1:]] == ["port", "web.threads", "debugg"]


def test_a_section_with_a_single_value_is_refused(read_config):
    with pytest.raises(conf.ImproperlyConfigured, match="'pipeline' is a section, but another variable gives it a si"):
        read_config(REVIEWENGINE_PIPELINE="5", REVIEWENGINE_PIPELINE__BATCH_SIZE="5")


def test_a_typo_in_a_file_is_refused_too(read_config, tmp_path, monkeypatch):
    (tmp_path / "default.yml").write_text("web: {worker: 3}\n")
    (tmp_path / "development.yml").write_text("")
    monkeypatch.setattr(conf, "CONFIG_DIR", tmp_path)
    with pytest.raises(conf.ImproperlyConfigured, match=r"web.worker .*Did you mean 'workers'\?"):
        read_config()


@pytest.mark.parametrize(("name", "value"), [("PORT", "0"), ("SECRET_KEY_FILE", "/nowhere")])
def test_manage_py_says_the_fault_without_a_traceback(name, value):
    environment = {k: v for k, v in os.environ.items() if k != "PORT"} | {name: value}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], env=environment, cwd=conf.BASE_DIR, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert name in done.stderr
    assert "Traceback" not in done.stderr
