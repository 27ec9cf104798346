"""System checks: each names a fault of the installation and its mend.

``manage.py check`` looks at this machine; with ``--database default`` it asks PostgreSQL and Redis too.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import Error as DatabaseError
from django.db import connections
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from reviewengine import conf

OLDEST_POSTGRES = 15


@register()
def check_home(**_: Any) -> list[CheckMessage]:
    """Secrets, backups and, embedded, the database itself are written under the home."""
    home = conf.load().home
    nearest = next(folder for folder in [home, *home.parents] if folder.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return []
    hint = "Set REVIEWENGINE_HOME to a folder that this user may write, or change the owner of this one."
    return [Error(f"The data folder {home} cannot be written by this user.", hint=hint, id="reviewengine.E001")]


@register()
def check_media_folder(**_: Any) -> list[CheckMessage]:
    """Images are written here by web processes and workers; in a bucket, the first image tells."""
    config = conf.load()
    if config.images.storage.kind != "local":
        return []
    folder = config.home / config.images.storage.path
    nearest = next(place for place in [folder, *folder.parents] if place.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return []
    hint = "Change the owner of it, or name another folder in images.storage.path (REVIEWENGINE_IMAGES__STORAGE__PATH)."
    return [Error(f"The folder of images {folder} cannot be written by this user.", hint=hint, id="reviewengine.E010")]


@register()
def check_times(**_: Any) -> list[CheckMessage]:
    if settings.USE_TZ and settings.TIME_ZONE == "UTC":
        return []
    hint = "Remove the change of USE_TZ or TIME_ZONE: schedules, ages and the API count on UTC."
    return [Error("Times are not kept in UTC.", hint=hint, id="reviewengine.E002")]


@register()
def check_static_files(**_: Any) -> list[CheckMessage]:
    if finders.find("admin/css/base.css"):
        return []
    hint = "Install the requirements again: the console's style sheets come with Django."
    return [Error("The console's static files are not found.", hint=hint, id="reviewengine.E003")]


@register()
def check_metrics_folder(**_: Any) -> list[CheckMessage]:
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if not folder or os.access(Path(folder), os.W_OK | os.X_OK):
        return []
    hint = "Point PROMETHEUS_MULTIPROC_DIR to a folder that all processes of this machine may write, or unset it."
    return [Error(f"The metrics folder {folder} cannot be written.", hint=hint, id="reviewengine.E004")]


@register(Tags.security, deploy=True)
def check_tls(**_: Any) -> list[CheckMessage]:
    if conf.load().behind_tls:
        return []
    hint = "Set REVIEWENGINE_BEHIND_TLS=true where TLS ends at a proxy that sets X-Forwarded-Proto."
    return [Warning("Cookies and API keys may travel unencrypted.", hint=hint, id="reviewengine.W005")]


@register()
def check_proxy(**_: Any) -> list[CheckMessage]:
    """Strangers are to meet a proxy that holds a request back until it is whole: a web process has a few threads."""
    config = conf.load()
    if config.web.bind in conf.LOOPBACK or config.web.trusted_proxies or config.behind_tls:
        return []
    message = (
        f"web.bind is {config.web.bind}, open to other machines, and no proxy stands in front as far as is known: "
        "who sends slowly holds one of the few threads of a web process."
    )
    hint = "Put a buffering reverse proxy (nginx is one) in front, and name its network in web.trusted_proxies."
    return [Warning(message, hint=hint, id="reviewengine.W011")]


@register(Tags.database)
def check_database(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Whether PostgreSQL answers, and is one that the product runs on."""
    if "default" not in (databases or []):
        return []
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
            version = cursor.fetchone()[0]
    except DatabaseError as error:
        reason = str(error).strip().partition("\n")[0]
        hint = "Start it ('make run' starts the embedded one), or mend DATABASE_URL."
        return [Error(f"PostgreSQL cannot be reached: {reason}", hint=hint, id="reviewengine.E006")]
    if version < OLDEST_POSTGRES:
        hint = f"Run PostgreSQL {OLDEST_POSTGRES} or newer; backups need 17 to be incremental."
        return [Error(f"PostgreSQL {version} is too old.", hint=hint, id="reviewengine.E007")]
    return []


@register(Tags.database)
def check_redis(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Whether Redis answers, and keeps what it is given."""
    if "default" not in (databases or []):
        return []
    try:
        policy = get_redis_connection("default").info("memory").get("maxmemory_policy", "noeviction")
    except RedisError as error:
        hint = "Start it ('make run' starts the embedded one), or mend REDIS_URL."
        return [Error(f"Redis cannot be reached: {error}", hint=hint, id="reviewengine.E008")]
    if policy != "noeviction":
        hint = "Set maxmemory-policy to noeviction: one that is full must refuse, not forget."
        return [Warning(f"Redis may drop messages and rate limits ({policy}).", hint=hint, id="reviewengine.W009")]
    return []


@register(Tags.database)
def check_access_groups(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Whether the groups that the configuration names are groups of the console."""
    if "default" not in (databases or []):
        return []
    from django.contrib.auth.models import Group

    access = conf.load().access
    named = {*access.second_factor_groups, *(group for groups in access.oidc.groups.values() for group in groups)}
    try:
        missing = sorted(named - set(Group.objects.filter(name__in=named).values_list("name", flat=True)))
    except DatabaseError:
        return []  # without the database, or before the migrations, another check has said more
    hint = "Mend access.second_factor_groups or access.oidc.groups, or make the groups in the console."
    message = f"The configuration names groups that do not exist: {', '.join(missing)}."
    return [Warning(message, hint=hint, id="reviewengine.W012")] if missing else []
