"""Values from environment variables and from files that variables point to."""

import pytest

from reviewengine import conf


def test_a_number_a_truth_value_and_a_list_are_read_as_what_they_are(read_config):
    config = read_config(
        REVIEWENGINE_PIPELINE__BATCH_SIZE="128",
        REVIEWENGINE_BEHIND_TLS="true",
        REVIEWENGINE_ALLOWED_HOSTS='["a.example", "b.example"]',
    )
    assert (config.pipeline.batch_size, config.behind_tls) == (128, True)
    assert config.allowed_hosts == ["a.example", "b.example"]


def test_a_list_may_be_written_as_yaml(read_config):
    assert read_config(REVIEWENGINE_WEBHOOKS__RETRY_SECONDS="[5, 60]").webhooks.retry_seconds == [5, 60]


def test_a_mapping_may_be_written_whole(read_config):
    config = read_config(REVIEWENGINE_RETENTION__ERASE_AFTER_DAYS="{approve: 30, reject: 0}")
    assert (config.retention.erase_after_days.approve, config.retention.erase_after_days.reject) == (30, 0)


def test_a_value_three_levels_down_can_be_set_alone(read_config):
    config = read_config(REVIEWENGINE_RETENTION__ERASE_AFTER_DAYS__REJECT="365")
    assert (config.retention.erase_after_days.approve, config.retention.erase_after_days.reject) == (180, 365)


def test_a_password_of_digits_stays_text(read_config):
    config = read_config(SECRET_KEY="0123", REVIEWENGINE_BACKUPS__TARGETS__REMOTE__PASSWORD="0777")
    assert (config.secret_key, config.backups.targets["remote"]["password"]) == ("0123", "0777")


def test_a_detectors_options_are_read_as_numbers_where_they_are_numbers(read_config):
    config = read_config(REVIEWENGINE_DETECTORS__TEXT__OPTIONS__EVIDENCE_FROM="0.5")
    assert config.detectors["text"].options == {"encoder": True, "evidence_from": 0.5}


def test_a_detector_s_key_of_digits_stays_text_and_may_lie_in_a_file(read_config, tmp_path):
    (tmp_path / "key").write_text("0777\n")
    for name, value in (("API_KEY", "0777"), ("API_KEY_FILE", str(tmp_path / "key"))):
        config = read_config(**{f"REVIEWENGINE_DETECTORS__REMOTE__OPTIONS__{name}": value})
        assert config.detectors["remote"].options["api_key"] == "0777"


def test_an_underscore_in_a_variable_stands_for_the_hyphen_of_a_scheduled_job(read_config):
    job = read_config(REVIEWENGINE_SCHEDULE__BACKUP_DAILY__CRON="15 4 * * *").schedule["backup-daily"]
    assert (job.cron, job.task) == ("15 4 * * *", "reviewengine.backups.tasks.run_scheduled_backup")


@pytest.mark.parametrize("name", ["PORT", "DATABASE_URL", "SECRET_KEY", "REVIEWENGINE_HOME", "SECRET_KEY_FILE"])
def test_an_empty_variable_counts_as_unset(name, read_config):
    assert read_config(**{name: ""}) == read_config()


def test_a_relative_home_lies_under_the_project_wherever_the_process_was_started(read_config, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read_config(REVIEWENGINE_HOME="data/one").home == conf.BASE_DIR / "data/one"


def test_a_tilde_in_the_home_is_the_users_home(read_config, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert read_config(REVIEWENGINE_HOME="~/review").home == tmp_path / "review"


def test_a_secret_comes_from_the_file_that_its_variable_names(read_config, tmp_path):
    (tmp_path / "key").write_text("from a mounted file\n")
    assert read_config(SECRET_KEY_FILE=str(tmp_path / "key")).secret_key == "from a mounted file"


def test_a_nested_value_comes_from_a_file_too(read_config, tmp_path):
    (tmp_path / "size").write_text("32\n")
    assert read_config(REVIEWENGINE_PIPELINE__BATCH_SIZE_FILE=str(tmp_path / "size")).pipeline.batch_size == 32


@pytest.mark.parametrize(
    ("content", "fault"),
    [(None, "No such file"), (b"", "is empty"), (b"\xff\xfe", "is not UTF-8 text")],
)
def test_a_secret_file_that_holds_nothing_usable_is_a_fault(content, fault, read_config, tmp_path):
    if content is not None:
        (tmp_path / "key").write_bytes(content)
    with pytest.raises(conf.ImproperlyConfigured, match=f"^SECRET_KEY_FILE: .*{fault}.*or unset it"):
        read_config(SECRET_KEY_FILE=str(tmp_path / "key"))


def test_a_value_given_both_ways_is_refused(read_config, tmp_path):
    (tmp_path / "key").write_text("one")
    with pytest.raises(conf.ImproperlyConfigured, match="SECRET_KEY and SECRET_KEY_FILE are both set. Unset one"):
        read_config(SECRET_KEY="two", SECRET_KEY_FILE=str(tmp_path / "key"))


def test_variables_of_other_programs_are_left_alone(read_config, monkeypatch):
    monkeypatch.setenv("LESSKEY_FILE", "/nowhere")
    assert read_config().port == 8000
