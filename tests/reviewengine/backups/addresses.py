"""Addresses of databases, for processes that a test starts."""

import os
from urllib.parse import urlsplit


def url_of(database: str) -> str:
    """DATABASE_URL of the test run, with another database."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
