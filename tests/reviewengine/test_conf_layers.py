"""default.yml < the environment's file < environment variables."""

import pytest

from reviewengine import conf


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A config folder of our own, with a default and a development file."""
    (tmp_path / "default.yml").write_text("web: {workers: 3, threads: 5}\nport: 7000\n")
    (tmp_path / "development.yml").write_text("web: {threads: 6}\n")
    (tmp_path / "staging.yml").write_text("web: {workers: 9}\n")
    monkeypatch.setattr(conf, "CONFIG_DIR", tmp_path)
    return tmp_path


def test_the_environments_file_wins_over_the_default_file(files, read_config):
    assert read_config().web.threads == 6


def test_what_the_environments_file_leaves_out_comes_from_the_default_file(files, read_config):
    assert read_config().web.workers == 3


def test_an_environment_variable_wins_over_both_files(files, read_config):
    config = read_config(REVIEWENGINE_WEB__THREADS="7", PORT="7001")
    assert (config.web.threads, config.web.workers, config.port) == (7, 3, 7001)


def test_reviewengine_env_chooses_the_file(files, read_config):
    config = read_config(
        REVIEWENGINE_ENV="staging", SECRET_KEY="s" * 50, REVIEWENGINE_ALLOWED_HOSTS="[review.example.com]"
    )
    assert (config.env, config.web.workers, config.web.threads) == ("staging", 9, 5)


def test_the_test_environment_needs_no_file_of_its_own(files, read_config):
    assert read_config(REVIEWENGINE_ENV="test").web.threads == 5


def test_an_environment_without_a_file_is_refused_with_the_known_ones(read_config):
    with pytest.raises(conf.ImproperlyConfigured, match="is 'prod', but config/prod.yml does not exist. Known: dev"):
        read_config(REVIEWENGINE_ENV="prod")


def test_a_file_that_is_not_yaml_is_named_with_its_place(files, read_config):
    (files / "development.yml").write_text("web: {threads: 6\n")
    with pytest.raises(conf.ImproperlyConfigured, match=r"(?s)not valid YAML.*development.yml"):
        read_config()


@pytest.mark.parametrize("name", ["staging", "production"])
def test_every_shipped_environment_is_valid(name, read_config):
    config = read_config(
        REVIEWENGINE_ENV=name, SECRET_KEY="s" * 50, REVIEWENGINE_ALLOWED_HOSTS='["review.example.com"]'
    )
    assert config.behind_tls


def test_the_default_file_names_every_value():
    """The file is the operator's reference."""
    written = conf.yaml.safe_load((conf.CONFIG_DIR / "default.yml").read_text())
    for section in ("web", "api", "pipeline", "review", "retention", "logging"):
        assert set(written[section]) == set(conf.Config.model_fields[section].annotation.model_fields), section


def test_the_documentation_names_every_value():
    page = (conf.BASE_DIR / "docs" / "configuration.md").read_text()
    for name, field in conf.Config.model_fields.items():
        inner = getattr(field.annotation, "model_fields", {})
        missing = [value for value in ([f"{name}.{leaf}" for leaf in inner] or [name]) if f"{value}`" not in page]
        assert not [value for value in missing if value not in ("env", "detectors", "schedule")]
