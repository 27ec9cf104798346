"""Logging: one line an event, for a person or as Elastic Common Schema JSON. Never content text."""

import logging.config
from typing import Any

FORMATTERS: dict[str, dict[str, Any]] = {
    "console": {"format": "%(asctime)s %(levelname)-7s %(name)s %(message)s"},
    "json": {"()": "ecs_logging.StdlibFormatter"},
}


def configure(options: dict[str, str]) -> None:
    """Sets up logging for this process. ``options``: ``format`` (console or json) and ``level``."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": FORMATTERS,
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": options["format"]}},
            "root": {"handlers": ["stderr"], "level": options["level"]},
        }
    )
