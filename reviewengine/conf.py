"""Configuration: config/default.yml < config/<environment>.yml < environment variables, typed and checked.

A nested value is set by ``REVIEWENGINE_<SECTION>__<NAME>``; the four that every platform knows keep their short
names (``DATABASE_URL``, ``REDIS_URL``, ``SECRET_KEY``, ``PORT``). Each of them, and every ``REVIEWENGINE_`` variable,
can be given as ``<NAME>_FILE`` too: the path of a file that holds the value, as container secrets are mounted.
"""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from django.core.exceptions import ImproperlyConfigured
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, YamlConfigSettingsSource

BASE_DIR = Path(__file__).resolve().parent.parent
CONFIG_DIR = BASE_DIR / "config"
PREFIX = "REVIEWENGINE_"
SHORT_NAMES = {"DATABASE_URL": "database_url", "REDIS_URL": "redis_url", "SECRET_KEY": "secret_key", "PORT": "port"}
DEVELOPMENT_SECRET = "development-only-secret-key-never-use-it-outside-your-own-machine"


class Section(BaseModel):
    """A part of the configuration: a name it does not know is a typo, and refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Web(Section):
    """The web server: gunicorn's processes, threads and the address it binds."""

    bind: str = "127.0.0.1"
    workers: int = Field(2, ge=1, le=64)
    threads: int = Field(4, ge=1, le=64)
    timeout_seconds: int = Field(60, ge=5)


class Api(Section):
    """Limits of the REST API. Text is measured in characters, bodies in bytes."""

    max_text_characters: int = Field(50_000, ge=1)
    max_body_bytes: int = Field(1_048_576, ge=1024)
    max_bulk_body_bytes: int = Field(8_388_608, ge=1024)
    max_bulk_items: int = Field(1000, ge=1)
    max_wait_seconds: int = Field(30, ge=1)
    page_size: int = Field(50, ge=1)
    max_page_size: int = Field(500, ge=1)
    rate_limit_requests: int = Field(120_000, ge=1)
    rate_limit_seconds: int = Field(60, ge=1)


class Pipeline(Section):
    """How workers claim content. ``suspect_after``: from this attempt on an item is processed alone."""

    batch_size: int = Field(64, ge=1, le=1000)
    lease_seconds: int = Field(60, ge=1)
    suspect_after: int = Field(3, ge=1)
    max_attempts: int = Field(5, ge=2)
    task_time_limit_seconds: int = Field(300, ge=10)
    wake_seconds: int = Field(5, ge=1)


class DetectorOptions(Section):
    """One detector: whether it runs, how long a batch may take, and what it is told."""

    enabled: bool = True
    timeout_seconds: float = Field(10.0, gt=0)
    options: dict[str, Any] = {}


class Review(Section):
    """The desk: how long a claim lives without a sign of life, in seconds."""

    lease_seconds: int = Field(120, ge=10)


class Webhooks(Section):
    """Delivery. ``allow_networks`` are internal networks (CIDR) that endpoints may live in; none by default."""

    timeout_seconds: float = Field(15.0, gt=0)
    retry_seconds: list[int] = [5, 30, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]
    allow_networks: list[str] = []
    allow_http: bool = False
    lease_seconds: int = Field(120, ge=5)


class Retention(Section):
    """Days that each kind of record is kept; 0 keeps it for ever. Pending and reviewed-by-nobody content stays."""

    decided_content_days: int = Field(180, ge=0)
    delivered_event_days: int = Field(30, ge=0)
    batch_size: int = Field(1000, ge=1)


class Backups(Section):
    """Where backups go and how many days they are kept."""

    targets: dict[str, dict[str, Any]] = {"local": {"kind": "local", "path": "backups"}}
    keep_days: int = Field(30, ge=1)


class ScheduleEntry(Section):
    """One job of beat: a task, and either a five-field cron line in UTC or a number of seconds."""

    task: str
    cron: str = ""
    every_seconds: int = Field(0, ge=0)
    queue: str = "maintenance"
    enabled: bool = True

    @model_validator(mode="after")
    def _one_rhythm(self) -> Self:
        if bool(self.cron) == bool(self.every_seconds):
            raise ValueError("give either 'cron' (five fields, UTC) or 'every_seconds'")
        if self.cron and len(self.cron.split()) != 5:
            raise ValueError(f"'{self.cron}' is not a cron line of five fields: minute hour day month weekday")
        return self


class Logging(Section):
    """What processes write to standard error."""

    format: Literal["console", "json"] = "console"
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


def _file_variables(environ: Mapping[str, str]) -> dict[str, str]:
    """Reads every ``<NAME>_FILE`` of ours; a file that cannot be read is a fault, not an empty value."""
    found = {}
    for name, path in environ.items():
        target = name.removesuffix("_FILE")
        if target == name or not (target in SHORT_NAMES or target.startswith(PREFIX)):
            continue
        try:
            found[target] = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(
                f"{name}: cannot read {path} ({error.strerror}). Point it to a readable file or unset it."
            ) from error
    return found


class EnvironmentSource(PydanticBaseSettingsSource):
    """Environment variables and their ``_FILE`` twins, as a nested mapping; an unknown one of ours is refused."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:  # pragma: no cover
        raise NotImplementedError("values are read all at once by __call__")

    def __call__(self) -> dict[str, Any]:
        variables = {**_file_variables(os.environ), **{k: v for k, v in os.environ.items() if not k.endswith("_FILE")}}
        values: dict[str, Any] = {}
        for name, raw in variables.items():
            if name in SHORT_NAMES:
                values[SHORT_NAMES[name]] = raw
            elif name.startswith(PREFIX) and raw != "":
                *path, leaf = name.removeprefix(PREFIX).lower().split("__")
                place = values
                for part in path:
                    place = place.setdefault(part, {})
                place[leaf] = _parsed(raw)
        return values


def _parsed(raw: str) -> Any:
    """Lists, mappings, numbers and booleans are written as YAML; anything else stays the string it is."""
    try:
        value = yaml.safe_load(raw)
    except yaml.YAMLError:
        return raw
    return value if isinstance(value, list | dict | bool | int | float) else raw


class Config(BaseSettings):
    """The whole configuration. Frozen: a process has one, read at its start."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    env: str = "development"
    home: Path = BASE_DIR / "var"
    debug: bool = False
    secret_key: str = DEVELOPMENT_SECRET
    allowed_hosts: list[str] = []
    trusted_origins: list[str] = []
    database_url: str = ""
    redis_url: str = ""
    port: int = Field(8000, ge=1, le=65535)
    behind_tls: bool = False
    web: Web = Web()
    api: Api = Api()
    pipeline: Pipeline = Pipeline()
    detectors: dict[str, DetectorOptions] = {}
    review: Review = Review()
    webhooks: Webhooks = Webhooks()
    retention: Retention = Retention()
    backups: Backups = Backups()
    schedule: dict[str, ScheduleEntry] = {}
    logging: Logging = Logging()

    @classmethod
    def settings_customise_sources(cls, settings_cls: type[BaseSettings], **_: Any) -> Any:
        """Later files win over earlier ones, the environment over all."""
        files = [CONFIG_DIR / "default.yml", CONFIG_DIR / f"{_environment()}.yml"]
        return EnvironmentSource(settings_cls), YamlConfigSettingsSource(settings_cls, yaml_file=files, deep_merge=True)

    @model_validator(mode="after")
    def _safe_in_production(self) -> Self:
        if self.env != "production":
            return self
        faults = []
        if self.secret_key == DEVELOPMENT_SECRET or len(self.secret_key) < 50:
            faults.append("SECRET_KEY is missing or shorter than 50 characters: set SECRET_KEY or SECRET_KEY_FILE")
        if self.debug:
            faults.append("debug is on: remove REVIEWENGINE_DEBUG")
        if not self.allowed_hosts or "*" in self.allowed_hosts:
            faults.append("allowed_hosts is empty or open: set REVIEWENGINE_ALLOWED_HOSTS='[\"review.example.com\"]'")
        if faults:
            raise ValueError("production refuses to start. " + "; ".join(faults))
        return self


def _environment() -> str:
    name = os.environ.get("REVIEWENGINE_ENV") or "development"
    if name != "test" and not (CONFIG_DIR / f"{name}.yml").is_file():
        known = ", ".join(sorted(p.stem for p in CONFIG_DIR.glob("*.yml") if p.stem != "default"))
        raise ImproperlyConfigured(f"REVIEWENGINE_ENV is '{name}', but config/{name}.yml does not exist. Known: {known}.")
    return name


@cache
def load() -> Config:
    """The configuration of this process.

    Raises ImproperlyConfigured with one line a fault: which value, what is wrong, and where it can be set.
    """
    try:
        return Config()
    except ValidationError as error:
        faults = "\n".join(f"  {_place(fault['loc'])}: {fault['msg']}" for fault in error.errors())
        raise ImproperlyConfigured(
            f"The configuration has faults (config/default.yml, config/{_environment()}.yml or environment):\n{faults}"
        ) from error
    except yaml.YAMLError as error:
        raise ImproperlyConfigured(f"A file in config/ is not valid YAML: {error}") from error


def _place(location: tuple[int | str, ...]) -> str:
    """``pipeline.batch_size (REVIEWENGINE_PIPELINE__BATCH_SIZE)``: both ways a value can be named."""
    if not location:
        return "configuration"
    dotted = ".".join(map(str, location))
    short = {field: name for name, field in SHORT_NAMES.items()}.get(dotted)
    return f"{dotted} ({short or PREFIX + '__'.join(map(str, location)).upper()})"
