"""Step 3, remote detector: what the configuration may say of it, checked before the first text goes out."""

import ipaddress
from collections.abc import Mapping
from typing import Any, Literal, Self

import orjson
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from moderation.detectors.base import DetectorConfigError
from moderation.enums import Category
from moderation.outbound.guard import Target, UnsafeUrl, check_url, is_allowed

READS = tuple(Category.values[:13])
"""OpenAI's thirteen names, which are ours too: what such an endpoint answers."""

ANYWHERE = ("0.0.0.0/0", "::/0")
"""The operator, and nobody from outside, sets the address: it may lie in a network of our own."""

_OURS = frozenset({"model", "messages", "input", "stream", "n"})


class RemoteOptions(BaseModel):
    """The detector's options. docs/operations/remote-detector.md says what each is for."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    kind: Literal["moderations", "chat"] = "moderations"
    base_url: str = ""
    model: str = ""
    api_key: SecretStr = SecretStr("")
    categories: tuple[str, ...] = Field(READS, min_length=1)
    languages: tuple[str, ...] = ()
    uncertain_from: float = Field(0.3, ge=0, le=1)
    uncertain_to: float = Field(0.8, ge=0, le=1)
    ask_unread: bool = True
    combine: Literal["max", "replace"] = "max"
    request_seconds: float = Field(10.0, gt=0, le=120)
    concurrency: int = Field(8, ge=1, le=32)
    max_characters: int = Field(20_000, ge=1)
    failures_to_open: int = Field(5, ge=1)
    rest_seconds: float = Field(30.0, gt=0)
    cache_entries: int = Field(10_000, ge=0, le=1_000_000)
    cache_seconds: float = Field(3600.0, ge=0)
    daily_requests: int = Field(10_000, ge=1)
    parameters: dict[str, Any] = {"temperature": 0, "max_tokens": 500}

    @field_validator("base_url")
    @classmethod
    def _callable(cls, value: str) -> str:
        try:
            target = check_url(value, allow_http=True, allow_networks=ANYWHERE)
        except UnsafeUrl as error:
            raise ValueError(error.for_operators) from error
        if "?" in value:
            raise ValueError("it holds a query; write it like https://host/v1")
        if target.scheme == "http" and is_public(target.host):
            raise ValueError("http to a public address would show every text on the way; use https")
        return value.rstrip("/")

    @field_validator("api_key")
    @classmethod
    def _sendable(cls, value: SecretStr) -> SecretStr:
        key = value.get_secret_value()
        if not key.isascii() or any(char <= " " or char == "\x7f" for char in key):
            raise ValueError("it holds spaces, line ends or characters outside ASCII, which no key has")
        return value

    @field_validator("categories")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        unknown = sorted(set(value) - set(READS))
        if unknown:
            raise ValueError(f"{unknown[0]!r} is none that can be asked for; there are: {', '.join(READS)}")
        return value

    @field_validator("parameters")
    @classmethod
    def _not_ours(cls, value: dict[str, Any]) -> dict[str, Any]:
        taken = sorted(_OURS & set(value))
        if taken:
            raise ValueError(f"{taken[0]!r} is set by the detector itself; remove it")
        try:
            orjson.dumps(value)
        except TypeError as error:
            raise ValueError("it holds what JSON has no form for") from error
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.uncertain_from > self.uncertain_to:
            raise ValueError("uncertain_from is above uncertain_to: no score would be uncertain")
        if self.kind == "chat" and not self.model:
            raise ValueError("kind chat needs a 'model'")
        return self

    @property
    def target(self) -> Target:
        """Where the requests go."""
        return check_url(self.address, allow_http=True, allow_networks=ANYWHERE)

    @property
    def address(self) -> str:
        """The whole URL of the endpoint."""
        return self.base_url + ("/moderations" if self.kind == "moderations" else "/chat/completions")


def is_public(host: str) -> bool:
    """Whether ``host`` is written as an address (not as a name), and one of the internet's."""
    try:
        return is_allowed(ipaddress.ip_address(host), [])
    except ValueError:
        return False


def read_options(options: Mapping[str, Any]) -> RemoteOptions:
    """The options, checked. Raises DetectorConfigError with the first fault and never with a value: it may be a key."""
    if not options.get("base_url"):
        raise DetectorConfigError("Detector remote needs 'base_url', such as https://host/v1, or 'enabled: false'.")
    try:
        return RemoteOptions(**options)
    except ValidationError as error:
        fault = error.errors(include_input=False)[0]
    place = ".".join(map(str, fault["loc"]))
    if fault["type"] == "extra_forbidden":
        known = ", ".join(RemoteOptions.model_fields)
        raise DetectorConfigError(f"Detector remote has no option {place!r}. It knows: {known}.")
    message = fault["msg"].removeprefix("Value error, ").replace("Input should be", "it has to be")
    raise DetectorConfigError(f"Detector remote, {place}: {message}." if place else f"Detector remote: {message}.")
