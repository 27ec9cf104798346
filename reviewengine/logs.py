"""Logging: one line an event, for a person or as Elastic Common Schema JSON. Never content text.

The words of an exception may quote what somebody wrote: a database names the failing row, a parser the input. So an
exception is logged with its type and its place in the code; its words only where they cannot quote anything, or where
``logging.error_messages`` asks for them.
"""

import json
import logging
import logging.config
import re
import traceback
from datetime import UTC, datetime
from typing import Any

import orjson
from celery import signals
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError
from redis.exceptions import RedisError

from reviewengine.request_ids import accept_request_id, accept_trace_id, request_id, trace_id

logger = logging.getLogger(__name__)

WITHHELD = "(words withheld: they may quote content; logging.error_messages shows them)"
# What their words say comes from the code, the network or the disk, not from a request.
SAFE_TO_QUOTE = (
    OSError, ImportError, AttributeError, NameError, TypeError, NotImplementedError, MemoryError, RecursionError,
    ImproperlyConfigured, OperationalError, InterfaceError, RedisError,
)  # fmt: skip
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
TALKATIVE = ("gunicorn.access", "celery.beat", "celery.worker.strategy", "celery.app.trace", "axes")
# Whoever serves HTTP writes the address of a request that cannot be served, and Google's clients put their key there.
SERVERS = ("gunicorn", "django")
KEY_IN_ADDRESS = re.compile(r"([?&](?:key|access_token)=)[^&\s'\"]+|\b(re_[0-9a-f]{8}_)[\w-]{20,}")
ECS_VERSION = "8.11.0"
ECS_NAMES = ("http.", "url.", "event.", "trace.")


class ContextFilter(logging.Filter):
    """Names the request in every record; takes out what Celery and the web server put into theirs: words and keys."""

    def __init__(self, *, quote_errors: bool) -> None:
        super().__init__()
        self.quote_errors = quote_errors

    def filter(self, record: logging.LogRecord) -> bool:
        if identifier := request_id.get():
            record.__dict__["http.request.id"] = identifier
        if trace := trace_id.get():
            record.__dict__["trace.id"] = trace
        # Django hands the whole request to its error records, Celery the task's arguments and the exception's words.
        record.__dict__.pop("request", None)
        record.__dict__.pop("data", None)
        if not self.quote_errors and isinstance(record.args, dict) and "exc" in record.args:
            record.args = {**record.args, "exc": "see below" if record.exc_info else WITHHELD}
        if record.name.startswith(SERVERS):
            record.msg, record.args = KEY_IN_ADDRESS.sub(r"\1\2(withheld)", record.getMessage()), None
        return True


class _Formatter(logging.Formatter):
    """What both formats share: how an exception is written."""

    quote_errors = False

    def formatException(self, ei: Any) -> str:
        return "\n".join(_chain(ei[1], self.quote_errors))


class ConsoleFormatter(_Formatter):
    """For people: the message, then whatever fields came with it."""

    def __init__(self, *, quote_errors: bool) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s %(message)s")
        self.quote_errors = quote_errors

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler's formatter may have written the exception there, in full
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:
        own = [name for name in record.__dict__ if name not in STANDARD and not name.startswith(ECS_NAMES)]
        fields = [f"{name}={record.__dict__[name]}" for name in own]
        if identifier := record.__dict__.get("http.request.id"):
            fields.append(f"request={identifier}")
        return " ".join([super().formatMessage(record), *fields])


class EcsFormatter(_Formatter):
    """For machines: one JSON object a line, in the Elastic Common Schema with dotted names.

    Our own fields become labels: at the top they would take the names of the schema's own objects. (The ecs-logging
    package takes 60 us for what takes 15 here, and there is one such line a request.)
    """

    def __init__(self, *, quote_errors: bool) -> None:
        super().__init__()
        self.quote_errors = quote_errors

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields: dict[str, Any] = {
            "@timestamp": moment.replace("+00:00", "Z"),
            "log.level": record.levelname.lower(),
            "message": record.getMessage(),
            "ecs.version": ECS_VERSION,
            "service.name": "reviewengine",
            "log.logger": record.name,
            "process.pid": record.process,
        }
        own: dict[str, Any] = {}
        for name in record.__dict__.keys() - STANDARD:
            (fields if name.startswith(ECS_NAMES) else own)[name] = record.__dict__[name]
        if own:
            fields["labels"] = {name: str(value) for name, value in own.items()}
        if isinstance(record.exc_info, tuple) and record.exc_info[1] is not None:
            fields |= self._error_fields(record.exc_info[1])
        return _json(fields)

    def _error_fields(self, error: BaseException) -> dict[str, str]:
        return {
            "error.type": type(error).__name__,
            "error.message": _words(error, self.quote_errors),
            "error.stack_trace": "\n".join(_chain(error, self.quote_errors)),
        }


def _json(fields: dict[str, Any]) -> str:
    try:
        return orjson.dumps(fields, default=str).decode()
    except orjson.JSONEncodeError:  # half a surrogate pair in an address, say
        return json.dumps(fields, default=str)


def _words(error: BaseException, quote_errors: bool) -> str:
    if quote_errors:
        return str(error)
    # The lines after a database's first sentence quote the statement and the row.
    return str(error).partition("\n")[0] if isinstance(error, SAFE_TO_QUOTE) else WITHHELD


def _chain(error: BaseException | None, quote_errors: bool) -> list[str]:
    """The traceback with what led to it, oldest first, as Python writes it."""
    lines: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = "".join(traceback.format_tb(error.__traceback__)).rstrip()
        name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
        lines = ["Traceback (most recent call last):", frames, f"{name}: {_words(error, quote_errors)}", *lines]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return lines


def dict_config(options: dict[str, Any]) -> dict[str, Any]:
    """The set-up as ``logging.config`` takes it; gunicorn is given it as ``logconfig_dict``.

    ``options``: ``format`` (console or json), ``level`` and ``error_messages``.
    """
    quote = {"quote_errors": bool(options.get("error_messages"))}
    formatter = {"console": ConsoleFormatter, "json": EcsFormatter}[options["format"]]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"context": {"()": ContextFilter, **quote}},
        "formatters": {"chosen": {"()": formatter, **quote}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "chosen", "filters": ["context"]}},
        "root": {"handlers": ["stderr"], "level": options["level"]},
        "loggers": {
            "gunicorn.error": {"propagate": True},
            # What others say at INFO of every request, task and tick; ours are the lines of requests and the events.
            **{name: {"level": "WARNING", "propagate": True} for name in TALKATIVE},
        },
    }


def configure(options: dict[str, Any]) -> None:
    """Sets up logging for this process. Celery's own set-up is told that there is nothing left to do."""
    logging.config.dictConfig(dict_config(options))
    signals.setup_logging.connect(_already_done, weak=False, dispatch_uid="reviewengine.logs")
    signals.task_prerun.connect(_name_task, weak=False, dispatch_uid="reviewengine.logs")


def _already_done(**_: Any) -> None:
    """Celery leaves logging alone when anybody answers this."""


def _name_task(task_id: str, task: Any = None, **_: Any) -> None:
    """A task's log lines carry its id where a request's carry the request's, and the trace of what woke it."""
    request_id.set(task_id)
    woken_by = getattr(getattr(task, "request", None), "woken_by", None)
    context = woken_by if isinstance(woken_by, dict) else {}
    trace_id.set(accept_trace_id(context.get("traceparent")))
    if waker := context.get("request_id"):
        logger.info("task.woken", extra={"woken_by": accept_request_id(waker)})
