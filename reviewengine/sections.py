"""The sections of the configuration: what each value is called, its type, its bounds and its default."""

import ipaddress
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator


def _network(value: str) -> str:
    ipaddress.ip_network(value)
    return value


def _scalars(value: Any) -> Any:
    """Options have no declared types: text that reads as a number or a truth value in YAML is taken as one.

    A key stays as it is, even one of digits only.
    """
    return {k: yaml.safe_load(v) if isinstance(v, str) and v and k != "api_key" else v for k, v in value.items()}


Network = Annotated[str, AfterValidator(_network)]


class Section(BaseModel):
    """A part of the configuration: a name it does not know is a typo, and refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Web(Section):
    """The web server: gunicorn's processes, threads and the address it binds.

    ``silent_seconds``: how long a read may wait for the next bytes of a request.
    ``warm_up``: each process loads the text model as it starts, not with the first text that it is to score.
    ``trusted_proxies`` are networks (CIDR) whose word in X-Forwarded-For and -Proto is believed; none by default.
    """

    bind: str = "127.0.0.1"
    workers: int = Field(2, ge=1, le=64)
    threads: int = Field(4, ge=1, le=64)
    timeout_seconds: int = Field(60, ge=5)
    silent_seconds: int = Field(10, ge=1)
    warm_up: bool = False
    trusted_proxies: list[Network] = []


class Api(Section):
    """Limits of the REST API. Text is measured in characters, bodies in bytes.

    ``max_bulk_images``: those sent within a bulk call, which are decoded before it is answered.
    ``max_score_inputs``: texts of one call that scores without storing; such a call waits ``score_wait_seconds`` for
    its turn, and is then asked to come again.
    """

    max_text_characters: int = Field(50_000, ge=1)
    max_body_bytes: int = Field(1_048_576, ge=1024)
    max_bulk_body_bytes: int = Field(8_388_608, ge=1024)
    max_bulk_items: int = Field(1000, ge=1)
    max_bulk_images: int = Field(50, ge=0)
    max_stream_bytes: int = Field(268_435_456, ge=1024)
    max_stream_items: int = Field(100_000, ge=1)
    stream_seconds: float = Field(600, gt=0)
    max_wait_seconds: int = Field(30, ge=1)
    max_score_inputs: int = Field(128, ge=1, le=10_000)
    score_wait_seconds: float = Field(5.0, gt=0)
    page_size: int = Field(50, ge=1)
    max_page_size: int = Field(500, ge=1)
    rate_limit_requests: int = Field(120_000, ge=1)
    rate_limit_seconds: int = Field(60, ge=1)
    rate_limit_address_requests: int = Field(240_000, ge=1)
    rate_limit_failures: int = Field(60, ge=1)
    idempotency_hours: int = Field(24, ge=1, le=720)


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
    options: Annotated[dict[str, Any], BeforeValidator(_scalars)] = {}


class ImageFetch(Section):
    """Looking at an image whose address a client named. Public addresses only, unless ``allow_networks`` names more.

    ``timeout_seconds`` is for one image, redirects included.
    """

    timeout_seconds: float = Field(10.0, gt=0)
    max_redirects: int = Field(3, ge=0, le=10)
    allow_http: bool = True
    allow_networks: list[Network] = []


class MediaStorage(Section):
    """Where images lie: a folder (a relative one under REVIEWENGINE_HOME), or a bucket of S3 or a compatible store.

    Without keys, S3's usual ways to find them count (environment, instance role).
    """

    kind: Literal["local", "s3"] = "local"
    path: str = "media"
    bucket: str = ""
    prefix: str = "media"
    region: str = ""
    endpoint_url: str = ""
    access_key: str = ""
    secret_key: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind == "s3" and not self.bucket:
            raise ValueError("kind s3 needs a 'bucket'")
        if bool(self.access_key) != bool(self.secret_key):
            raise ValueError("give both 'access_key' and 'secret_key', or neither")
        return self

    def as_django(self, home: Path) -> dict[str, Any]:
        """The same as an entry of Django's STORAGES."""
        if self.kind == "local":
            options: dict[str, Any] = {"location": home / self.path, "allow_overwrite": True}
            modes = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
            return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options | modes}
        options = {"bucket_name": self.bucket, "location": self.prefix, "default_acl": None, "file_overwrite": True}
        given = {
            "region_name": self.region,
            "endpoint_url": self.endpoint_url,
            "access_key": self.access_key,
            "secret_key": self.secret_key,
        }
        options |= {name: value for name, value in given.items() if value}
        return {"BACKEND": "reviewengine.object_storage.ObjectStorage", "OPTIONS": options}


class Images(Section):
    """What images are accepted and kept. ``max_pixels``: of a still one; ``copy_side``: of the reviewer's copy, pixels.

    An animation may have ``max_frames`` of ``max_animation_pixels`` each, of which ``sampled_frames`` are looked at.
    ``keep_originals`` keeps what came in beside the copy, with its metadata. An upload that no content uses is deleted
    after ``unused_hours``.
    ``batch_seconds``: for fetching and reading all images of a batch; what is left then waits for another one.
    """

    max_bytes: int = Field(10_485_760, ge=1024)
    max_pixels: int = Field(50_000_000, ge=1)
    max_animation_pixels: int = Field(8_000_000, ge=1)
    max_frames: int = Field(1000, ge=1)
    sampled_frames: int = Field(8, ge=1, le=64)
    copy_side: int = Field(1280, ge=64, le=4096)
    max_per_content: int = Field(8, ge=0, le=64)
    keep_originals: bool = False
    unused_hours: int = Field(24, ge=1)
    batch_seconds: float = Field(30.0, gt=0)
    fetch: ImageFetch = ImageFetch()
    storage: MediaStorage = MediaStorage()
    detectors: dict[str, DetectorOptions] = {}


class NearDuplicates(Section):
    """How far apart in time two contents may be that say nearly the same, to be counted as one wave."""

    window_hours: int = Field(24, ge=1, le=168)


class BusinessHours(Section):
    """When people work, in ``timezone``, for queues whose cases are due by business hours. Holidays are dates."""

    timezone: str = "UTC"
    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = Field(
        ["mon", "tue", "wed", "thu", "fri"], min_length=1
    )
    opens: str = Field("09:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    closes: str = Field("17:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    holidays: list[date] = []

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ValueError, OSError, ZoneInfoNotFoundError) as error:
            raise ValueError(f"'{name}' is no time zone, such as Europe/Berlin") from error
        return name


class Care(Section):
    """What protects moderators, unless a lead sets it otherwise for one of them; 0 is none.

    ``graphic_categories``: what counts as graphic; text about it is covered at first. ``daily_graphic_cap``: cases a
    day. ``break_after_minutes`` of work without a pause, ``break_minutes`` are asked for.
    """

    graphic_categories: list[str] = [
        "sexual/minors",
        "violence/graphic",
        "self-harm",
        "self-harm/intent",
        "self-harm/instructions",
        "nsfw_image",
    ]
    daily_graphic_cap: int = Field(0, ge=0)
    break_after_minutes: int = Field(90, ge=0)
    break_minutes: int = Field(10, ge=1)


class Quality(Section):
    """How people's decisions are measured. ``golden_days``: nobody meets the same golden case twice within so many.

    ``tell_answers``: whether moderators are shown, on the page of their own figures, what was right and why.
    """

    golden_days: int = Field(90, ge=1)
    tell_answers: bool = True


class Review(Section):
    """The desk. ``lease_seconds``: how long a claim lives without a sign of life; an open page gives one every third.

    ``max_held``: cases that a moderator may have at once, claimed or on hold. ``hold_hours``: the longest hold.
    ``handover_hours``: how long a case waits for the person it was handed to. ``undo_seconds``: how long a decision can
    be undone, and does not count; 0: it counts at once. ``second_person_reach``: from so many followers on a rejection
    waits for a second person; 0: never. ``due_soon_hours``: what the lists show first.
    """

    lease_seconds: int = Field(30, ge=10)
    max_held: int = Field(3, ge=1, le=100)
    hold_hours: int = Field(72, ge=1)
    handover_hours: int = Field(24, ge=1)
    undo_seconds: int = Field(10, ge=0, le=3600)
    second_person_reach: int = Field(100_000, ge=0)
    due_soon_hours: int = Field(48, ge=1)
    max_bulk_cases: int = Field(1000, ge=1, le=10_000)
    business_hours: BusinessHours = BusinessHours()
    care: Care = Care()
    quality: Quality = Quality()


def _mode(value: Any) -> Any:
    """YAML takes a bare ``off`` for a truth value."""
    return "off" if value is False else value


class Oidc(Section):
    """Sign-in through an OpenID provider; an empty ``issuer`` is none. Needs requirements-oidc.in.

    ``issuer``: its address, under which ``/.well-known/openid-configuration`` lies. ``name``: what people call it.
    ``username_claim``: the claim that names a person; it must be unique there and never be given to another.
    ``groups_claim``: the claim that holds the person's groups; ``groups`` maps each of them to groups of the console.
    Who has none of these is let in nowhere. ``link_existing``: whether an account that has a password of its own here
    may be entered by its name there. ``second_factor_there``: whether the provider asks for the second factor.
    """

    issuer: str = ""
    name: str = "your organisation"
    client_id: str = ""
    client_secret: str = ""
    scopes: list[str] = ["openid", "email", "profile"]
    username_claim: str = "preferred_username"
    groups_claim: str = "groups"
    groups: dict[str, list[str]] = {}
    sign_algorithm: Literal["RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "HS256"] = "RS256"
    link_existing: bool = False
    second_factor_there: bool = True
    timeout_seconds: float = Field(10.0, gt=0)


class Access(Section):
    """How people sign in to the console. Keys of the API are another thing.

    ``second_factor``: off, optional, or required of everybody; ``second_factor_groups``: groups of whom it is required
    anyway. ``session_idle_minutes``: how long a session lives without an act of a person; ``session_hours``: how long
    at all. ``lockout_failures``: wrong passwords for one name from one address, until it has to wait for
    ``lockout_minutes``. ``password_sign_in``: whether people may sign in with a password at all.
    """

    second_factor: Annotated[Literal["off", "optional", "required"], BeforeValidator(_mode)] = "optional"
    second_factor_groups: list[str] = []
    session_idle_minutes: int = Field(60, ge=1, le=1440)
    session_hours: int = Field(12, ge=1, le=168)
    lockout_failures: int = Field(5, ge=1, le=100)
    lockout_minutes: int = Field(15, ge=1, le=1440)
    password_sign_in: bool = True
    oidc: Oidc = Oidc()


class Webhooks(Section):
    """Delivery. ``allow_networks`` are internal networks (CIDR) that endpoints may live in; none by default."""

    timeout_seconds: float = Field(15.0, gt=0)
    retry_seconds: list[int] = [5, 30, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]
    allow_networks: list[Network] = []
    allow_http: bool = False
    lease_seconds: int = Field(120, ge=5)


class SiteAdapter(Section):
    """What the text model may learn from moderators. ``newest``: how many decisions, and as many feedbacks, are read.

    ``background``: texts that the policy approved, which a new version must leave alone. ``margin``: the least gain in
    AUPRC. ``may_read_all``: whether the transformer may read every text where nothing less will do. ``categories``:
    none means every one that can be taught. ``read_seconds``: for reading the examples, the newest first.
    """

    activate: bool = True
    categories: list[str] = []
    fewest_positives: int = Field(30, ge=5)
    fewest_negatives: int = Field(60, ge=5)
    newest: int = Field(10_000, ge=1, le=100_000)
    background: int = Field(2_000, ge=0, le=20_000)
    margin: float = Field(0.01, ge=0, lt=1)
    may_read_all: bool = True
    read_seconds: int = Field(150, ge=1)


class EraseAfterDays(Section):
    """Days after its decision until a content's text and personal data are erased, by decision; 0 keeps for ever."""

    approve: int = Field(180, ge=0)
    reject: int = Field(180, ge=0)


class Retention(Section):
    """How long records are kept. Content that waits for a decision is never touched, however old it is."""

    erase_after_days: EraseAfterDays = EraseAfterDays()
    delivered_event_days: int = Field(30, ge=0)
    dead_event_days: int = Field(90, ge=0)
    adapter_feedback_days: int = Field(180, ge=0)
    usage_days: int = Field(400, ge=0)
    exposure_days: int = Field(180, ge=0)
    batch_size: int = Field(500, ge=1, le=10_000)


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
    """What processes write to standard error.

    ``requests``: one line a request. ``error_messages``: the words of every exception; they may quote content.
    """

    format: Literal["console", "json"] = "console"
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    requests: bool = True
    error_messages: bool = False
