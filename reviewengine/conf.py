"""Configuration: config/default.yml < config/<environment>.yml < environment variables, typed and checked.

A nested value is set by ``REVIEWENGINE_<SECTION>__<NAME>``; the four that every platform knows keep their short
names (``DATABASE_URL``, ``REDIS_URL``, ``SECRET_KEY``, ``PORT``). Each of them, and every ``REVIEWENGINE_`` variable,
can be given as ``<NAME>_FILE`` too: the path of a file that holds the value, as container secrets are mounted.
"""

import difflib
import os
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

import yaml
from django.core.exceptions import ImproperlyConfigured
from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, YamlConfigSettingsSource

from reviewengine import environment
from reviewengine.people_sections import Access, Review
from reviewengine.sections import (
    Api,
    Backups,
    DetectorOptions,
    Images,
    Logging,
    NearDuplicates,
    Pipeline,
    Retention,
    ScheduleEntry,
    SiteAdapter,
    Web,
    Webhooks,
)

BASE_DIR = Path(__file__).resolve().parent.parent
CONFIG_DIR = BASE_DIR / "config"
DEVELOPMENT_SECRET = "development-only-secret-key-never-use-it-outside-your-own-machine"
# The environments that may run with the secret key that everybody can read here.
OWN_MACHINE = ("development", "test")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
DATABASE_SCHEMES = ("postgresql", "postgres")
REDIS_SCHEMES = ("redis", "rediss", "unix")


def _absolute(home: Path) -> Path:
    """Every process must mean the same folder, wherever it was started."""
    return BASE_DIR / home.expanduser()


class EnvironmentSource(PydanticBaseSettingsSource):
    """Our environment variables and their ``_FILE`` twins, as a nested mapping; an unknown one is refused later."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:  # pragma: no cover
        raise NotImplementedError("values are read all at once by __call__")

    def __call__(self) -> dict[str, Any]:
        return environment.nested(environment.variables(os.environ))


class Config(BaseSettings):
    """The whole configuration. Frozen: a process has one, read at its start."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    env: str = "development"
    home: Annotated[Path, AfterValidator(_absolute)] = BASE_DIR / "var"
    debug: bool = False
    secret_key: str = DEVELOPMENT_SECRET
    allowed_hosts: list[str] = []
    trusted_origins: list[str] = []
    database_url: str = ""
    redis_url: str = ""
    port: int = Field(8000, ge=1, le=65535)
    behind_tls: bool = False
    web: Web = Web()
    access: Access = Access()
    api: Api = Api()
    pipeline: Pipeline = Pipeline()
    detectors: dict[str, DetectorOptions] = {}
    images: Images = Images()
    near_duplicates: NearDuplicates = NearDuplicates()
    review: Review = Review()
    site_adapter: SiteAdapter = SiteAdapter()
    webhooks: Webhooks = Webhooks()
    retention: Retention = Retention()
    backups: Backups = Backups()
    schedule: dict[str, ScheduleEntry] = {}
    logging: Logging = Logging()

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *_: Any, **__: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Later files win over earlier ones, the environment over all."""
        files = [CONFIG_DIR / "default.yml", CONFIG_DIR / f"{_environment()}.yml"]
        return EnvironmentSource(settings_cls), YamlConfigSettingsSource(settings_cls, yaml_file=files, deep_merge=True)

    @model_validator(mode="before")
    @classmethod
    def _one_name_a_job(cls, values: dict[str, Any]) -> dict[str, Any]:
        """No shell takes a variable with a hyphen: BACKUP_DAILY in the environment means backup-daily in the file."""
        jobs = values.get("schedule")
        if isinstance(jobs, dict):
            for name in [name for name in jobs if "_" in name and name.replace("_", "-") in jobs]:
                jobs[name.replace("_", "-")] |= jobs.pop(name)
        return values

    @model_validator(mode="after")
    def _usable(self) -> Self:
        faults = [*self._address_faults(), *self._safety_faults(), *self._time_faults(), *self._access_faults()]
        if faults:
            raise ValueError("\n".join(faults))
        return self

    def _address_faults(self) -> list[str]:
        """Addresses hold passwords: a fault names the variable and never quotes the value."""
        expected = {"DATABASE_URL": (self.database_url, DATABASE_SCHEMES), "REDIS_URL": (self.redis_url, REDIS_SCHEMES)}
        return [
            f"{name} is not an address that can be used: it has to begin with {' or '.join(f'{s}://' for s in schemes)}"
            for name, (value, schemes) in expected.items()
            if value and (urlsplit(value).scheme not in schemes or "://" not in value)
        ]

    def _safety_faults(self) -> list[str]:
        weak_key = self.secret_key == DEVELOPMENT_SECRET or len(self.secret_key) < 50
        if self.env in OWN_MACHINE:
            if self.secret_key == DEVELOPMENT_SECRET and self.web.bind not in LOOPBACK:
                return [
                    f"web.bind is {self.web.bind}, open to other machines, and SECRET_KEY is the one that anybody can "
                    "read: set SECRET_KEY or SECRET_KEY_FILE, or remove REVIEWENGINE_WEB__BIND"
                ]
            return []
        faults = {
            "SECRET_KEY is missing or shorter than 50 characters: set SECRET_KEY or SECRET_KEY_FILE": weak_key,
            "debug is on: remove REVIEWENGINE_DEBUG": self.debug,
            "allowed_hosts is empty or open: set REVIEWENGINE_ALLOWED_HOSTS='[\"review.example.com\"]'": (
                not self.allowed_hosts or "*" in self.allowed_hosts
            ),
        }
        return [f"{self.env} refuses to start: {fault}" for fault, present in faults.items() if present]

    def _time_faults(self) -> list[str]:
        """After the images of a batch come its texts and its settlement, and all of it belongs into one lease."""
        images, lease = self.images.batch_seconds, self.pipeline.lease_seconds
        if images * 2 <= lease:
            return []
        return [
            f"images.batch_seconds is {images:g}, more than half of pipeline.lease_seconds ({lease}): another worker "
            f"could take the batch over meanwhile. Set REVIEWENGINE_IMAGES__BATCH_SECONDS to {lease / 2:g} or less, or "
            f"REVIEWENGINE_PIPELINE__LEASE_SECONDS to {images * 2:g} or more"
        ]

    def _access_faults(self) -> list[str]:
        """A provider that cannot be asked, or a console that nobody can enter, is found before anybody stands there."""
        oidc = self.access.oidc
        if not oidc.issuer:
            hint = "set access.oidc.issuer, or REVIEWENGINE_ACCESS__PASSWORD_SIGN_IN to true"
            return (
                []
                if self.access.password_sign_in
                else [f"access.password_sign_in is off and nothing else is on: {hint}"]
            )
        faults = {
            "access.oidc.client_id is missing: set REVIEWENGINE_ACCESS__OIDC__CLIENT_ID": not oidc.client_id,
            "access.oidc.client_secret is missing: set REVIEWENGINE_ACCESS__OIDC__CLIENT_SECRET or its _FILE twin": (
                not oidc.client_secret
            ),
            "access.oidc.groups is empty, so nobody could come in: map a group of the provider to one of the console": (
                not oidc.groups
            ),
            "access.oidc.issuer has to begin with https:// (http:// only on your own machine)": not (
                oidc.issuer.startswith("https://") or (self.env in OWN_MACHINE and oidc.issuer.startswith("http://"))
            ),
        }
        return [fault for fault, present in faults.items() if present]


def _environment() -> str:
    name = environment.variables(os.environ).get("REVIEWENGINE_ENV", "development")
    files = {path.stem for path in CONFIG_DIR.glob("*.yml")} - {"default"}
    if name != "test" and name not in files:
        raise ImproperlyConfigured(
            f"REVIEWENGINE_ENV is '{name}', but config/{name}.yml does not exist. "
            f"Known: {', '.join(sorted(files | {'test'}))}."
        )
    return name


@cache
def load() -> Config:
    """The configuration of this process.

    Raises ImproperlyConfigured with one line a fault: which value, what is wrong, and where it can be set.
    """
    try:
        return Config()
    except ValidationError as error:
        faults = "\n".join(f"  {line}" for fault in error.errors() for line in _sentences(fault))
        raise ImproperlyConfigured(
            f"The configuration has faults (config/default.yml, config/{_environment()}.yml or environment):\n{faults}"
        ) from error
    except yaml.YAMLError as error:
        raise ImproperlyConfigured(f"A file in config/ is not valid YAML: {error}") from error


def _sentences(fault: ErrorDetails) -> list[str]:
    """What is wrong with which value, and the mend. Never the value itself: it may be a secret."""
    location = fault["loc"]
    message = fault["msg"].removeprefix("Value error, ")
    if not location:
        return message.splitlines()
    place = f"{'.'.join(map(str, location))} ({environment.name_of(location)})"
    if fault["type"] == "extra_forbidden":
        return [f"{place}: there is no such value{_suggestion(location)}"]
    if fault["type"] == "list_type":
        return [f'{place}: has to be a list: write it like ["a", "b"]']
    return [f"{place}: {message.replace('Input should be', 'has to be').replace('Field required', 'is missing')}"]


def _suggestion(location: tuple[int | str, ...]) -> str:
    """The nearest name that exists where ``location`` was meant to be."""
    place: Any = Config
    for part in location[:-1]:
        place = place.model_fields[part].annotation if part in getattr(place, "model_fields", {}) else None
    near = difflib.get_close_matches(str(location[-1]), getattr(place, "model_fields", {}), n=1)
    return f". Did you mean '{near[0]}'?" if near else "; remove it"
