"""The sections of the configuration: what each value is called, its type, its bounds and its default."""

import ipaddress
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator


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
