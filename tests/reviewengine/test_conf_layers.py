"""default.yml < the environment's file < environment variables."""

import re
from collections.abc import Iterator

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


GENERAL = re.compile(r"^(images\.detectors|detectors|schedule)\.[^.]+\.(?!options\.)")
"""What every detector and every job has is told of once."""


def values_of(model, path: str = "") -> Iterator[str]:
    """Every value of a section and of the sections in it, by its path."""
    for name, field in model.model_fields.items():
        if hasattr(field.annotation, "model_fields"):
            yield from values_of(field.annotation, f"{path}{name}.")
        else:
            yield f"{path}{name}"


def written_values(values: dict, path: str = "") -> Iterator[str]:
    """Every value of a configuration file by its path; a mapping with names of the site's own counts as one."""
    for name, value in values.items():
        if isinstance(value, dict) and name not in ("weights", "targets"):
            yield from written_values(value, f"{path}{name}.")
        else:
            yield f"{path}{name}"


def default_file() -> dict:
    return conf.yaml.safe_load((conf.CONFIG_DIR / "default.yml").read_text())


def documentation() -> str:
    return (conf.BASE_DIR / "docs" / "configuration.md").read_text()


def test_the_default_file_names_every_value():
    """The file is the operator's reference."""
    written = default_file()
    for section, field in conf.Config.model_fields.items():
        if inner := getattr(field.annotation, "model_fields", {}):
            assert set(written[section]) == set(inner), section


def test_the_documentation_names_every_value():
    page = documentation()
    missing = [value for value in values_of(conf.Config) if f"`{value}`" not in page]
    assert set(missing) <= {"env", "detectors", "schedule", "images.detectors"}


def test_the_documentation_names_every_value_of_the_default_file_by_its_whole_path():
    page = documentation()
    paths = {GENERAL.sub(r"\1.<name>.", path) for path in written_values(default_file())}
    missing = [path for path in paths if f"`{path}`" not in page]
    assert len(paths) > 80
    assert not missing
