"""Environment variables as a source of configuration: which are ours, their ``_FILE`` twins, and how they nest."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ImproperlyConfigured

PREFIX = "REVIEWENGINE_"
FILE_SUFFIX = "_FILE"
SHORT_NAMES = {"DATABASE_URL": "database_url", "REDIS_URL": "redis_url", "SECRET_KEY": "secret_key", "PORT": "port"}


def variables(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of ours that hold something, with the contents of every ``<NAME>_FILE`` under ``<NAME>``.

    An empty variable counts as unset: that is how compose files and unit files write "no value".
    Raises ImproperlyConfigured for a file that cannot be read, and for a value that is given both ways.
    """
    found = {name: value for name, value in environ.items() if value != "" and _is_ours(name)}
    for name, path in environ.items():
        target = name.removesuffix(FILE_SUFFIX)
        if target == name or path == "" or not _is_ours(target):
            continue
        del found[name]
        if target in found:
            raise ImproperlyConfigured(f"{target} and {name} are both set. Unset one of them.")
        found[target] = _content(name, path)
    return found


def nested(found: Mapping[str, str]) -> dict[str, Any]:
    """``REVIEWENGINE_WEB__THREADS=8`` as ``{"web": {"threads": "8"}}``; the short names lie at the top."""
    values: dict[str, Any] = {}
    # Shorter names first: a section that is given whole stands before its single values are looked at.
    for name, raw in sorted(found.items()):
        path = [SHORT_NAMES[name]] if name in SHORT_NAMES else name.removeprefix(PREFIX).lower().split("__")
        place = values
        for part in path[:-1]:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise ImproperlyConfigured(
                    f"{name}: '{part}' is a section, but another variable gives it a single value. Unset that one."
                )
        place[path[-1]] = _parsed(name, raw)
    return values


def name_of(location: tuple[int | str, ...]) -> str:
    """The variable that sets the value at ``location``."""
    names = [part.replace("-", "_") for part in location if isinstance(part, str)]
    short = {field: name for name, field in SHORT_NAMES.items()}.get("__".join(names))
    return short or PREFIX + "__".join(names).upper()


def _is_ours(name: str) -> bool:
    return name.startswith(PREFIX) or name in SHORT_NAMES or name.removesuffix(FILE_SUFFIX) in SHORT_NAMES


def _content(name: str, path: str) -> str:
    """What the file holds, without the line end that editors put there; an unreadable or empty one is a fault."""
    try:
        content = Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        fault = f"cannot read {path} ({error.strerror})"
    except UnicodeDecodeError:
        fault = f"{path} is not UTF-8 text"
    else:
        if content:
            return content
        fault = f"{path} is empty"
    raise ImproperlyConfigured(f"{name}: {fault}. Point it to a readable file that holds the value, or unset it.")


def _parsed(name: str, raw: str) -> Any:
    """Lists and mappings are written as YAML or JSON; all else stays text until its type is known.

    A password of digits must not become a number on the way.
    """
    if raw[0] not in "[{":
        return raw
    try:
        return yaml.safe_load(raw)
    except yaml.YAMLError as error:
        raise ImproperlyConfigured(
            f'{name} begins like a list or a mapping, but is not valid YAML. Write it like ["a", "b"] or {{a: 1}}.'
        ) from error
